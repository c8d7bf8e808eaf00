//! The connection from one process to AWS Batch: the port, over the network of the simulation.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::aws::{Batch, Names, Page, Permit, Queue};
use aws_batch_operator::job::{Accepted, EndKind, Fault, FaultKind, JobId, JobStatus, RemoteJob, Submission};
use futures::future::{BoxFuture, FutureExt};
use jiff::Timestamp;
use tokio::time::{sleep, timeout};

use super::conditions::Condition;
use super::door::{arrive, end_each, is_not_looked_for, leave_out, may_list, mistake};
use super::link::{Link, Trouble};
use super::mutation::Mutation;
use super::wire::{Fate, carry, fate};
use super::world::{WINDOW, World};

/// The longest time for one attempt, from connection to last byte.
const ATTEMPT: Duration = Duration::from_secs(10);

/// The oldest view for a read. It adds to the time for which a job is hidden: both together are within the window.
const OLDEST_VIEW: Duration = Duration::from_secs(30);

/// The port of one process.
pub struct Port {
    pub world: Arc<World>,
    pub link: Arc<Link>,
}

impl Port {
    async fn submit_once(&self, submission: &Submission, permit: &Permit) -> Result<Accepted, Fault> {
        let (world, link) = (&self.world, &self.link);
        link.runs().await;
        permit.check().map_err(|why| fault(FaultKind::NotSent, why))?;
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
        let (there, account, who) = (world.clone(), link.account, link.identity.clone());
        let sent_at = world.now();
        self.call(move || {
            let taken = arrive(&there, account, &submission, signed_at);
            let (name, uid) = (&submission.name, &submission.tags["awsbatch.dev/uid"]);
            let late = there.now().duration_since(sent_at);
            if taken.is_ok() && late > WINDOW {
                there.reach("a request that is taken later than the window");
            }
            there.note(|| {
                format!("{who}: SubmitJob {name} of {uid}, signed {} => {taken:?}", submission.signed_at)
            });
            taken.map(|id| Accepted { id, arn: None, name: Some(submission.name.clone()) })
        })
        .await
    }

    /// One call over the network.
    async fn call<T: Send + 'static>(
        &self,
        effect: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let world = &self.world;
        self.link.runs().await;
        if self.link.has(Trouble::NoAws) {
            if world.roll(|dice| dice.percent(50)) {
                return Err(fault(FaultKind::NotSent, "connection refused"));
            }
            return std::future::pending().await;
        }
        let fate = fate(world, world.weather.aws_trouble);
        match fate {
            Fate::Refused => {
                let kinds = [FaultKind::Throttled, FaultKind::Refused, FaultKind::Denied, FaultKind::NotSent];
                let refused = fault(world.roll(|dice| *dice.pick(&kinds)), "refused");
                return Err(if refused.kind == FaultKind::NotSent { refused } else { refused.answered() });
            }
            Fate::Failed => return Err(self.failure()),
            _ => {}
        }
        let answer = carry(world, fate, effect).await;
        match fate {
            Fate::DoneAndFailed => Err(self.failure()),
            Fate::Answered if self.is_refused_on_the_way() => Err(self.word_of_the_middlebox()),
            _ => answer,
        }
    }

    /// A 500, from AWS itself or from a proxy.
    fn failure(&self) -> Fault {
        let failed = fault(FaultKind::Unclear, "500");
        if self.world.roll(|dice| dice.percent(50)) { failed.answered() } else { failed }
    }

    /// One read over the network, which may be answered with `{}`. `empty` is what a client then sees that accepts
    /// `{}`.
    async fn read<T: Send + 'static>(
        &self,
        empty: T,
        effect: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        if self.world.has(Condition::EmptyAnswers) && self.world.roll(|dice| dice.percent(90)) {
            self.world.reach("an answer that is not whole");
            self.link.runs().await;
            sleep(self.world.roll(|dice| dice.millis(2, 100))).await;
            return match self.world.mutation {
                Some(Mutation::EmptyIsWhole) => Ok(empty),
                _ => Err(fault(FaultKind::Unclear, "the answer is not whole")),
            };
        }
        self.call(effect).await
    }

    fn is_refused_on_the_way(&self) -> bool {
        let world = &self.world;
        world.weather.conditions.has(Condition::Middlebox)
            && !world.has_cleared()
            && world.roll(|dice| dice.percent(10))
    }

    /// A proxy's refusal looks like AWS's own, but lacks the request id. The product's client notices that.
    fn word_of_the_middlebox(&self) -> Fault {
        self.world.reach("done, and refused on the way back");
        let kinds = [FaultKind::Throttled, FaultKind::Refused, FaultKind::Denied];
        let believed = self.world.roll(|dice| *dice.pick(&kinds));
        let is_believed = self.world.mutation == Some(Mutation::MiddleboxBelieved);
        fault(if is_believed { believed } else { FaultKind::Unclear }, "a middlebox says no")
    }

    async fn within<T>(&self, call: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let late = fault(FaultKind::Unclear, "no answer in time");
        let is_believed_dead = self.world.mutation == Some(Mutation::ShortWaitAfterTimeout);
        let late = if is_believed_dead { late.answered() } else { late };
        timeout(ATTEMPT, call).await.unwrap_or(Err(late))
    }

    /// The time of the view that answers a read.
    fn view(&self) -> Timestamp {
        let world = &self.world;
        let is_old = world.weather.conditions.has(Condition::OldReads) && !world.has_cleared();
        if is_old && world.roll(|dice| dice.percent(40)) {
            world.reach("a read that is older than one before");
            return world.now() - world.roll(|dice| dice.seconds(1, OLDEST_VIEW.as_secs()));
        }
        world.now()
    }
}

