//! One replica: the operator's own parts, with the simulation's clock, watch and scheduler in place of the runtime's.

use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::api::{Adoption, DeletionPolicy};
use aws_batch_operator::aws::{Batch, Hooked, Paced, Permit};
use aws_batch_operator::clock::Clock;
use aws_batch_operator::controller::{
    Assembly, Bounds, Cached, Context, Intake, Parts, Place, Reporter, Wake, bring_forward, pause_after,
    serve,
};
use aws_batch_operator::key::Key;
use aws_batch_operator::leader::{self, Elector, Leadership};
use aws_batch_operator::plan::Settings;
use aws_batch_operator::telemetry::Metrics;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use jiff::SignedDuration;
use kube::runtime::reflector::store::Writer;
use kube::runtime::reflector::{self, ObjectRef, Store};
use kube::{Client, ResourceExt};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{Instant, sleep_until};

use super::api;
use super::conditions::Condition;
use super::feed::Feed;
use super::link::Link;
use super::mutation::Mutation;
use super::port::Port;
use super::rights;
use super::sdk;
use super::world::{WINDOW, World};

type Done = (String, Option<Duration>);

/// The replica's scheduler: when each object is due, by its name, as in the runtime. An object has one pass at a time.
struct Replica {
    ctx: Arc<Context>,
    writer: Writer<Cached>,
    store: Store<Cached>,
    intake: Intake,
    due: BTreeMap<String, Instant>,
    busy: BTreeSet<String>,
    running: FuturesUnordered<BoxFuture<'static, Done>>,
}

/// Runs one replica until it is killed.
pub async fn run(world: Arc<World>, link: Arc<Link>) {
    let (store, writer) = reflector::store();
    let (wake, wakes) = Wake::new();
    let (ctx, elector) = context(&world, &link, store.clone(), wake);
    let intake = Intake::new(ctx.clone(), 0, None);
    let replica = Replica {
        ctx: ctx.clone(),
        writer,
        store,
        intake,
        due: BTreeMap::new(),
        busy: BTreeSet::new(),
        running: FuturesUnordered::new(),
    };
    let (begun, terms) = mpsc::unbounded_channel();
    let terms_begin = move || begun.send(()).unwrap();
    let elects = async {
        if let Some(elector) = elector {
            elector.run(pending()).await;
        }
    };
    tokio::join!(
        biased;
        elects,
        serve(ctx, terms_begin),
        replica.work(Feed::new(world, link), (wakes, terms)),
    );
}

fn context(
    world: &Arc<World>,
    link: &Arc<Link>,
    store: Store<Cached>,
    wake: Wake,
) -> (Arc<Context>, Option<Elector>) {
    let clock = link.clock(world);
    let client = api::client(world, link);
    let (elector, leadership) = elect(world, link, &client, clock.clone());
    let leads = leadership.clone();
    let permit = Permit::new(clock.clone(), move || leads.holds());
    let account = world.aws().account.clone();
    let batch: Arc<dyn Batch> = if let Some(account) = account {
        Arc::new(Hooked::new(sdk::client(world, link, permit.clone(), account), Paced::new(20)))
    } else {
        Arc::new(Hooked::new(Port { world: world.clone(), link: link.clone() }, Paced::new(20)))
    };
    let metrics = Arc::new(Metrics::default());
    let (account, region) = rights::place(world, link.account);
    let place = Place::new(region.to_owned());
    if let Some(account) = account {
        place.is_in(account.to_owned());
    }
    let reporter = Reporter::start(client.clone(), &link.identity, metrics.clone(), 10);
    let parts = Parts { clock, client, batch, permit, leadership, place, reporter, metrics };
    let assembly = Assembly::new(parts, bounds(world), vec![(None, store)]);
    (assembly.context(settings(world, link, region), wake), elector)
}

