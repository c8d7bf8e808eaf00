//! What every pass is given, over the API server and the AWS Batch of these tests; the test itself is the watch.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::api::{Adoption, DeletionPolicy};
use aws_batch_operator::aws::{Ender, Permit};
use aws_batch_operator::clock::Clock;
use aws_batch_operator::controller::{
    Bypassed, Context, Dependencies, Guarded, Intake, Memory, Place, Reporter, State, Target, Wake, Writes,
    serve,
};
use aws_batch_operator::leader::Leadership;
use aws_batch_operator::plan::Settings;
use aws_batch_operator::queue::SubmissionQueue;
use aws_batch_operator::telemetry::Metrics;
use aws_batch_operator::tracker::{Lookups, Queues, Tracker};
use jiff::SignedDuration;
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{self, Store};
use kube::runtime::watcher::Event;

use super::cloud::Cloud;
use super::server::ApiServer;
use crate::port::Port;

/// The cache, who takes the events of its watch, and all that passes need.
pub struct Desk {
    pub ctx: Arc<Context>,
    pub cache: Writer<Guarded>,
    pub intake: Intake,
}

impl Desk {
    /// A desk whose background work runs.
    pub fn new(server: &Arc<ApiServer>, cloud: &Arc<Port<Cloud>>) -> Self {
        let (store, cache) = reflector::store();
        let ctx = Arc::new(context(server, cloud, store));
        tokio::spawn(serve(ctx.clone(), || {}));
        let intake = Intake::new(ctx.clone(), 0, None);
        Self { ctx, cache, intake }
    }

    /// The watch shows the event: first to the cache, then to whoever judges it.
    pub fn show(&mut self, event: Event<Guarded>) {
        self.cache.apply_watcher_event(&event);
        self.intake.take(&Ok(event));
    }
}

fn context(server: &Arc<ApiServer>, cloud: &Arc<Port<Cloud>>, store: Store<Guarded>) -> Context {
    let (wake, _) = Wake::new();
    let (client, metrics) = (server.client(), Arc::new(Metrics::default()));
    let (tracker, leadership) = (Tracker::new(Duration::from_secs(2)), Leadership::always());
    let place = Place::new("us-east-1".to_owned());
    Context {
        settings: Settings {
            holder: "operator".to_owned(),
            cluster_id: "cluster-1".to_owned(),
            region: place.here().region,
            visibility_window: SignedDuration::from_mins(1),
            signature_life: SignedDuration::from_mins(6),
            default_deletion_policy: DeletionPolicy::Terminate,
            adoption: Adoption::Granted,
        },
        clock: Clock::system(),
        send_within: Duration::from_secs(10),
        memory: Memory::default(),
        reporter: Reporter::start(client.clone(), "operator", metrics.clone()),
        client,
        state: Arc::new(State::new(metrics, tracker.clone(), leadership.clone(), 1)),
        leadership,
        target: Target {
            place,
            batch: cloud.clone(),
            permit: Permit::always(Clock::system()),
            queue: SubmissionQueue::new(40),
            tracker,
            lookups: Lookups::default(),
            queues: Queues::default(),
            ender: Ender::start(cloud.clone()),
        },
        writes: Writes::new(64, wake.clone()),
        wake,
        dependencies: Dependencies::new(vec![(None, store)]),
        bypassed: Bypassed::default(),
        concurrency: 8,
    }
}
