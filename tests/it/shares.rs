//! One namespace that asks for all that can be asked for, and one that asks for little: all parts that read, under the
//! rate of reads as it is by default, in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::aws::{Hooked, Paced, Page, Queue};
use aws_batch_operator::clock::Clock;
use aws_batch_operator::job::{Fault, FaultKind, Identity, JobId, JobStatus, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::plan::Question;
use aws_batch_operator::tracker::{Listing, Lookups, Queues, Read, Tracker};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};

use crate::plan::remote::job;
use crate::port::{Port, Service};

/// Job ids that do not exist, and queues that do not.
const CROWD: usize = 10_000;
/// Objects in doubt, with a queue that does not exist.
const DOUBTS: usize = 300;
const READS_A_SECOND: u32 = 5;
/// Jobs are described, and never listed.
const NEVER: Listing = Listing { fewest: usize::MAX, fewest_searches: usize::MAX, ..Listing::USUAL };
const INTERVAL: Duration = Duration::from_secs(2);

fn key(namespace: &str, n: usize) -> Key {
    Key { namespace: namespace.to_owned(), name: n.to_string(), uid: format!("{namespace}/{n}") }
}

fn quiet_job() -> JobId {
    JobId::new("quiet").unwrap()
}

/// Knows one job and one queue. Remembers when it was asked for them.
#[derive(Clone, Default)]
struct Quiet {
    jobs: Arc<Mutex<Vec<Instant>>>,
    queues: Arc<Mutex<Vec<Instant>>>,
    lists: Arc<Mutex<Vec<Instant>>>,
}

fn note(times: &Mutex<Vec<Instant>>) {
    times.lock().unwrap().push(Instant::now());
}

impl Service for Quiet {
    const CALL: Duration = Duration::from_millis(100);

    fn describe(&self, ids: &[JobId]) -> Result<Vec<RemoteJob>, Fault> {
        let is_asked = ids.contains(&quiet_job());
        if is_asked {
            note(&self.jobs);
        }
        Ok(is_asked.then(|| RemoteJob { id: quiet_job(), ..job(JobStatus::Running) }).into_iter().collect())
    }

    fn list(&self, queue: &str, _: &str, _: Option<String>) -> Result<Page, Fault> {
        if queue != "quiet" {
            return Err(Fault::new(FaultKind::Refused, None, "no such queue"));
        }
        note(&self.lists);
        Ok(Page::default())
    }

    fn queues(&self, queues: &[String]) -> Result<Vec<Queue>, Fault> {
        if queues.iter().any(|queue| queue == "quiet") {
            note(&self.queues);
        }
        Ok(Vec::new())
    }
}

fn ask(lookups: &Lookups, key: &Key) {
    let question = Question {
        queue: key.namespace.clone(),
        name: key.name.clone(),
        identity: Identity::default(),
        job: None,
        since: Timestamp::UNIX_EPOCH,
        is_urgent: true,
    };
    lookups.ask(key.clone(), Read::Jobs(question));
}

/// The longest time without it, from `begun` on.
fn longest(times: &Mutex<Vec<Instant>>, begun: Instant) -> Duration {
    let times = times.lock().unwrap();
    let ends = times.iter().copied().chain([Instant::now()]);
    let starts = [begun].into_iter().chain(times.iter().copied());
    starts.zip(ends).map(|(start, end)| end.saturating_duration_since(start)).max().unwrap()
}

#[tokio::test(start_paused = true)]
async fn whatever_one_namespace_asks_for_another_is_served_in_its_usual_time() {
    let quiet = Quiet::default();
    let service = Arc::new(Hooked::new(Port(quiet.clone()), Paced::new(READS_A_SECOND)));
    let (tracker, lookups, queues) = (Tracker::new(INTERVAL, NEVER), Lookups::new(NEVER), Queues::default());
    for n in 0..CROWD {
        tracker.follow(&key("crowd", n), JobId::new(format!("crowd-{n}")).unwrap());
        queues.watch(&key("crowd", n), Some(&format!("crowd-{n}")));
    }
    (0..DOUBTS).for_each(|n| ask(&lookups, &key("crowd", n)));
    let begun = Instant::now();
    tracker.follow(&key("quiet", 0), quiet_job());
    queues.watch(&key("quiet", 0), Some("quiet"));
    let asks = async {
        loop {
            ask(&lookups, &key("quiet", 0));
            sleep(Duration::from_secs(10)).await;
        }
    };
    // Whoever gets no answer asks again at once, which no object does.
    let again = |key: &Key, _| {
        if key.namespace == "crowd" {
            ask(&lookups, key);
        }
    };
    let all = async {
        tokio::join!(
            tracker.run(service.clone(), Clock::system(), |_| {}),
            queues.run(service.clone(), Clock::system(), |_| {}),
            lookups.run(service.clone(), Clock::system(), again),
            asks,
        )
    };
    // They never end.
    let _ = timeout(Duration::from_mins(4), all).await;
    let Quiet { jobs, queues, lists } = &quiet;
    // Six parts share the reads: four look-ups, the tracker, and the looks at queues.
    let turn = 6 * Duration::from_secs(1) / READS_A_SECOND;
    assert!(longest(jobs, begun) <= INTERVAL + 3 * turn, "followed: {:?}", longest(jobs, begun));
    assert!(
        longest(lists, begun) <= Duration::from_secs(10) + 2 * turn,
        "looked for: {:?}",
        longest(lists, begun)
    );
    assert!(longest(queues, begun) <= Duration::from_secs(20), "its queue: {:?}", longest(queues, begun));
}
