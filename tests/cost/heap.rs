//! One test for each part of what the process keeps of ten thousand BatchJobs, while their jobs run and after their end.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::clock;
use aws_batch_operator::controller::{Cached, Memory};
use aws_batch_operator::queue::Turns;
use aws_batch_operator::tracker::Listing;
use futures::{FutureExt, StreamExt, stream};
use kube::runtime::controller::ReconcileRequest;
use kube::runtime::reflector::{self, ObjectRef};
use kube::runtime::scheduler::{ScheduleRequest, scheduler};
use kube::runtime::watcher::Event;

use crate::crowd::{Crowd, key};
use crate::life::{Life, accepted, now, running_job};
use crate::work::keep;

const NUMBER: usize = 10_000;

/// So many objects like this one, each with names of its own.
fn objects(life: &Life) -> impl Iterator<Item = BatchJob> {
    (0..NUMBER).map(|number| {
        let mut object = life.object.as_ref().clone();
        let key = key(number);
        object.metadata.namespace = Some(key.namespace);
        object.metadata.name = Some(key.name);
        object.metadata.uid = Some(key.uid);
        object
    })
}

/// The cache: each object packed, with the table by which it is found.
fn cache(life: &Life) -> impl Sized {
    let (store, mut writer) = reflector::store::<Cached>();
    writer.apply_watcher_event(&Event::Init);
    for object in objects(life) {
        writer.apply_watcher_event(&Event::InitApply(Cached::from(object)));
    }
    writer.apply_watcher_event(&Event::InitDone);
    (store, writer)
}

/// What passes leave in the memory of the process.
fn memory(life: &Life) -> Memory {
    let (memory, job) = (Memory::default(), running_job());
    for (number, object) in objects(life).enumerate() {
        let (key, object) = (key(number), Arc::new(object));
        memory.shown(&key, &object, now());
        memory.recall(&key, &object, (None, ""), now());
        memory.learn(&key, |known| known.accepted(accepted(&job)));
        memory.learn(&key, |known| known.told(&object, now().moment));
    }
    memory
}

macro_rules! parts {
    ($state:ident, $life:expr) => {
        mod $state {
            use super::*;

            #[test]
            #[ignore = "measured by cargo xtask bench heap"]
            fn cache() {
                let life = $life;
                keep(|| super::cache(&life));
            }

            #[test]
            #[ignore = "measured by cargo xtask bench heap"]
            fn memory() {
                let life = $life;
                keep(|| super::memory(&life));
            }
        }
    };
}

parts!(active, Life::running());
parts!(finished, Life::finished());

/// What the object is in beside its caches, for some time or for all of it.
mod queue {
    use super::*;

    #[test]
    #[ignore = "measured by cargo xtask bench heap"]
    fn submission() {
        keep(|| {
            let mut turns = Turns::new(40, clock::instant());
            (0..NUMBER).for_each(|number| turns.join(key(number)));
            turns
        });
    }

    /// The runtime's own queue, where an object waits for its next pass.
    #[tokio::test]
    #[ignore = "measured by cargo xtask bench heap"]
    async fn next_pass() {
        let run_at = clock::instant() + Duration::from_mins(1);
        let requests = (0..NUMBER).map(key).map(|key| ScheduleRequest {
            message: ReconcileRequest::from(ObjectRef::<Cached>::new(&key.name).within(&key.namespace)),
            run_at,
        });
        let requests = stream::iter(requests).chain(stream::pending());
        keep(|| {
            let mut scheduler = Box::pin(scheduler(requests));
            assert_eq!(scheduler.next().now_or_never(), None);
            scheduler
        });
    }

    /// The rest of a round that has just begun, with all jobs in one queue.
    #[test]
    #[ignore = "measured by cargo xtask bench heap"]
    fn round() {
        let mut crowd = Crowd::followed(NUMBER, Listing::USUAL);
        crowd.now += Duration::from_mins(1);
        keep(|| {
            assert!(crowd.rounds.next(crowd.now).is_some());
            crowd.rounds
        });
    }
}

#[test]
#[ignore = "measured by cargo xtask bench heap"]
fn tracker() {
    keep(|| Crowd::followed(NUMBER, Listing::USUAL).rounds);
}
