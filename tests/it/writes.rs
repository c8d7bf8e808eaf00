//! Writes that cost the API server much, of one namespace, and those of another: in virtual time, against an API server that
//! shares its processors between all requests, and works on what nobody waits for any more.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::controller::{Error, Wake, Writes};
use aws_batch_operator::job::FaultKind;
use aws_batch_operator::key::Key;
use aws_batch_operator::plan::{Plan, Urgency};
use futures::future::join_all;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use crate::plan::scene::created;

const PASSES: u16 = 64;
const PROCESSORS: usize = 2;
/// The longest time that the operator waits for a write.
const DEADLINE: Duration = Duration::from_secs(5);
/// What a processor does for one request before it turns to the next.
const SLICE: Duration = Duration::from_millis(10);
/// Of an object of a megabyte.
const HEAVY: u32 = 40;

fn key(namespace: &str, n: usize) -> Key {
    Key { namespace: namespace.to_owned(), name: n.to_string(), uid: format!("{namespace}/{n}") }
}

/// An API server with these processors, and an operator with these passes.
struct Scene {
    processors: Arc<Semaphore>,
    passes: Semaphore,
    writes: Writes,
    woken: Arc<Mutex<HashMap<Key, Arc<Notify>>>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl Scene {
    fn new() -> Self {
        let (wake, mut wakes) = Wake::new();
        let woken = Arc::new(Mutex::new(HashMap::<Key, Arc<Notify>>::new()));
        let heard = woken.clone();
        tokio::spawn(async move {
            while let Some(key) = wakes.recv().await {
                heard.lock().unwrap().entry(key).or_default().notify_one();
            }
        });
        Self {
            processors: Arc::new(Semaphore::new(PROCESSORS)),
            passes: Semaphore::new(PASSES.into()),
            writes: Writes::new(PASSES, wake),
            woken,
            under_way: AtomicUsize::default(),
            most: AtomicUsize::default(),
        }
    }

    /// One write of so many slices.
    async fn write(&self, slices: u32) -> Result<(), Error> {
        let processors = self.processors.clone();
        let work = tokio::spawn(async move {
            for _ in 0..slices {
                // A semaphore serves in turn.
                let _processor = processors.acquire().await.unwrap();
                sleep(SLICE).await;
            }
        });
        let now = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let outcome = timeout(DEADLINE, work).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        outcome.map(|_| ()).map_err(|_| Error::TimedOut("test"))
    }

    /// Waits until the object may write.
    async fn is_woken(&self, key: &Key) -> bool {
        let notify = self.woken.lock().unwrap().entry(key.clone()).or_default().clone();
        timeout(Duration::from_mins(3), notify.notified()).await.is_ok()
    }

    /// Tries again until the object is written. Answers how many writes did not come in time.
    async fn bring(&self, key: Key, slices: u32) -> u32 {
        self.bring_so(key, slices, Urgency::Waits).await
    }

    async fn bring_so(&self, key: Key, slices: u32, urgency: Urgency) -> u32 {
        let mut late = 0;
        loop {
            let pass = self.passes.acquire().await.unwrap();
            let outcome = self.writes.make(&key, urgency, self.write(slices)).await;
            drop(pass);
            match outcome {
                Ok(()) => return late,
                Err(Error::Busy) => assert!(self.is_woken(&key).await, "nobody has woken {key:?}"),
                Err(_) => {
                    late += 1;
                    sleep(Duration::from_millis(500 << late.min(6))).await;
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn two_hundred_objects_of_a_megabyte_are_written_and_keep_no_other_waiting() {
    let scene = Scene::new();
    let heavy = join_all((0..200).map(|n| scene.bring(key("heavy", n), HEAVY)));
    let light = async {
        let mut longest = Duration::ZERO;
        for n in 0..20 {
            sleep(Duration::from_secs(1)).await;
            let begun = Instant::now();
            scene.bring(key("light", n), 1).await;
            longest = longest.max(begun.elapsed());
        }
        longest
    };
    let all = async { tokio::join!(heavy, light) };
    let (late, longest) = timeout(Duration::from_mins(3), all).await.expect("some are never written");
    assert!(late.iter().sum::<u32>() < 20, "writes that were made for nothing: {late:?}");
    assert!(longest < Duration::from_millis(500), "{longest:?} for a small object of another namespace");
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_small_objects_is_written_as_fast_as_can_be_by_half_of_the_passes() {
    let scene = Scene::new();
    let begun = Instant::now();
    let late: u32 = join_all((0..2_000).map(|n| scene.bring(key("team", n), 1))).await.iter().sum();
    let busy = SLICE * 2_000 / u32::try_from(PROCESSORS).unwrap();
    assert!(begun.elapsed() < busy + Duration::from_secs(2), "{:?}, and {busy:?} of work", begun.elapsed());
    assert_eq!(late, 0);
    assert_eq!(scene.most.load(Ordering::Relaxed), usize::from(PASSES / 2), "the other half is for others");
}

#[tokio::test(start_paused = true)]
async fn a_namespace_without_an_answer_has_one_write_and_whoever_waits_is_woken() {
    let scene = Scene::new();
    let (hangs, other) = (key("team", 0), key("team", 1));
    let hanging =
        join_all((0..PASSES).map(|_| scene.writes.make(&hangs, Urgency::Waits, scene.write(10_000))));
    let outcomes = timeout(DEADLINE * 2, hanging).await.unwrap();
    let busy = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Busy))).count();
    assert_eq!(busy, usize::from(PASSES - BEGIN));
    let both = async {
        tokio::join!(
            scene.writes.make(&hangs, Urgency::Waits, scene.write(1)),
            scene.writes.make(&other, Urgency::Waits, scene.write(1))
        )
    };
    let (first, second) = both.await;
    assert!(first.is_ok() && matches!(second, Err(Error::Busy)));
    assert!(scene.is_woken(&other).await);
}

/// A thousand jobs end: each has a status and a finalizer, and people wait for the status.
#[tokio::test(start_paused = true)]
async fn finalizers_are_removed_after_the_statuses_that_wait() {
    let scene = Scene::new();
    let begun = Instant::now();
    let ends = join_all((0..1_000).map(|n| {
        let scene = &scene;
        async move {
            scene.bring(key("team", n), 1).await;
            let told = begun.elapsed();
            scene.bring_so(key("team", n), 1, Urgency::Yields).await;
            told
        }
    }));
    let told = ends.await.into_iter().max().unwrap();
    let (both, busy) = (begun.elapsed(), SLICE * 2_000 / u32::try_from(PROCESSORS).unwrap());
    assert!(both < busy + Duration::from_secs(2), "{both:?}, and {busy:?} of work");
    assert!(told < both * 6 / 10, "the last status after {told:?}, all after {both:?}");
}

/// Until the job is recorded, a restart leaves its object in doubt.
#[tokio::test(start_paused = true)]
async fn the_record_of_an_accepted_job_is_written_while_no_other_write_gets_an_answer() {
    let scene = Scene::new();
    let (hangs, refused, accepted) = (key("team", 0), key("team", 1), key("team", 2));
    let hanging =
        join_all((0..PASSES).map(|_| scene.writes.make(&hangs, Urgency::Waits, scene.write(10_000))));
    let write = async |key: &Key, plan: Plan| {
        assert!(plan.status.is_some());
        scene.writes.make(key, plan.urgency, scene.write(1)).await
    };
    let later = async {
        sleep(DEADLINE / 2).await;
        let refusal = created().answered(FaultKind::Refused, "no such queue").now(2).plan();
        let record = created().claimed(0).accepted().plan();
        (write(&refused, refusal).await, write(&accepted, record).await)
    };
    let (_, (refusal, record)) = tokio::join!(hanging, later);
    assert!(matches!(refusal, Err(Error::Busy)), "{refusal:?}");
    assert!(!matches!(record, Err(Error::Busy)), "{record:?}");
}

/// How many places a namespace has at first.
const BEGIN: u16 = PASSES / 8;
