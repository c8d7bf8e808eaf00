//! Puts the parts together, and takes them apart again in time.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::{self, BoxStream};
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, Client};
use tokio::sync::{mpsc, watch};

use super::bypassed::Bypassed;
use super::context::{Context, Target};
use super::dependencies::Dependencies;
use super::inspect::Inspector;
use super::memory::Memory;
use super::place::Place;
use super::report::Reporter;
use super::state::State;
use super::terms::serve;
use super::wake::Wake;
use super::watch::Scope;
use super::writes::Writes;
use crate::app::config::Config;
use crate::aws::{Batch, Ender, Permit};
use crate::causes::causes;
use crate::clock::Clock;
use crate::key::Key;
use crate::leader::{self, Leadership};
use crate::plan::Settings;
use crate::queue::SubmissionQueue;
use crate::telemetry::Metrics;
use crate::text::one_line;
use crate::tracker::{Lookups, Queues, Tracker};

/// How long one attempt to read the cluster's identity may take, and the pause before the next.
const IDENTITY_DEADLINE: Duration = Duration::from_secs(5);

/// What the controller is given from outside.
pub struct Parts {
    pub client: Client,
    pub batch: Arc<dyn Batch>,
    pub permit: Permit,
    /// Whether we may act.
    pub leadership: Leadership,
    /// The AWS account and Region.
    pub place: Place,
    /// Where things are counted.
    pub metrics: Arc<Metrics>,
}

/// Everything that runs, made and not yet started.
pub struct Controller {
    parts: Parts,
    config: Config,
    scopes: Vec<Scope>,
    target: Target,
    state: Arc<State>,
    inspector: Inspector,
}

impl Controller {
    /// Makes the parts. Must be called inside the runtime.
    pub fn new(parts: Parts, config: Config) -> Self {
        let namespaces: Vec<_> = match config.namespaces.as_slice() {
            [] => vec![None],
            names => names.iter().cloned().map(Some).collect(),
        };
        let scopes: Vec<_> = namespaces
            .into_iter()
            .enumerate()
            .map(|(number, namespace)| Scope::new(number, namespace))
            .collect();
        let target = Target {
            place: parts.place.clone(),
            batch: parts.batch.clone(),
            permit: parts.permit.clone(),
            queue: SubmissionQueue::new(config.submit_rate),
            tracker: Tracker::new(config.min_poll_interval),
            lookups: Lookups::default(),
            queues: Queues::default(),
            ender: Ender::start(parts.batch.clone()),
        };
        let state = Arc::new(State::new(
            parts.metrics.clone(),
            target.tracker.clone(),
            parts.leadership.clone(),
            scopes.len(),
        ));
        Self { parts, config, scopes, target, state, inspector: Inspector::default() }
    }

    /// What health and metrics are read from.
    pub fn state(&self) -> Arc<State> {
        self.state.clone()
    }

    /// What a person may ask about one object.
    pub fn inspector(&self) -> Inspector {
        self.inspector.clone()
    }

