//! A job that is followed, and the latest look at it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::job::{JobId, RemoteJob};
use crate::key::Key;
use crate::plan::Sighting;

/// A job that a list shows as before is described after this time all the same: a list does not show all of a job. The
/// time doubles with each description that shows nothing new, [`MOST_DOUBLED`] times at most, which is about half an hour.
const REFRESH: Duration = Duration::from_mins(2);

const MOST_DOUBLED: u8 = 4;

/// A followed job, and its latest look.
#[derive(Debug)]
pub struct Followed {
    pub id: JobId,
    pub sighting: Option<Sighting>,
    /// Whether AWS has ever described the job. Only such jobs are part of a round, because any user may name ids that
    /// do not exist.
    pub was_seen: bool,
    /// Whether its call failed, and is repeated outside the round.
    pub is_on_trial: bool,
    /// When the latest description was asked for.
    described_at: Option<Instant>,
    /// So many descriptions in a row have shown nothing new.
    without_news: u8,
}

/// The followed jobs, by the objects that follow them.
pub type All = BTreeMap<Arc<Key>, Followed>;

impl Followed {
    pub fn new(id: JobId) -> Self {
        Self { id, sighting: None, was_seen: false, is_on_trial: false, described_at: None, without_news: 0 }
    }

    /// Takes in a look that was asked for at this time.
    pub fn looked(&mut self, sighting: Sighting, is_news: bool, asked: Option<Instant>) {
        self.without_news = if is_news { 0 } else { (self.without_news + 1).min(MOST_DOUBLED) };
        self.described_at = asked;
        self.sighting = Some(sighting);
    }

    /// When the job is described though lists show it as before; `None`: now.
    pub fn refresh_at(&self) -> Option<Instant> {
        Some(self.described_at? + REFRESH * (1 << self.without_news))
    }

    /// The job, if the latest look has shown it.
    pub fn seen(&self) -> Option<&Arc<RemoteJob>> {
        match &self.sighting {
            Some(Sighting::Seen(job)) => Some(job),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;

    #[test]
    fn descriptions_without_news_become_rarer_until_there_is_news() {
        let (mut job, at) = (Followed::new(JobId::new("1").unwrap()), Instant::now());
        let sighting = Sighting::Missing { since: Moment::default(), until: Moment::default() };
        assert_eq!(job.refresh_at(), None);
        let mut pause = |is_news| {
            job.looked(sighting.clone(), is_news, Some(at));
            (job.refresh_at().unwrap() - at).as_secs() / 60
        };
        let quiet = [false; 6].map(&mut pause);
        assert_eq!((quiet, pause(true), pause(false)), ([4, 8, 16, 32, 32, 32], 2, 4));
    }
}
