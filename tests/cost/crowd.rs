//! Many jobs that run, and the part of the tracker that follows them.

use std::time::Duration;

use aws_batch_operator::aws::Page;
use aws_batch_operator::clock;
use aws_batch_operator::job::{JobId, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::tracker::{Ask, Listing, Rounds};
use tokio::time::Instant;

use crate::life::{self, running_job};

/// The shortest time between two rounds.
const INTERVAL: Duration = Duration::from_secs(2);

/// No queue is listed.
pub const NEVER: Listing = Listing { fewest: usize::MAX, ..Listing::USUAL };

/// Jobs in the order in which a round asks for them.
pub struct Crowd {
    pub jobs: Vec<RemoteJob>,
    pub rounds: Rounds,
    pub now: Instant,
}

/// The key of one of many objects.
pub fn key(number: usize) -> Key {
    Key {
        namespace: "data-science".to_owned(),
        name: format!("forecast-{number:010}"),
        uid: format!("0a1b2c3d-0000-4000-8000-{number:012}"),
    }
}

impl Crowd {
    /// So many jobs, each of which AWS has described once.
    pub fn followed(number: usize, listing: Listing) -> Self {
        let running = running_job();
        let id = |number| JobId::new(format!("5e1c1b1e-7d5c-4b5e-9a55-{number:012}")).unwrap();
        let jobs: Vec<_> =
            (0..number).map(|number| RemoteJob { id: id(number), ..running.clone() }).collect();
        let mut rounds = Rounds::new(INTERVAL, listing);
        for (number, job) in jobs.iter().enumerate() {
            rounds.follow(&key(number), job.id.clone());
        }
        let mut crowd = Self { jobs, rounds, now: clock::instant() };
        let answers = crowd.jobs.chunks(100).map(<[_]>::to_vec).collect();
        assert_eq!(crowd.described_by(answers), (number.div_ceil(100), number));
        crowd
    }

    /// A round of DescribeJobs. Returns how many calls were made, and how many jobs are news.
    pub fn described_by(&mut self, answers: Vec<Vec<RemoteJob>>) -> (usize, usize) {
        let (mut calls, mut news) = (0, 0);
        for answer in answers {
            self.rounds.due(self.now);
            let Some(Ask::Describe(call)) = self.rounds.next(self.now) else { panic!("no call is due") };
            assert_eq!(call.ids().len(), answer.len());
            news += self.rounds.looked(&call, answer, life::now().moment).len();
            calls += 1;
        }
        self.now += INTERVAL;
        (calls, news)
    }

    /// The lists of a round, of which the first has this page. Returns how many lists were made.
    pub fn listed_by(&mut self, page: Page) -> usize {
        let mut pages = std::iter::once(page).chain(std::iter::repeat_with(Page::default));
        let mut lists = 0;
        // Other calls take turns with the lists.
        while let Some(ask) = self.rounds.next(self.now) {
            if let Ask::List(_) = ask {
                self.rounds.listed(Ok(pages.next().unwrap()), self.now);
                lists += 1;
            }
        }
        lists
    }
}
