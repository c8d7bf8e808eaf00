//! Which ids to look at next. A round covers all jobs that AWS has ever described, a hundred a call: N jobs cost
//! ceil(N/100) calls. Rounds start at least one poll interval apart. Failed calls, and jobs that AWS has never
//! described, have calls of their own, and so delay no other job. Pure: time is an argument.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::aside::Aside;
use super::call::{Call, Purpose};
use super::followed::{All, Followed};
use super::pauses::Pauses;
use super::round::Round;
use super::survey::List;
use super::surveys::Listing;
use super::trials::{Next, Trials};
use super::turn::Turn;
use super::unseen::Unseen;
use crate::aws::{DESCRIBE_MAX, Page};
use crate::job::{FaultKind, JobId, RemoteJob};
use crate::key::Key;
use crate::moment::Moment;
use crate::plan::Sighting;

/// A read to be made.
#[derive(Debug)]
pub enum Ask {
    /// One page of ListJobs.
    List(List),
    /// DescribeJobs.
    Describe(Call),
}

/// All followed jobs, and the rest of the present round.
#[derive(Debug)]
pub struct Rounds {
    round: Round,
    followed: All,
    /// When the latest call was made.
    asked: Option<Instant>,
    unseen: Unseen,
    trials: Trials,
    aside: Aside,
    last: Turn,
    pauses: Pauses,
}

impl Rounds {
    /// No jobs yet; rounds at least `interval` apart.
    pub fn new(interval: Duration, listing: Listing) -> Self {
        Self {
            round: Round::new(interval, listing),
            followed: All::new(),
            asked: None,
            unseen: Unseen::new(interval),
            trials: Trials::default(),
            aside: Aside::new(interval),
            last: Turn::default(),
            pauses: Pauses::default(),
        }
    }

    /// Follows the job of `key` from now on. True if the job is new.
    pub fn follow(&mut self, key: &Key, id: JobId) -> bool {
        if self.followed.get(key).is_some_and(|followed| followed.id == id) {
            return false;
        }
        self.forget(key);
        self.aside.join(key, &id);
        self.followed.insert(Arc::new(key.clone()), Followed::new(id));
        self.unseen.add(key);
        true
    }

    /// Forgets the job of `key`.
    pub fn forget(&mut self, key: &Key) {
        if let Some(followed) = self.followed.remove(key) {
            self.aside.forget(key, &followed.id);
            self.unseen.forget(key);
        }
    }

    /// Forgets the jobs of all other objects.
    pub fn keep(&mut self, is_kept: impl Fn(&Key) -> bool) {
        self.followed.retain(|key, followed| {
            let is_kept = is_kept(key);
            if !is_kept {
                self.aside.forget(key, &followed.id);
                self.unseen.forget(key);
            }
            is_kept
        });
    }

    /// The latest look at the job of `key`.
    pub fn sighting(&self, key: &Key) -> Option<Sighting> {
        self.followed.get(key)?.sighting.clone()
    }

    /// The objects whose jobs are followed.
    pub fn keys(&self) -> Vec<Key> {
        self.followed.keys().map(|key| Key::clone(key)).collect()
    }

    /// How many jobs are followed.
    pub fn count(&self) -> usize {
        self.followed.len()
    }

