//! Puts the parts together, and takes them apart again in time.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::{self, BoxStream};
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, Client};
use tokio::sync::{mpsc, watch};

use super::compose::{Assembly, Bounds, Parts};
use super::context::Context;
use super::inspect::Inspector;
use super::place::Place;
use super::state::State;
use super::terms::serve;
use super::wake::Wake;
use super::watch::Scope;
use crate::app::config::Config;
use crate::causes::causes;
use crate::key::Key;
use crate::leader;
use crate::plan::Settings;
use crate::text::one_line;
use crate::tracker::Listing;

/// How long one attempt to read the cluster's identity may take, and the pause before the next.
const IDENTITY_DEADLINE: Duration = Duration::from_secs(5);

/// Everything that runs, made and not yet started.
pub struct Controller {
    assembly: Assembly,
    scopes: Vec<Scope>,
    client: Client,
    place: Place,
    cluster_id: Option<String>,
    lease: Option<leader::Settings>,
    /// The planner's, but for cluster and Region.
    settings: Settings,
    state: Arc<State>,
    inspector: Inspector,
}

impl Controller {
    /// Makes the parts. Must be called inside the runtime.
    pub fn new(parts: Parts, config: Config) -> Self {
        let settings = config.planner(String::new(), String::new());
        // Destructured without `..`, so that a member that nobody reads does not compile.
        let Config {
            namespaces,
            lease,
            cluster_id,
            submit_rate,
            min_poll_interval,
            attempt_timeout,
            concurrency,
            holder: _,
            visibility_window: _,
            signature_life: _,
            default_deletion_policy: _,
            adoption: _,
            // The program's, which makes the parts.
            http_addr: _,
            debug_addr: _,
            expect_account: _,
            allow_insecure_endpoint: _,
            identity: _,
            read_rate: _,
            event_rate: _,
        } = config;
        let bounds = Bounds {
            submit_rate,
            min_poll_interval,
            send_within: attempt_timeout,
            concurrency,
            listing: Listing::USUAL,
        };
        let scopes = scopes(&namespaces);
        let (client, place) = (parts.client.clone(), parts.place.clone());
        let assembly = Assembly::new(parts, bounds, scopes.iter().map(Scope::cache).collect());
        let (state, inspector) = (assembly.state.clone(), Inspector::default());
        Self { assembly, scopes, client, place, cluster_id, lease, settings, state, inspector }
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
            () = self.place.settled() => {}
            () = stopped(stop.clone()) => return,
        }
        let (wake, wakes) = Wake::new();
        let settings = Settings { cluster_id, region: self.place.here().region, ..self.settings };
        let ctx = self.assembly.context(settings, wake);
        self.inspector.begin(&ctx);
        let begun = watch::Sender::new(());
        let beginnings: Vec<_> = self.scopes.iter().map(|_| beginnings(&begun)).collect();
        let terms = serve(ctx.clone(), begin(ctx.clone(), self.lease, begun));
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
        if let Some(id) = &self.cluster_id {
            return Some(id.clone());
        }
        let api: Api<Namespace> = Api::all(self.client.clone());
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

/// A watch for each namespace, or one for all.
fn scopes(namespaces: &[String]) -> Vec<Scope> {
    let namespaces: Vec<_> = match namespaces {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    namespaces.into_iter().enumerate().map(|(number, namespace)| Scope::new(number, namespace)).collect()
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
