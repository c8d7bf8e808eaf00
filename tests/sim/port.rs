//! The way from one process to AWS Batch: the port, over the network of the simulation.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::batch::{
    Accepted, Batch, EndKind, Fault, FaultKind, JobId, Page, RemoteJob, Submission,
};
use aws_batch_operator::leader::Leadership;
use futures::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use tokio::time::{sleep, timeout};

use super::link::{Link, Trouble};
use super::mutation::Mutation;
use super::wire::{Fate, carry, fate};
use super::world::World;

/// One attempt, from connection to last byte.
const ATTEMPT: Duration = Duration::from_secs(10);

/// The port of one process.
pub struct Port {
    pub world: Arc<World>,
    pub link: Arc<Link>,
    pub leadership: Leadership,
}

impl Port {
    async fn submit_once(&self, submission: &Submission, not_after: Timestamp) -> Result<Accepted, Fault> {
        let (world, link) = (&self.world, &self.link);
        link.runs().await;
        if link.clock(world).now() > not_after {
            return Err(fault(FaultKind::NotSent, "the time for sending this request has passed"));
        }
        if !self.leadership.holds() {
            return Err(fault(FaultKind::NotSent, "another replica leads"));
        }
        // A process can be stopped after its last check: the worst moment there is.
        if !world.has_cleared() && world.roll(|dice| dice.percent(5)) {
            let length = world.roll(|dice| dice.seconds(1, 600));
            world.note(|| format!("{}: Stopped for {} s, before a send", link.identity, length.as_secs()));
            link.trouble(Trouble::Stopped, length);
        }
        sleep(world.roll(|dice| dice.millis(0, 5))).await;
        let submission = submission.clone();
        let signed_at = match world.mutation {
            Some(Mutation::SignedWhenSent) => world.now(),
            _ => submission.signed_at,
        };
        let (there, who) = (world.clone(), link.identity.clone());
        self.call(move || {
            let taken = arrive(&there, &submission, signed_at);
            let (name, uid) = (&submission.name, &submission.tags["awsbatch.dev/uid"]);
            there.note(|| {
                format!("{who}: SubmitJob {name} of {uid}, signed {} => {taken:?}", submission.signed_at)
            });
            match taken {
                Some(id) => Ok(Accepted { id, arn: None }),
                None => Err(fault(FaultKind::Denied, "Signature expired")),
            }
        })
        .await
    }

    /// One call over the network.
    async fn call<T: Send + 'static>(
        &self,
        effect: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.link.runs().await;
        if self.link.has(Trouble::NoAws) {
            if self.world.roll(|dice| dice.percent(50)) {
                return Err(fault(FaultKind::NotSent, "connection refused"));
            }
            return std::future::pending().await;
        }
        let fate = fate(&self.world, self.world.weather.aws_trouble);
        match fate {
            Fate::Refused => {
                let kinds = [FaultKind::Throttled, FaultKind::Refused, FaultKind::Denied, FaultKind::NotSent];
                return Err(fault(self.world.roll(|dice| *dice.pick(&kinds)), "refused"));
            }
            Fate::Failed => return Err(fault(FaultKind::Unclear, "500")),
            _ => {}
        }
        let answer = carry(&self.world, fate, effect).await;
        if fate == Fate::DoneAndFailed { Err(fault(FaultKind::Unclear, "500")) } else { answer }
    }

    async fn within<T>(&self, call: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        timeout(ATTEMPT, call).await.unwrap_or_else(|_| Err(fault(FaultKind::Unclear, "no answer in time")))
    }
}

impl Batch for Port {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        not_after: Timestamp,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        async move {
            let outcome = self.within(self.submit_once(submission, not_after)).await;
            match outcome {
                Err(fault)
                    if fault.kind.is_unclear() && self.world.mutation == Some(Mutation::RetryUnclear) =>
                {
                    self.within(self.submit_once(submission, not_after)).await
                }
                outcome => outcome,
            }
        }
        .boxed()
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        let (world, ids) = (self.world.clone(), ids.to_vec());
        let age = self.world.roll(|dice| dice.millis(0, 2000));
        let call = self.call(move || {
            let mut jobs = world.aws().describe(&ids, age, world.now());
            if world.mutation == Some(Mutation::AdoptByName) {
                for job in &mut jobs {
                    own(&world, job);
                }
            }
            Ok(jobs)
        });
        self.within(call).boxed()
    }

    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        let from = page.and_then(|page| page.parse().ok()).unwrap_or(0);
        let (world, queue, name) = (self.world.clone(), queue.to_owned(), name.to_owned());
        let who = self.link.identity.clone();
        let call = self.call(move || {
            let (jobs, next) = world.aws().list(&queue, &name, from, world.now());
            world.note(|| format!("{who}: ListJobs {name} => {jobs:?}"));
            Ok(Page { jobs, next: next.map(|next| next.to_string()) })
        });
        self.within(call).boxed()
    }

    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        let from = page.and_then(|page| page.parse().ok()).unwrap_or(0);
        let (world, array) = (self.world.clone(), array.clone());
        let call = self.call(move || {
            let (jobs, next) = world.aws().failed_children(&array, from);
            Ok(Page { jobs, next: next.map(|next| next.to_string()) })
        });
        self.within(call).boxed()
    }

    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        let (world, ids, reason) = (self.world.clone(), ids.to_vec(), reason.to_owned());
        let who = self.link.identity.clone();
        let call = self.call(move || {
            world.note(|| format!("{who}: {kind:?} {ids:?}: {reason}"));
            world.aws().end(kind, &ids, &reason, world.now());
            Ok(Vec::new())
        });
        self.within(call).boxed()
    }
}

/// A SubmitJob reaches AWS. Every one must have been claimed, with its own claim.
fn arrive(world: &World, submission: &Submission, signed_at: Timestamp) -> Option<JobId> {
    let uid = &submission.tags["awsbatch.dev/uid"];
    let is_claim = |claim: &serde_json::Value| {
        claim["uid"] == **uid && claim["at"].as_str() == Some(submission.signed_at.to_string().as_str())
    };
    if !world.rest(|rest| rest.claims.iter().any(is_claim)) {
        world.broken(format!("a job of {uid} was sent without a claim"));
    }
    let (lag, now) =
        (world.roll(|dice| dice.millis(0, 1) + dice.seconds(0, world.weather.lag.as_secs())), world.now());
    world.roll(|dice| world.aws().submit(submission, signed_at, (lag, now), dice))
}

/// Takes a job for that of the object of its name.
fn own(world: &World, job: &mut RemoteJob) {
    let uid =
        world.rest(|rest| Some(rest.store.objects().get(&job.name)?["metadata"]["uid"].as_str()?.to_owned()));
    if let Some(uid) = uid {
        job.tags.insert("awsbatch.dev/uid".to_owned(), uid);
    }
}

fn fault(kind: FaultKind, message: &str) -> Fault {
    Fault::new(kind, None, message)
}
