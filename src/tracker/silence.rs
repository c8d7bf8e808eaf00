//! Since when every look has failed: at all jobs, or at one job whose id makes every call fail. Pure.

use std::collections::{BTreeMap, HashSet};

use crate::job::{Fault, JobId};
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{SILENT_FOR, Unread};

/// A silence, and whether its objects were woken.
#[derive(Debug)]
struct Silence {
    unread: Unread,
    is_told: bool,
}

/// The silence about all jobs, and the silences about single jobs.
#[derive(Debug, Default)]
pub struct Silences {
    all: Option<Silence>,
    of: BTreeMap<Key, Silence>,
}

/// The objects to wake.
#[derive(Debug, PartialEq, Eq)]
pub enum Concerned {
    /// All objects whose job is followed.
    Everybody,
    These(Vec<Key>),
}

impl Silence {
    fn begin(now: Reading, fault: &Fault) -> Self {
        Self { unread: Unread { since: now, fault: fault.clone() }, is_told: false }
    }

    /// Whether the silence is now long enough to be reported. True once.
    fn is_news(&mut self, now: Reading) -> bool {
        let is_news = !self.is_told && now.moment.since(self.unread.since.moment) >= SILENT_FOR;
        self.is_told |= is_news;
        is_news
    }
}

impl Silences {
    /// Since when every look at the job of `key` has failed.
    pub fn about(&self, key: &Key) -> Option<Unread> {
        self.of.get(key).or(self.all.as_ref()).map(|silence| silence.unread.clone())
    }

    /// A look at these jobs failed. A job that is alone in the call may be the reason.
    pub fn failed(&mut self, jobs: &[(Key, JobId)], fault: &Fault, now: Reading) -> Concerned {
        let ids: HashSet<_> = jobs.iter().map(|(_, id)| id).collect();
        let mut concerned = Vec::new();
        for (key, _) in jobs.iter().filter(|_| ids.len() == 1) {
            let silence = self.of.entry(key.clone()).or_insert_with(|| Silence::begin(now, fault));
            concerned.extend(silence.is_news(now).then(|| key.clone()));
        }
        if self.all.get_or_insert_with(|| Silence::begin(now, fault)).is_news(now) {
            return Concerned::Everybody;
        }
        Concerned::These(concerned)
    }

    /// AWS has answered a look at these jobs; without jobs, a look at an id that no job has.
    pub fn answered(&mut self, jobs: &[(Key, JobId)]) -> Concerned {
        let told = jobs.iter().filter(|(key, _)| self.of.remove(key).is_some_and(|silence| silence.is_told));
        let told = told.map(|(key, _)| key.clone()).collect();
        match self.all.take() {
            Some(silence) if silence.is_told => Concerned::Everybody,
            _ => Concerned::These(told),
        }
    }

    /// Forgets the jobs of all other objects.
    pub fn keep(&mut self, is_kept: impl Fn(&Key) -> bool) {
        self.of.retain(|key, _| is_kept(key));
    }

    /// Forgets the job of `key`.
    pub fn forget(&mut self, key: &Key) {
        self.of.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::FaultKind;
    use crate::moment::Moment;

    fn job(name: &str) -> (Key, JobId) {
        let key = Key { namespace: "team".to_owned(), name: name.to_owned(), uid: name.to_owned() };
        (key, JobId::new(format!("job-{name}")).unwrap())
    }

    fn at(seconds: i64) -> Reading {
        Reading { moment: Moment(jiff::SignedDuration::from_secs(seconds)), ..Reading::default() }
    }

    fn denied() -> Fault {
        Fault::new(FaultKind::Denied, None, "not authorized")
    }

    #[test]
    fn everybody_is_woken_once_a_minute_after_the_first_failure_and_when_aws_answers() {
        let (mut silences, jobs) = (Silences::default(), [job("a"), job("b")]);
        let nobody = || Concerned::These(Vec::new());
        assert_eq!(silences.failed(&jobs, &denied(), at(0)), nobody());
        assert_eq!(silences.failed(&jobs, &denied(), at(59)), nobody());
        assert_eq!(silences.failed(&jobs, &denied(), at(61)), Concerned::Everybody);
        assert_eq!(silences.failed(&jobs, &denied(), at(90)), nobody());
        assert_eq!(silences.about(&job("c").0).unwrap().since, at(0), "of a job that was not asked for, too");
        assert_eq!(silences.answered(&[]), Concerned::Everybody);
        assert_eq!(silences.about(&jobs[0].0), None);
    }

    #[test]
    fn a_short_silence_wakes_nobody() {
        let (mut silences, jobs) = (Silences::default(), [job("a"), job("b")]);
        silences.failed(&jobs, &denied(), at(0));
        assert_eq!(silences.answered(&jobs), Concerned::These(Vec::new()));
    }

    #[test]
    fn a_job_that_spoils_its_calls_is_silent_though_aws_answers_for_others() {
        let (mut silences, bad, good) = (Silences::default(), [job("bad")], [job("good")]);
        for seconds in [0, 30, 61] {
            silences.answered(&good);
            let woken = silences.failed(&bad, &denied(), at(seconds));
            let keys = if seconds > 60 { vec![bad[0].0.clone()] } else { Vec::new() };
            assert_eq!(woken, Concerned::These(keys), "{seconds}");
        }
        silences.answered(&good);
        assert_eq!(silences.about(&bad[0].0).unwrap().since, at(0));
        assert_eq!(silences.about(&good[0].0), None);
        assert_eq!(silences.answered(&bad), Concerned::These(vec![bad[0].0.clone()]));
    }
}