    /// When the next call is due; `None`: no job is followed.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if self.followed.is_empty() {
            return None;
        }
        let round = if self.trials.is_empty() { self.round.due(now) } else { now };
        let beside = [self.aside.due(), self.unseen.due(now)];
        let due = beside.into_iter().flatten().fold(round, Instant::min);
        Some(self.pauses.until().map_or(due, |until| until.max(due)))
    }

    /// The answer to the list.
    pub fn listed(&mut self, page: Result<Page, FaultKind>, now: Instant) {
        self.round.listed(page, now);
    }

    /// The next read; `None`: there is none to make.
    pub fn next(&mut self, now: Instant) -> Option<Ask> {
        self.asked = Some(now);
        self.round.begin(&self.followed, now);
        let (turn, ask) = self.last.others_first().find_map(|turn| Some((turn, self.of(turn, now)?)))?;
        self.last = turn;
        Some(ask)
    }

    /// The next read of one source.
    fn of(&mut self, turn: Turn, now: Instant) -> Option<Ask> {
        let call = match turn {
            Turn::Round if !self.round.is_worth_a_call() => return None,
            Turn::Round => self.hundred(now, &[Self::of_round, Self::of_unseen]),
            Turn::List => return self.round.next_list().map(Ask::List),
            Turn::Trials => self.trial(now)?,
            Turn::Aside => Call::look_aside(self.aside.next(now)),
            Turn::Unseen => {
                self.unseen.due(now).filter(|due| *due <= now)?;
                self.hundred(now, &[Self::of_unseen, Self::of_round])
            }
        };
        (!call.ids().is_empty()).then_some(Ask::Describe(call))
    }

    /// A call for up to a hundred jobs, from the first source and then from the second.
    fn hundred(&mut self, now: Instant, sources: &[fn(&mut Self, Instant) -> Option<Key>]) -> Call {
        let mut jobs = Vec::with_capacity(DESCRIBE_MAX);
        for next in sources {
            while jobs.len() < DESCRIBE_MAX
                && let Some(key) = next(self, now)
            {
                if let Some(followed) = self.followed.get(&key).filter(|followed| !followed.is_on_trial)
                    && !self.aside.holds(&followed.id)
                {
                    jobs.push((key, followed.id.clone()));
                }
            }
        }
        Call::look(jobs, self.trials.answers())
    }

    fn of_round(&mut self, _: Instant) -> Option<Key> {
        self.round.next().map(Arc::unwrap_or_clone)
    }

    fn of_unseen(&mut self, now: Instant) -> Option<Key> {
        self.unseen.next(now)
    }

    /// The next call about failed calls.
    fn trial(&mut self, now: Instant) -> Option<Call> {
        loop {
            self.trials.retain(|(key, id)| {
                let is_followed = self.followed.get(key).is_some_and(|followed| followed.id == *id);
                is_followed && !self.aside.holds(id)
            });
            match self.trials.next()? {
                Next::Ask(call) => return Some(call),
                Next::Prove => return Some(Call::prove()),
                Next::Guilty(call) => {
                    let ids = call.ids();
                    let named = self.followed.iter_mut().filter(|(_, followed)| ids.contains(&followed.id));
                    for (key, followed) in named {
                        followed.is_on_trial = false;
                        self.aside.add(key, &followed.id, now);
                    }
                }
            }
        }
    }

    fn mark(&mut self, jobs: &[(Key, JobId)], is_on_trial: bool) {
        for (key, id) in jobs {
            if let Some(followed) = self.followed.get_mut(key).filter(|followed| followed.id == *id) {
                followed.is_on_trial = is_on_trial;
            }
        }
    }

    /// Records a failed call.
    pub fn failed(&mut self, call: Call, kind: FaultKind, now: Instant) {
        match call.purpose {
            // Such a failure is expected, and says nothing about AWS.
            Purpose::LookAside => self.aside.failed(&call.ids(), kind.meaning().may_be_what_was_asked, now),
            Purpose::Prove => {
                self.pauses.grow(kind);
                for call in self.trials.acquit() {
                    self.mark(&call, false);
                }
            }
            Purpose::Look => {
                self.pauses.grow(kind);
                self.mark(&call, true);
                self.trials.failed(call, kind);
            }
        }
        self.pauses.begin(now);
    }

    /// Records that AWS answered, for AWS itself and for the ids of the call.
    fn answered(&mut self, call: &[(Key, JobId)]) {
        self.trials.answered();
        if call.is_empty() {
            self.pauses.prove();
        } else {
            self.pauses.end();
        }
        self.mark(call, false);
        self.aside.answered(call);
    }

    /// Records an answer. Returns the objects whose situation changed.
    pub fn looked(&mut self, call: &[(Key, JobId)], answer: Vec<RemoteJob>, at: Moment) -> Vec<Key> {
        let jobs: HashMap<JobId, Arc<RemoteJob>> =
            answer.into_iter().map(|job| (job.id.clone(), Arc::new(job))).collect();
        let mut changed = Vec::new();
        for (key, id) in call {
            let Some(followed) = self.followed.get_mut(key).filter(|followed| followed.id == *id) else {
                continue;
            };
            // Two objects may follow one job: one may wait to adopt the job of the other.
            let sighting = match (jobs.get(id), &followed.sighting) {
                (Some(job), _) => Sighting::Seen(job.clone()),
                (None, Some(Sighting::Missing { since, .. })) => {
                    Sighting::Missing { since: *since, until: at }
                }
                (None, _) => Sighting::Missing { since: at, until: at },
            };
            followed.was_seen |= matches!(sighting, Sighting::Seen(_));
            match (&sighting, self.asked) {
                (Sighting::Missing { since, until }, Some(asked)) if !followed.was_seen => {
                    let age = Duration::try_from(until.since(*since)).unwrap_or_default();
                    self.unseen.missed(key, age, asked);
                }
                _ => self.unseen.forget(key),
            }
            let is_news = is_news(followed.sighting.as_ref(), &sighting);
            if is_news {
                changed.push(key.clone());
            }
            followed.looked(sighting, is_news, self.asked);
        }
        self.answered(call);
        changed
    }
}

/// A job that is still missing is no change: the planner has set a wake-up of its own.
fn is_news(before: Option<&Sighting>, now: &Sighting) -> bool {
    match (before, now) {
        (Some(Sighting::Missing { .. }), Sighting::Missing { .. }) => false,
        (before, now) => before != Some(now),
    }
}
