//! A watch: the API server's log as one process sees it, late, in order, and with gaps in time.

use std::sync::Arc;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::controller::Cached;
use jiff::SignedDuration;
use kube::runtime::watcher::Event;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::link::{Link, Trouble};
use super::mutation::Mutation;
use super::store::Change;
use super::world::World;

/// The view of the log of one process.
pub struct Feed {
    world: Arc<World>,
    link: Arc<Link>,
    written: watch::Receiver<usize>,
    lag: SignedDuration,
    /// How much of the log has been seen; `None`: there was no list yet.
    seen: Option<usize>,
}

impl Feed {
    pub fn new(world: Arc<World>, link: Arc<Link>) -> Self {
        let written = world.watch();
        let lag = SignedDuration::try_from(world.roll(|dice| dice.millis(0, 1500))).unwrap();
        Self { world, link, written, lag, seen: None }
    }

    /// The new events of the watch.
    pub fn take(&mut self) -> Vec<Event<Cached>> {
        if self.link.has(Trouble::Stale) || self.link.has(Trouble::NoApi) {
            return Vec::new();
        }
        let horizon = self.world.now() - self.lag;
        let (lag_at_start, seen) = (self.world.roll(|dice| dice.below(4)), self.seen);
        let (events, seen) = self.world.rest(|rest| {
            let log = rest.store.log();
            let visible = log.partition_point(|(at, _)| *at <= horizon);
            let Some(seen) = seen else {
                // A list may come from an old cache.
                let from = visible.saturating_sub(usize::try_from(lag_at_start).unwrap());
                return (listed(rest.store.objects_after(from).iter(), self.world.mutation), from);
            };
            let news = &log[seen.min(visible)..visible];
            if news.iter().any(|(_, change)| matches!(change, Change::Restored)) {
                return (listed(rest.store.objects().iter(), self.world.mutation), log.len());
            }
            (news.iter().map(|(_, change)| told(change, self.world.mutation)).collect(), visible.max(seen))
        });
        self.seen = Some(seen);
        events
    }

    /// Resolves when there may be new events.
    pub async fn changed(&mut self) {
        let trouble = self.link.ends(Trouble::Stale).max(self.link.ends(Trouble::NoApi));
        if Instant::now() < trouble {
            return sleep_until(trouble).await;
        }
        let seen = self.seen.unwrap_or(0);
        let next = self.world.rest(|rest| rest.store.log().get(seen).map(|(at, _)| *at));
        match next {
            Some(at) => sleep_until(self.world.instant_of(at + self.lag)).await,
            None => drop(self.written.changed().await),
        }
    }
}

fn listed<'a>(objects: impl Iterator<Item = &'a Value>, mutation: Option<Mutation>) -> Vec<Event<Cached>> {
    let found = objects.map(|object| Event::InitApply(seen(object, mutation)));
    [Event::Init].into_iter().chain(found).chain([Event::InitDone]).collect()
}

fn told(change: &Change, mutation: Option<Mutation>) -> Event<Cached> {
    match change {
        Change::Applied(object) => Event::Apply(seen(object, mutation)),
        Change::Deleted(object) if mutation == Some(Mutation::TornLetGo) => {
            let mut object = object.clone();
            object["metadata"]["deletionTimestamp"] = object["metadata"]["creationTimestamp"].clone();
            Event::Delete(decoded(&object))
        }
        Change::Deleted(object) => Event::Delete(decoded(object)),
        Change::Restored => unreachable!("a restore is answered by a list"),
    }
}

fn seen(object: &Value, mutation: Option<Mutation>) -> Cached {
    let Some(mutation) = mutation else { return decoded(object) };
    let mut object = object.clone();
    mutation.seen(&mut object);
    decoded(&object)
}

/// None is broken here.
fn decoded(object: &Value) -> Cached {
    Cached::from(BatchJob::deserialize(object).unwrap())
}
