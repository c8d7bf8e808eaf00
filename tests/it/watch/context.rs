//! What every pass is given, over the API server and the AWS Batch of these tests; the test itself is the watch.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::api::{Adoption, DeletionPolicy};
use aws_batch_operator::aws::Permit;
use aws_batch_operator::clock::Clock;
use aws_batch_operator::controller::{
    Assembly, Bounds, Cached, Context, Intake, Parts, Place, Reporter, Wake, serve,
};
use aws_batch_operator::leader::Leadership;
use aws_batch_operator::plan::Settings;
use aws_batch_operator::telemetry::Metrics;
use aws_batch_operator::tracker::Listing;
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
    pub cache: Writer<Cached>,
    pub intake: Intake,
}

impl Desk {
    /// A desk whose background work runs.
    pub fn new(server: &Arc<ApiServer>, cloud: &Arc<Port<Cloud>>) -> Self {
        let (store, cache) = reflector::store();
        let ctx = context(server, cloud, store);
        tokio::spawn(serve(ctx.clone(), || {}));
        let intake = Intake::new(ctx.clone(), 0, None);
        Self { ctx, cache, intake }
    }

    /// The watch shows the event: first to the cache, then to whoever judges it.
    pub fn show(&mut self, event: Event<Cached>) {
        self.cache.apply_watcher_event(&event);
        self.intake.take(&Ok(event));
    }
}

/// What the operator is given of the API server and the AWS Batch of these tests.
pub fn parts(server: &Arc<ApiServer>, cloud: &Arc<Port<Cloud>>) -> Parts {
    let (client, metrics) = (server.client(), Arc::new(Metrics::default()));
    let place = Place::new("us-east-1".to_owned());
    place.is_in("123456789012".to_owned());
    Parts {
        clock: Clock::system(),
        reporter: Reporter::start(client.clone(), "operator", metrics.clone(), 10),
        client,
        batch: cloud.clone(),
        permit: Permit::always(Clock::system()),
        leadership: Leadership::always(),
        place,
        metrics,
    }
}

fn context(server: &Arc<ApiServer>, cloud: &Arc<Port<Cloud>>, store: Store<Cached>) -> Arc<Context> {
    let bounds = Bounds {
        submit_rate: 40,
        min_poll_interval: Duration::from_secs(2),
        send_within: Duration::from_secs(10),
        concurrency: 64,
        listing: Listing::USUAL,
    };
    let settings = Settings {
        holder: "operator".to_owned(),
        cluster_id: "cluster-1".to_owned(),
        region: "us-east-1".to_owned(),
        visibility_window: SignedDuration::from_mins(1),
        signature_life: SignedDuration::from_mins(6),
        default_deletion_policy: DeletionPolicy::Terminate,
        adoption: Adoption::Granted,
    };
    Assembly::new(parts(server, cloud), bounds, vec![(None, store)]).context(settings, Wake::new().0)
}