fn bounds(world: &World) -> Bounds {
    // In a world of days, looks would be most of a run.
    let has_days = world.weather.conditions.has(Condition::Days);
    Bounds {
        submit_rate: 40,
        min_poll_interval: if has_days { Duration::from_mins(10) } else { Duration::from_secs(20) },
        send_within: Duration::from_secs(10),
        concurrency: 64,
        listing: world.weather.listing,
    }
}

fn settings(world: &World, link: &Link, region: &str) -> Settings {
    Settings {
        holder: format!("{}_{}", link.identity, world.elapsed().as_nanos()),
        cluster_id: "cluster".to_owned(),
        region: region.to_owned(),
        visibility_window: if world.mutation == Some(Mutation::NoWindow) {
            SignedDuration::ZERO
        } else {
            WINDOW
        },
        signature_life: SignedDuration::from_mins(6),
        default_deletion_policy: DeletionPolicy::Terminate,
        adoption: Adoption::Granted,
    }
}

/// Its elector, unless this world has no Lease and every replica believes that it leads. It runs ten times slower than
/// by default, because renewals would be most of a run. In a world of days it is slower still.
fn elect(world: &World, link: &Link, client: &Client, clock: Clock) -> (Option<Elector>, Leadership) {
    if !world.weather.has_lease {
        return (None, Leadership::always());
    }
    let slower = if world.weather.conditions.has(Condition::Days) { 5 } else { 1 };
    let settings = leader::Settings {
        namespace: Some("sim".to_owned()),
        name: "aws-batch-operator".to_owned(),
        identity: link.identity.clone(),
        lease_duration: Duration::from_secs(150) * slower,
        renew_deadline: Duration::from_secs(100) * slower,
        retry_period: Duration::from_secs(20) * slower,
    };
    let (elector, leadership) = Elector::new(client, clock, settings);
    (Some(elector), leadership)
}

impl Replica {
    async fn work(
        mut self,
        mut feed: Feed,
        (mut wakes, mut terms): (UnboundedReceiver<Key>, UnboundedReceiver<()>),
    ) {
        loop {
            for event in feed.take() {
                self.writer.apply_watcher_event(&event);
                if let kube::runtime::watcher::Event::Apply(object)
                | kube::runtime::watcher::Event::InitApply(object) = &event
                {
                    self.wake(&object.name_any(), Instant::now());
                }
                self.intake.take(&Ok(event));
            }
            self.start_due();
            let next =
                self.due.iter().filter(|(name, _)| !self.busy.contains(*name)).map(|(_, at)| *at).min();
            tokio::select! {
                biased;
                Some((name, next)) = self.running.next() => {
                    self.busy.remove(&name);
                    if let Some(pause) = next {
                        self.wake(&name, Instant::now() + pause);
                    }
                }
                Some(key) = wakes.recv() => self.wake(&key.name, Instant::now()),
                Some(()) = terms.recv() => {
                    for object in self.store.state() {
                        self.wake(&object.name_any(), Instant::now());
                    }
                }
                () = feed.changed() => {}
                () = until(next) => {}
            }
        }
    }

    /// The earlier of two times wins, as in the runtime.
    fn wake(&mut self, name: &str, at: Instant) {
        let due = self.due.entry(name.to_owned()).or_insert(at);
        *due = (*due).min(at);
    }

    fn start_due(&mut self) {
        let now = Instant::now();
        let is_due = |(name, at): &(&String, &Instant)| **at <= now && !self.busy.contains(*name);
        let due: Vec<String> = self.due.iter().filter(is_due).map(|(name, _)| name.clone()).collect();
        for name in due {
            self.due.remove(&name);
            let reference = ObjectRef::<Cached>::new(&name).within("sim");
            let Some(guard) = self.store.get(&reference) else { continue };
            self.busy.insert(name.clone());
            let ctx = self.ctx.clone();
            self.running.push(Box::pin(async move {
                let next = match bring_forward(&ctx, &guard).await {
                    Ok(next) => next,
                    Err(error) => Some(pause_after(&ctx, &guard, &error)),
                };
                (name, next)
            }));
        }
    }
}

/// Resolves at `at`; `None`: never.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
