//! The watch: one namespace or all, into the cache, as light as it can be. Knows nothing of jobs.

use std::future::ready;
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::Stream;
use kube::core::DeserializeGuard;
use kube::runtime::reflector::{self, ObjectRef, Store};
use kube::runtime::watcher::{self, Event};
use kube::runtime::{Controller, WatchStreamExt, controller};
use kube::{Api, Client, ResourceExt};

use super::context::Context;
use super::reconcile::{after_error, reconcile};
use crate::api::BatchJob;
use crate::key::Key;

/// An object as the cache holds it: one that cannot be decoded must not stop the others.
pub type Guarded = DeserializeGuard<BatchJob>;

/// One watch and its cache.
pub struct Scope {
    /// The namespace; `None`: all.
    pub namespace: Option<String>,
    /// The cache.
    pub store: Store<Guarded>,
    writer: reflector::store::Writer<Guarded>,
}

impl Scope {
    /// An empty cache for `namespace`.
    pub fn new(namespace: Option<String>) -> Self {
        let (store, writer) = reflector::store();
        Self {
            namespace,
            store,
            writer,
        }
    }

    /// Watches and reconciles until `stop` resolves and what is in flight has ended.
    pub async fn run(
        self,
        client: Client,
        ctx: Arc<Context>,
        wakes: impl Stream<Item = Key> + Send + 'static,
        concurrency: u16,
        stop: impl Future<Output = ()> + Send + Sync + 'static,
    ) {
        let api: Api<Guarded> = match &self.namespace {
            Some(namespace) => Api::namespaced(client, namespace),
            None => Api::all(client),
        };
        let watcher_ctx = ctx.clone();
        let objects = watcher::watcher(api, watcher::Config::default().any_semantic())
            .default_backoff()
            .inspect(move |event| took_in(&watcher_ctx, event))
            .modify(|object| *object.managed_fields_mut() = Vec::new())
            .reflect(self.writer)
            .applied_objects();
        let wakes = wakes.map(|key| ObjectRef::new(&key.name).within(&key.namespace));
        Controller::for_stream(objects, self.store)
            .with_config(controller::Config::default().concurrency(concurrency))
            .reconcile_on(wakes)
            .graceful_shutdown_on(stop)
            .run(reconcile, after_error, ctx)
            .for_each(|_| ready(()))
            .await;
    }
}

/// An object that is gone is forgotten; a watch that fails says so.
fn took_in(ctx: &Context, event: &Result<Event<Guarded>, watcher::Error>) {
    match event {
        Ok(Event::Delete(object)) => {
            let key = Key {
                namespace: object.namespace().unwrap_or_default(),
                name: object.name_any(),
                uid: object.uid().unwrap_or_default(),
            };
            ctx.memory.forget(&key.uid);
            ctx.target.pace.leave(&key);
            ctx.target.poller.forget(&key);
        }
        Ok(_) => {}
        Err(error) => ctx.reporter.watch_failed(error),
    }
}
