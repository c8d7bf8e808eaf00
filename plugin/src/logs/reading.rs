//! The logs of one BatchJob, read side by side until the job has ended.

use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::clock::instant;
use futures::future::join_all;
use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};

use super::choice::Choice;
use super::cloud::Cloud;
use super::options::Options;
use super::place::{Container, Place, View};
use super::printer::Printer;
use super::reader::{Range, Reader, Stop};
use super::track::Track;
use super::trouble::Trouble;
use crate::failure::Failure;

/// How often each log is read. A line is told so long after AWS shows it, and what the call takes.
const EVERY: Duration = Duration::from_secs(1);

/// How often AWS is asked for new attempts and ends.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// For so long AWS Batch may not know a new job, in milliseconds.
const NEW_MS: i64 = 60_000;

/// All that is read at once.
pub struct Reading<'a> {
    cloud: &'a Cloud,
    options: &'a Options,
    region: String,
    account: Option<String>,
    range: Range,
    submitted_at: Option<i64>,
    begun: (Timestamp, Instant),
    tracks: Vec<Track>,
    /// The user may not call DescribeJobs: the status tells the end.
    is_blind: bool,
}

impl<'a> Reading<'a> {
    /// What was chosen, read from `now` on.
    pub fn new(cloud: &'a Cloud, choice: Choice, options: &'a Options, now: Timestamp) -> Self {
        let ago =
            |since: Duration| now.as_millisecond() - i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let range = Range {
            start: options.since.map(|since| ago(since).max(0)),
            tail: options.tail,
            until: (!options.follow).then(|| now.as_millisecond()),
        };
        let Choice { region, account, parts, place, submitted_at } = choice;
        let reader = |place: &Place| Reader::new(cloud, place.clone(), range);
        let tracks = parts.into_iter().map(|part| Track::new(part, place.as_ref().map(reader))).collect();
        let begun = (now, instant());
        Self { cloud, options, region, account, range, submitted_at, begun, tracks, is_blind: false }
    }

    /// Reads all of it, to the end that was asked for.
    pub async fn go(
        &mut self,
        get: &impl AsyncFn() -> Result<BatchJob, Failure>,
        printer: &Printer<'_>,
    ) -> Result<(), Stop> {
        let mut look_at = self.begun.1;
        // What the status names is read at once.
        if self.tracks.iter().all(Track::has_stream) {
            look_at += EVERY;
        }
        loop {
            let round = instant();
            if round >= look_at && (self.options.follow || !self.tracks.iter().all(Track::has_stream)) {
                self.look(get).await?;
                look_at = round + LOOK_EVERY;
            }
            let (cloud, given) = (self.cloud, (self.options, self.range));
            let reads = self.tracks.iter_mut().map(|track| track.read(cloud, given, printer));
            join_all(reads).await.into_iter().collect::<Result<(), _>>()?;
            if !self.options.follow || self.tracks.iter().all(|track| track.is_done) {
                self.tell_of_silence();
                return Ok(());
            }
            sleep_until(round + EVERY).await;
        }
    }

    /// Asks AWS how the jobs are, or the status where the user may not.
    async fn look(&mut self, get: &impl AsyncFn() -> Result<BatchJob, Failure>) -> Result<(), Stop> {
        let ids: Vec<_> = self.tracks.iter().map(|track| track.part.id.clone()).collect();
        let is_known = self.tracks.iter().all(Track::has_stream);
        let views = if self.is_blind {
            vec![from_status(get, &self.region).await]
        } else {
            match self.cloud.describe(&self.region, &ids).await {
                Ok(views) => views,
                Err(Trouble::Denied(why)) if is_known => {
                    self.cloud.tell(&format!(
                        "the end of the job is taken from the BatchJob, as batch:DescribeJobs is denied: {why}"
                    ));
                    self.is_blind = true;
                    vec![from_status(get, &self.region).await]
                }
                Err(trouble) => return Err(trouble.into()),
            }
        };
        let now = self.begun.0.as_millisecond()
            + i64::try_from(self.begun.1.elapsed().as_millis()).unwrap_or_default();
        for (track, view) in self.tracks.iter_mut().zip(views) {
            let id = &track.part.id;
            let seen = match view {
                Some(view) => track.see(view, self.cloud, (self.options, now)),
                // DescribeJobs may not show a job that was submitted a moment ago.
                None if self.submitted_at.is_some_and(|at| now - at < NEW_MS) => Ok(()),
                // AWS has forgotten it, and so it has ended.
                None if track.has_stream() => {
                    track.end();
                    Ok(())
                }
                None => Err(format!(
                    "AWS Batch in Region {} knows no job {id} for your credentials: choose a profile of {} with AWS_PROFILE. AWS forgets a job seven days after its end",
                    self.region,
                    self.account
                        .as_ref()
                        .map_or("the job's account".to_owned(), |id| format!("account {id}")),
                )),
            };
            seen.map_err(Trouble::Final)?;
        }
        Ok(())
    }

    /// That there is no line needs an explanation.
    fn tell_of_silence(&self) {
        for track in &self.tracks {
            let id = &track.part.id;
            match track.missing() {
                Some(Place { region, group, stream }) => self.cloud.tell(&format!(
                    "job {id} has written nothing: there is no log stream {stream} in group {group} of Region {region}. If the job should have a log, see that your credentials are of {}",
                    self.account(),
                )),
                None if !track.has_stream() && !track.is_elsewhere() => {
                    self.cloud.tell(&format!(
                        "job {id} has no log: its state is {}",
                        track.state().unwrap_or("unknown")
                    ));
                }
                None => {}
            }
        }
    }

    fn account(&self) -> String {
        self.account.as_ref().map_or_else(|| "the job's account".to_owned(), |id| format!("account {id}"))
    }

    /// What the user is told of a trouble.
    pub fn sentence(&self, trouble: Trouble) -> String {
        let account = self.account();
        match trouble {
            Trouble::Final(sentence) => sentence,
            Trouble::Denied(said) => format!(
                "your AWS identity lacks a right ({said}): it needs batch:DescribeJobs, and logs:GetLogEvents of the log group, in {account}. docs/kubectl-plugin.md has a policy"
            ),
            Trouble::NoGroup => {
                let group = self.tracks.iter().find_map(Track::place);
                let (group, region) = group.map_or(("", ""), |place| (&place.group, &place.region));
                format!(
                    "your AWS credentials show no log group {group} in Region {region}: choose a profile of {account} with AWS_PROFILE, or see whether the group was deleted"
                )
            }
            other => format!("CloudWatch Logs cannot be read: {other:?}"),
        }
    }
}

/// What the BatchJob itself tells of the end. Its log is the one that is read.
async fn from_status(get: &impl AsyncFn() -> Result<BatchJob, Failure>, region: &str) -> Option<View> {
    let job = get().await.ok()?;
    let is_over = job.has_ended();
    let status = job.status?;
    let place = status.logs.as_ref().and_then(|logs| Place::told(logs, region));
    let container = Container { place, ..Container::default() };
    let stopped_at = status.stopped_at.map(|at| at.0.as_millisecond());
    Some(View { is_over, stopped_at, attempts: vec![vec![container]], ..View::default() })
}
