//! Carries out a plan, and nothing but the plan: status first, then the step. The only writer.

use std::sync::Arc;

use super::context::Context;
use super::{Error, patch};
use crate::api::BatchJob;
use crate::causes::causes;
use crate::job::{EndKind, Fault, FaultKind, Owned};
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{Attempt, EndAsked, Outcome, Plan, Step, Submit, Urgency};
use crate::tracker::Read;

/// Whether another pass shall follow at once, because the step's outcome is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Plan again.
    Again,
    /// Wait for a change, or for the plan's own time.
    Rest,
}

/// Carries out `plan` for `object`. Warnings about a request are published before the request is sent. Other notes
/// follow the status, or the step if there is no status to write.
pub async fn execute(ctx: &Context, key: &Key, object: &Arc<BatchJob>, plan: &Plan) -> Result<After, Error> {
    // Without `..`: a new member does not compile until someone carries it out. `reconcile` wakes.
    let Plan { step, status, urgency, follow: _, queue: _, notes, wake: _, cause: _ } = plan;
    let mut untold = Some(notes);
    let mut tell = || untold.take().into_iter().for_each(|notes| ctx.reporter.publish(object, notes));
    // The next plan needs what the tracker knows of an ended job if the status cannot be written now. So the tracker
    // forgets the job only after the write.
    if plan.follow.is_some() || status.is_none() {
        follow(ctx, key, plan);
    }
    if !plan.keeps_turn() {
        ctx.target.queue.leave(key);
    }
    if matches!(step, Step::Submit(_)) {
        tell();
    }
    let mut object = object.clone();
    let mut refused = None;
    if let Some(status) = status {
        match ctx.writes.make(key, *urgency, patch::status(&ctx.client, &object, status)).await {
            Ok(with_status) => {
                object = written(ctx, key, with_status);
                let now = ctx.clock.read();
                ctx.memory.learn(key, |known| known.told(&object, now.moment));
                follow(ctx, key, plan);
                // No later plan has these notes, whatever becomes of the step.
                tell();
            }
            Err(error) if error.refusal().is_some() && needs_no_record(&object, step) => {
                refused = Some(error);
            }
            Err(error) => return Err(error),
        }
        if !ctx.leadership.holds() {
            return Ok(After::Again);
        }
    }
    let after = carry_out(ctx, key, &object, step).await?;
    if let Some(refused) = refused {
        return Err(refused);
    }
    tell();
    Ok(after)
}

/// Whether the step is done though the API server refuses the status for good: a deletion must not wait for that, nor a
/// deadline, nor a look. Everything else may need the record.
fn needs_no_record(object: &BatchJob, step: &Step) -> bool {
    object.metadata.deletion_timestamp.is_some()
        || matches!(step, Step::SearchByName(_) | Step::Look(_) | Step::ReadParts(_) | Step::EndJobs { .. })
}

async fn carry_out(ctx: &Context, key: &Key, object: &Arc<BatchJob>, step: &Step) -> Result<After, Error> {
    match step {
        Step::Rest => Ok(After::Rest),
        Step::TakeTurn => {
            ctx.target.queue.join(key.clone());
            Ok(After::Rest)
        }
        Step::SearchByName(_) | Step::Look(_) | Step::ReadParts(_) => {
            turn_to_aws(ctx, key, step).await;
            Ok(After::Rest)
        }
        Step::AddFinalizer => {
            written(
                ctx,
                key,
                ctx.writes.make(key, Urgency::Waits, patch::add_finalizer(&ctx.client, object)).await?,
            );
            Ok(After::Again)
        }
        Step::Submit(submit) => {
            claim_and_send(ctx, key, object, submit).await?;
            Ok(After::Again)
        }
        Step::EndJobs { .. } => {
            turn_to_aws(ctx, key, step).await;
            Ok(After::Again)
        }
        Step::RemoveFinalizer => {
            let write = patch::remove_finalizer(&ctx.client, object);
            written(ctx, key, ctx.writes.make(key, Urgency::of_release(object), write).await?);
            Ok(After::Again)
        }
        Step::Delete => {
            ctx.writes.make(key, Urgency::Waits, patch::delete(&ctx.client, object)).await?;
            Ok(After::Rest)
        }
    }
}

