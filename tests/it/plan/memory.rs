//! What the process of a scene has done and seen.

use std::sync::Arc;

use aws_batch_operator::api::BatchJobStatus;
use aws_batch_operator::job::{Accepted, EndKind, Fault, FaultKind, Found, JobId, JobStatus, RemoteJob};
use aws_batch_operator::moment::Reading;
use aws_batch_operator::plan::{
    Attempt, EndAsked, Look, Lookup, Outcome, QueueSight, Sighting, Told, Turn, Unread,
};

use super::remote::{accepted, job};
use super::scene::{JOB, Scene, at, moment, reading};

impl Scene {
    /// Whether this process has tried to submit it.
    pub fn has_attempted(&self) -> bool {
        self.attempt.is_some()
    }

    /// This process started at so many seconds after noon, saw the object then, and remembers nothing. What claimed before
    /// was an earlier process of the pod.
    pub fn restarted(mut self, seconds: i64) -> Self {
        "operator-0_run-3".clone_into(&mut self.settings.holder);
        (self.known_claim, self.claim_lost_at, self.attempt) = (None, None, None);
        (self.first_seen, self.now, self.accepted, self.proven) = (seconds, seconds, None, None);
        (self.lookup, self.look, self.sighting, self.queue) = (None, None, None, None);
        self.told = None;
        self
    }

    /// AWS accepted the job and the status says so.
    pub fn submitted(mut self) -> Self {
        let arn = format!("arn:aws:batch:{}:123456789012:job/{JOB}", self.here.region);
        self.accepted = Some(Accepted { arn: Some(arn), ..accepted() });
        self = self.claimed(0).settled();
        self.accepted = None;
        self
    }

    /// This process wrote the status so many seconds after noon.
    pub fn told(mut self, seconds: i64) -> Self {
        self.told = Some(Told::new(moment(seconds), self.object.status.as_ref()));
        self
    }

    /// This process wrote a status so many seconds after noon, and somebody else has written the present one since.
    pub fn overwritten(mut self, seconds: i64) -> Self {
        let other = BatchJobStatus { reason: Some("another one".to_owned()), ..BatchJobStatus::default() };
        self.told = Some(Told::new(moment(seconds), Some(&other)));
        self
    }

    /// AWS accepted the job; no status was written yet.
    pub fn accepted(mut self) -> Self {
        let arn = format!("arn:aws:batch:{}:123456789012:job/{JOB}", self.here.region);
        self.accepted = Some(Accepted { arn: Some(arn), ..accepted() });
        self
    }

    /// The operator works in this account now; `None`: it does not know in which.
    pub fn account(mut self, account: Option<&str>) -> Self {
        self.here.account_id = account.map(str::to_owned);
        self
    }

    /// So many seconds after noon its queue was looked at for the first time.
    pub fn queue_seen(mut self, seconds: i64, takes_jobs: bool) -> Self {
        self.queue = Some(QueueSight { takes_jobs, since: moment(seconds), has_changed: false });
        self
    }

    /// So many seconds after noon its queue was seen to take jobs, and earlier looks had shown that it did not.
    pub fn queue_opened(mut self, seconds: i64) -> Self {
        self.queue = Some(QueueSight { takes_jobs: true, since: moment(seconds), has_changed: true });
        self
    }

    /// The attempt of noon ended so, one second later.
    pub fn attempt(self, kind: FaultKind, message: &str) -> Self {
        self.attempted(Fault::new(kind, None, message))
    }

    /// The attempt of noon ended with AWS's own answer, one second later.
    pub fn answered(self, kind: FaultKind, message: &str) -> Self {
        self.attempted(Fault::new(kind, None, message).answered())
    }

    fn attempted(mut self, fault: Fault) -> Self {
        self.attempt = Some(Attempt {
            again: false,
            claimed: reading(0),
            ended: reading(1),
            tries: 1,
            outcome: if fault.kind.is_unclear() {
                Outcome::Unclear(fault)
            } else {
                Outcome::NotAccepted(fault)
            },
        });
        self.claimed(0)
    }