    /// Runs until `stop` turns true and what is in flight has ended.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let Some(cluster_id) = self.cluster_id(&mut stop).await else {
            return;
        };
        tokio::select! {
            () = self.parts.place.settled() => {}
            () = stopped(stop.clone()) => return,
        }
        let clock = Clock::system();
        let (wake, wakes) = Wake::new();
        let ctx = Arc::new(Context {
            clock: clock.clone(),
            settings: Settings {
                holder: self.config.holder.clone(),
                cluster_id,
                region: self.parts.place.here().region,
                visibility_window: self.config.visibility_window,
                signature_life: self.config.signature_life,
                default_deletion_policy: self.config.default_deletion_policy,
                adoption: self.config.adoption,
            },
            send_within: self.config.attempt_timeout,
            memory: Memory::default(),
            reporter: Reporter::start(
                self.parts.client.clone(),
                &self.config.identity,
                self.parts.metrics.clone(),
            ),
            client: self.parts.client.clone(),
            leadership: self.parts.leadership.clone(),
            target: self.target,
            writes: Writes::new(self.config.concurrency, wake.clone()),
            wake,
            dependencies: Dependencies::new(self.scopes.iter().map(Scope::cache).collect()),
            bypassed: Bypassed::default(),
            state: self.state,
            concurrency: self.config.concurrency,
        });
        self.inspector.begin(&ctx);
        let begun = watch::Sender::new(());
        let beginnings: Vec<_> = self.scopes.iter().map(|_| beginnings(&begun)).collect();
        let terms = serve(ctx.clone(), begin(ctx.clone(), self.config.lease, begun));
        let wakes = by_scope(wakes, &self.scopes);
        let scopes = self
            .scopes
            .into_iter()
            .zip(wakes.into_iter().zip(beginnings))
            .map(|(scope, (wakes, terms))| scope.run(ctx.clone(), wakes, terms, stopped(stop.clone())));
        tokio::select! {
            _ = join_all(scopes) => {}
            () = terms => {}
        }
    }

    /// The cluster tag: as set, or the UID of kube-system. Tries until the API server tells.
    async fn cluster_id(&self, stop: &mut watch::Receiver<bool>) -> Option<String> {
        if let Some(id) = &self.config.cluster_id {
            return Some(id.clone());
        }
        let api: Api<Namespace> = Api::all(self.parts.client.clone());
        loop {
            let why = match tokio::time::timeout(IDENTITY_DEADLINE, api.get("kube-system")).await {
                Ok(Ok(namespace)) => match namespace.metadata.uid {
                    Some(uid) => return Some(uid),
                    None => "it has no UID".to_owned(),
                },
                Ok(Err(error)) => causes(&error),
                Err(_) => "the API server did not answer in time".to_owned(),
            };
            let why = format!(
                "cannot read the namespace kube-system, whose UID names this cluster ({why}); allow get on it, or set --cluster-id"
            );
            self.state.trouble(one_line(&why, 1_000));
            tokio::select! {
                () = tokio::time::sleep(IDENTITY_DEADLINE) => {}
                () = stopped(stop.clone()) => return None,
            }
        }
    }
}

/// What the beginning of a term sets off: the Lease's Events say who leads, and every object is looked at.
fn begin(ctx: Arc<Context>, lease: Option<leader::Settings>, begun: watch::Sender<()>) -> impl Fn() {
    move || {
        begun.send_replace(());
        if let Some(lease) = &lease {
            ctx.reporter.leads(lease.namespace(&ctx.client), lease.name.clone(), &lease.identity);
        }
    }
}

/// The beginnings of terms, from now on.
fn beginnings(begun: &watch::Sender<()>) -> BoxStream<'static, ()> {
    let begun = begun.subscribe();
    stream::unfold(begun, |mut begun| async { begun.changed().await.ok().map(|()| ((), begun)) }).boxed()
}

/// Hands each wake to the watch whose cache holds the object.
fn by_scope(mut wakes: mpsc::UnboundedReceiver<Key>, scopes: &[Scope]) -> Vec<BoxStream<'static, Key>> {
    let (senders, streams): (Vec<_>, Vec<_>) = scopes
        .iter()
        .map(|scope| {
            let (sender, receiver) = mpsc::unbounded_channel();
            let stream =
                stream::unfold(receiver, |mut keys| async { keys.recv().await.map(|key| (key, keys)) });
            ((scope.namespace.clone(), sender), stream.boxed())
        })
        .unzip();
    tokio::spawn(async move {
        while let Some(key) = wakes.recv().await {
            let watches = |(namespace, _): &&(Option<String>, _)| {
                namespace.as_ref().is_none_or(|n| *n == key.namespace)
            };
            if let Some((_, sender)) = senders.iter().find(watches) {
                // The watch ends only with the process.
                let _ = sender.send(key);
            }
        }
    });
    streams
}

/// Resolves when the program is to stop.
async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone: the program stops.
    let _ = stop.wait_for(|stop| *stop).await;
}