/// Has the tracker follow the job that the plan follows, and look at the queue that it waits for.
pub fn follow(ctx: &Context, key: &Key, plan: &Plan) {
    match &plan.follow {
        Some(id) => ctx.target.tracker.follow(key, id.clone()),
        None => ctx.target.tracker.forget(key),
    }
    ctx.target.queues.watch(key, plan.queue.as_deref());
}

/// Carries out a step that writes nothing to the object; the others are none of its.
pub async fn turn_to_aws(ctx: &Context, key: &Key, step: &Step) {
    match step {
        Step::SearchByName(question) => ctx.target.lookups.ask(key.clone(), Read::Jobs(question.clone())),
        Step::Look(job) => ctx.target.lookups.ask(key.clone(), Read::Job(job.clone())),
        Step::ReadParts(parts) => ctx.target.lookups.ask(key.clone(), Read::Parts(parts.clone())),
        Step::EndJobs { kind, ids, reason } => end(ctx, key, *kind, ids, reason).await,
        Step::Rest
        | Step::TakeTurn
        | Step::AddFinalizer
        | Step::Submit(_)
        | Step::RemoveFinalizer
        | Step::Delete => {}
    }
}

/// The write-ahead record, then the request. Whatever comes of it is remembered before anything else is done.
async fn claim_and_send(ctx: &Context, key: &Key, object: &BatchJob, submit: &Submit) -> Result<(), Error> {
    let permit = ctx.target.permit.clone().until(submit.claim.at + ctx.send_within);
    match ctx.writes.make(key, Urgency::Waits, patch::claim(&ctx.client, object, &submit.claim)).await {
        Ok(claimed) => written(ctx, key, claimed),
        Err(error) => {
            ctx.target.queue.leave(key);
            // The claim may have been written all the same: remember that nothing was sent for it.
            let fault = Fault::new(FaultKind::NotSent, None, &causes(&error));
            if !matches!(error, Error::Changed | Error::Busy) {
                not_accepted(ctx, key, submit, Outcome::NotClaimed(fault));
            }
            return Err(error);
        }
    };
    ctx.target.queue.spend(key);
    match ctx.target.batch.submit(&submit.submission, permit).await {
        Ok(accepted) => ctx.memory.learn(key, |known| known.accepted(accepted)),
        Err(fault) => {
            if fault.kind == FaultKind::Throttled {
                ctx.target.queue.slow_down();
            }
            let outcome =
                if fault.kind.is_unclear() { Outcome::Unclear(fault) } else { Outcome::NotAccepted(fault) };
            not_accepted(ctx, key, submit, outcome);
        }
    }
    Ok(())
}

fn not_accepted(ctx: &Context, key: &Key, submit: &Submit, outcome: Outcome) {
    let Submit { claim, claimed, tries, submission: _ } = submit;
    let ended = ctx.clock.read();
    let claimed = Reading { wall: claim.at, moment: *claimed };
    let tries = if matches!(outcome, Outcome::Unclear(_)) { 1 } else { tries.saturating_add(1) };
    let attempt = Attempt { claimed, again: claim.again, ended, tries, outcome };
    ctx.memory.learn(key, |known| known.attempted(attempt));
}

async fn end(ctx: &Context, key: &Key, kind: EndKind, jobs: &[Owned], reason: &'static str) {
    let asks = jobs.iter().map(|job| ctx.target.ender.end(kind, job.clone(), reason));
    let fault = futures::future::join_all(asks).await.into_iter().find_map(Result::err);
    let now = ctx.clock.read();
    let ids = jobs.iter().map(|job| job.id().clone()).collect();
    let asked = EndAsked { at: now.moment, kind, ids, fault };
    ctx.memory.learn(key, |known| known.asked_to_end(asked));
}

/// Remembers the version that our write left, until the cache shows it.
fn written(ctx: &Context, key: &Key, object: BatchJob) -> Arc<BatchJob> {
    let object = Arc::new(object);
    ctx.memory.wrote(key, object.clone());
    object
}