    /// The claim of noon could not be written.
    pub fn not_claimed(mut self) -> Self {
        let outcome = Outcome::NotClaimed(Fault::new(FaultKind::NotSent, None, "forbidden"));
        self.attempt =
            Some(Attempt { again: false, claimed: reading(0), ended: reading(1), tries: 1, outcome });
        self
    }

    /// A look by name at so many seconds found these.
    pub fn looked(self, seconds: i64, own: Vec<RemoteJob>) -> Self {
        self.found(seconds, Found { own, ..Found::default() })
    }

    /// A look by name at so many seconds showed this.
    pub fn found(mut self, seconds: i64, found: Found) -> Self {
        let asked = Reading { wall: at(seconds + self.stepped), moment: moment(seconds) };
        self.lookup = Some(Lookup::after(self.lookup.as_ref(), asked, Ok(found)));
        self
    }

    /// A look by name failed.
    pub fn look_failed(self, seconds: i64) -> Self {
        self.look_failed_as(seconds, FaultKind::Throttled)
    }

    /// AWS refused a look by name at each of these seconds.
    pub fn looks_refused(self, looks: [i64; 2]) -> Self {
        looks.into_iter().fold(self, |scene, at| scene.look_failed_as(at, FaultKind::Refused))
    }

    /// A look by name failed so.
    pub fn look_failed_as(mut self, seconds: i64, kind: FaultKind) -> Self {
        let fault = Fault::new(kind, None, "Too Many Requests");
        self.lookup = Some(Lookup::after(self.lookup.as_ref(), reading(seconds), Err(fault)));
        self
    }

    /// A look at the job was made at so many seconds, before its cancellation; `None`: DescribeJobs left it out.
    pub fn glanced(mut self, seconds: i64, job: Option<RemoteJob>) -> Self {
        let (found, asked) = (Ok(job.map(Arc::new)), reading(seconds));
        self.look = Some(Look { job: JobId::new(JOB).unwrap(), asked, found });
        self
    }

    /// The same, and it failed.
    pub fn glance_failed(mut self, seconds: i64) -> Self {
        let found = Err(Fault::new(FaultKind::Throttled, None, "Too Many Requests"));
        self.look = Some(Look { job: JobId::new(JOB).unwrap(), asked: reading(seconds), found });
        self
    }

    /// DescribeJobs told of the job.
    pub fn seen(mut self, status: JobStatus) -> Self {
        self.sighting = Some(Sighting::Seen(Arc::new(job(status))));
        self
    }

    /// DescribeJobs told of this.
    pub fn saw(mut self, job: RemoteJob) -> Self {
        self.sighting = Some(Sighting::Seen(Arc::new(job)));
        self
    }

    /// DescribeJobs has left the job out in all looks between these seconds.
    pub fn missing(mut self, looks: std::ops::RangeInclusive<i64>) -> Self {
        self.sighting =
            Some(Sighting::Missing { since: moment(*looks.start()), until: moment(*looks.end()) });
        self
    }

    /// Every look at the job has failed so since then.
    pub fn unread(mut self, seconds: i64, kind: FaultKind) -> Self {
        let fault = Fault::new(kind, None, "not authorized to perform: batch:DescribeJobs");
        self.unread = Some(Unread { since: reading(seconds), fault });
        self
    }

    /// AWS answers looks again.
    pub fn answered_looks(mut self) -> Self {
        self.unread = None;
        self
    }

    /// Its place in the submission queue.
    pub fn turn(mut self, turn: Turn) -> Self {
        self.turn = turn;
        self
    }

    /// We asked AWS to terminate the job.
    pub fn asked_to_end(self, seconds: i64, fault: Option<FaultKind>) -> Self {
        self.asked(EndKind::Terminate, seconds, fault)
    }

    /// We asked AWS to end the job.
    pub fn asked(mut self, kind: EndKind, seconds: i64, fault: Option<FaultKind>) -> Self {
        self.end_asked = Some(EndAsked {
            at: moment(seconds),
            kind,
            ids: vec![JobId::new(JOB).unwrap()],
            fault: fault.map(|kind| Fault::new(kind, None, "no")),
        });
        self
    }
}