impl Batch for Port {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        permit: Permit,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        async move {
            let outcome = self.within(self.submit_once(submission, &permit)).await;
            match outcome {
                Err(fault)
                    if fault.kind.is_unclear() && self.world.mutation == Some(Mutation::RetryUnclear) =>
                {
                    self.within(self.submit_once(submission, &permit)).await
                }
                outcome => outcome,
            }
        }
        .boxed()
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        let (world, account, ids) = (self.world.clone(), self.link.account, ids.to_vec());
        let seen_at = self.view();
        let as_of = seen_at.min(self.world.now() - self.world.roll(|dice| dice.millis(0, 2000)));
        let who = self.link.identity.clone();
        world.note(|| format!("{who}: DescribeJobs {ids:?}"));
        let call = self.read(Vec::new(), move || {
            let mut jobs = world.aws_of(account).describe(&ids, as_of, seen_at);
            leave_out(&world, &mut jobs);
            mistake(&world, &mut jobs);
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
        let (world, account) = (self.world.clone(), self.link.account);
        let (queue, name) = (queue.to_owned(), name.to_owned());
        let (who, seen_at) = (self.link.identity.clone(), self.view());
        let call = self.read(Page::default(), move || {
            may_list(&world)?;
            if is_not_looked_for(&world, &name) {
                return Ok(Page::default());
            }
            let (jobs, next) = world.aws_of(account).list(&queue, &name, from, seen_at);
            world.note(|| format!("{who}: ListJobs {name} => {jobs:?}"));
            Ok(Page { jobs, next: next.map(|next| next.to_string()) })
        });
        self.within(call).boxed()
    }

    fn created_before<'a>(
        &'a self,
        queue: &'a str,
        before: Timestamp,
    ) -> BoxFuture<'a, Result<Names, Fault>> {
        let (world, account, queue) = (self.world.clone(), self.link.account, queue.to_owned());
        let (who, seen_at) = (self.link.identity.clone(), self.view());
        let call = self.read(Names::default(), move || {
            may_list(&world)?;
            let mut names = world.aws_of(account).list_before(&queue, before, seen_at);
            if world.mutation == Some(Mutation::NamesLeftOut) {
                names = Names { jobs: Vec::new(), is_all: true };
            }
            world.reach("a list of the jobs before a time");
            world.note(|| format!("{who}: ListJobs before {before} => {names:?}"));
            Ok(names)
        });
        self.within(call).boxed()
    }

    fn in_state<'a>(
        &'a self,
        queue: &'a str,
        state: JobStatus,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        let from = page.and_then(|page| page.parse().ok()).unwrap_or(0);
        let (world, account, queue) = (self.world.clone(), self.link.account, queue.to_owned());
        let seen_at = self.view();
        let as_of = seen_at.min(self.world.now() - self.world.roll(|dice| dice.millis(0, 2000)));
        let call = self.read(Page::default(), move || {
            may_list(&world)?;
            let times = (as_of, seen_at);
            let (jobs, next) = world.aws_of(account).list_of_state((&queue, state), from, times);
            world.reach("a list of the jobs in a state");
            world.note(|| format!("ListJobs of state {state:?} => {}", jobs.len()));
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
        let (world, account, array) = (self.world.clone(), self.link.account, array.clone());
        let call = self.read(Page::default(), move || {
            let (jobs, next) = world.aws_of(account).failed_children(&array, from);
            Ok(Page { jobs, next: next.map(|next| next.to_string()) })
        });
        self.within(call).boxed()
    }

    /// Every queue exists. An older view may lack a queue.
    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>> {
        let is_there = self.world.roll(|dice| dice.percent(80));
        let queue = |name: &String| Queue { name: name.clone(), arn: name.clone(), takes_jobs: is_there };
        let seen: Vec<Queue> = queues.iter().map(queue).collect();
        let call = self.read(Vec::new(), move || Ok(seen));
        self.within(call).boxed()
    }

    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        let (world, account) = (self.world.clone(), self.link.account);
        let (ids, reason) = (ids.to_vec(), reason.to_owned());
        let who = self.link.identity.clone();
        let call = self.call(move || {
            world.note(|| format!("{who}: {kind:?} {ids:?}: {reason}"));
            if let Some(id) = ids.iter().find(|id| !world.aws_of(account).may_have(id)) {
                world.broken(format!("{id} was to be ended in account {account}, where it is not"));
            }
            Ok(end_each(&world, account, kind, &ids, &reason))
        });
        self.within(call).boxed()
    }
}

fn fault(kind: FaultKind, message: &str) -> Fault {
    Fault::new(kind, None, message)
}
