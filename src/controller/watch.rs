//! The watch of one namespace or of all, into a cache of trimmed objects. Knows nothing of jobs.

use std::collections::HashSet;
use std::future::ready;
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::Stream;
use kube::Api;
use kube::runtime::reflector::{self, ObjectRef, Store};
use kube::runtime::watcher::{self, Event};
use kube::runtime::{Controller, WatchStreamExt, controller};

use super::cached::Cached;
use super::context::Context;
use super::pages;
use super::reconcile::{after_error, reconcile};
use super::report::Reporter;
use super::span::span;
use crate::key::Key;
use crate::plan::was_bypassed;

/// One watch and its cache.
pub struct Scope {
    /// The number of this watch in the process.
    number: usize,
    /// The namespace; `None`: all.
    pub namespace: Option<String>,
    store: Store<Cached>,
    writer: reflector::store::Writer<Cached>,
}

impl Scope {
    /// An empty cache for `namespace`.
    pub fn new(number: usize, namespace: Option<String>) -> Self {
        let (store, writer) = reflector::store();
        Self { number, namespace, store, writer }
    }

    /// The namespace and its cache.
    pub fn cache(&self) -> (Option<String>, Store<Cached>) {
        (self.namespace.clone(), self.store.clone())
    }

    /// Watches and reconciles until `stop` resolves and all running reconciles have ended.
    pub async fn run(
        self,
        ctx: Arc<Context>,
        wakes: impl Stream<Item = Key> + Send + 'static,
        terms: impl Stream<Item = ()> + Send + 'static,
        stop: impl Future<Output = ()> + Send + Sync + 'static,
    ) {
        let client = pages::client(ctx.client.clone());
        let api: Api<Cached> = match &self.namespace {
            Some(namespace) => Api::namespaced(client, namespace),
            None => Api::all(client),
        };
        let (number, namespace) = (self.number, self.namespace);
        let (reporter, wake, store) = (ctx.reporter.clone(), ctx.wake.clone(), self.store.clone());
        let mut intake = Intake::new(ctx.clone(), number, namespace);
        // A list from the API server's own cache (`resourceVersion=0`) would ignore the page size.
        let in_pages = watcher::Config::default().page_size(pages::FIRST.into());
        let objects = watcher::watcher(api, in_pages)
            .default_backoff()
            .reflect(self.writer)
            .inspect(move |event| {
                intake.take(event);
                if matches!(event, Ok(Event::InitDone)) {
                    store.state().iter().for_each(|object| wake.wake(&Key::of(object.as_ref())));
                }
            })
            .filter_map(|event| ready(changed(event)));
        let wakes = wakes.map(|key| ObjectRef::new(&key.name).within(&key.namespace));
        Controller::for_stream(objects, self.store)
            .with_config(controller::Config::default().concurrency(ctx.concurrency))
            .reconcile_on(wakes)
            .reconcile_all_on(terms)
            .graceful_shutdown_on(stop)
            .run(reconcile, after_error, ctx)
            .for_each(|outcome| {
                // Other errors are reported elsewhere: a failed pass by `after_error`, a failed watch by the intake.
                if let Err(error @ controller::Error::RunnerError(_)) = outcome {
                    reporter.runtime_failed(&error);
                }
                ready(())
            })
            .await;
    }
}

/// The object to reconcile after an event. The objects of a list are left out: the cache shows them only after the last
/// page, and all objects are then woken.
fn changed(event: Result<Event<Cached>, watcher::Error>) -> Option<Result<Cached, watcher::Error>> {
    match event {
        Ok(Event::Apply(object)) => Some(Ok(object)),
        Ok(Event::Init | Event::InitApply(_) | Event::InitDone | Event::Delete(_)) => None,
        Err(error) => Some(Err(error)),
    }
}

/// Applies the events of one watch to the memory of this process.
pub struct Intake {
    ctx: Arc<Context>,
    number: usize,
    namespace: Option<String>,
    listed: HashSet<Key>,
}

impl Intake {
    pub fn new(ctx: Arc<Context>, number: usize, namespace: Option<String>) -> Self {
        Self { ctx, number, namespace, listed: HashSet::new() }
    }

    /// Forgets removed objects, and reports a watch that fails.
    ///
    /// Readiness comes from these events: of two tasks that wait for a `Store` to be ready, kube-runtime 5.0 wakes one.
    pub fn take(&mut self, event: &Result<Event<Cached>, watcher::Error>) {
        match event {
            Ok(Event::Init) => self.listed.clear(),
            Ok(Event::InitApply(object)) => {
                self.listed.insert(Key::of(object));
                self.remember(object);
            }
            Ok(Event::InitDone) => {
                let listed = std::mem::take(&mut self.listed);
                self.ctx.memory.keep(self.namespace.as_deref(), &listed);
                self.ctx.memory.seen_anew(self.namespace.as_deref(), self.ctx.clock.read());
                self.ctx.target.tracker.keep(self.namespace.as_deref(), &listed);
                self.ctx.target.queues.keep(self.namespace.as_deref(), &listed);
                self.ctx.dependencies.listed(self.namespace.as_deref());
                self.ctx.state.synced(self.number);
            }
            Ok(Event::Apply(object)) => {
                self.remember(object);
                self.wake_children(&Key::of(object));
            }
            Ok(Event::Delete(object)) => {
                self.gone(object);
                self.wake_children(&Key::of(object));
            }
            Err(error) => {
                let why = self.ctx.reporter.watch_failed(error);
                if is_refusal(error) {
                    self.ctx.state.refused(why);
                } else {
                    self.ctx.state.trouble(why);
                }
            }
        }
    }

    fn remember(&self, object: &Cached) {
        if let Ok(batch_job) = object.object() {
            self.ctx.memory.shown(&Key::of(object), &batch_job, self.ctx.clock.read());
        }
    }

    fn gone(&self, object: &Cached) {
        let key = Key::of(object);
        match object.object() {
            Ok(gone) if was_bypassed(&gone, self.ctx.memory.may_have_a_job(&key)) => {
                span(&key).in_scope(Reporter::bypassed);
                self.ctx.bypassed.take(gone, self.ctx.clock.now());
            }
            _ => self.ctx.forget(&key),
        }
    }

    fn wake_children(&self, parent: &Key) {
        for child in self.ctx.dependencies.released(&parent.namespace, &parent.name) {
            self.ctx.wake.wake(&child);
        }
    }
}

/// Whether the API server refuses the watch until a person changes something.
fn is_refusal(error: &watcher::Error) -> bool {
    let (watcher::Error::InitialListFailed(error) | watcher::Error::WatchStartFailed(error)) = error else {
        return false;
    };
    matches!(error, kube::Error::Api(status) if matches!(status.code, 401 | 403 | 404))
}
