//! One wake of one object: observe, plan, execute, report, until the plan rests.

use std::sync::Arc;
use std::time::Duration;

use kube::runtime::controller::Action;

use super::context::Context;
use super::execute::{After, execute};
use super::observe::observe;
use super::{Error, Guarded};
use crate::clock;
use crate::key::Key;
use crate::plan::plan;

/// More passes than any sequence of steps needs; what is left over waits for its next wake.
const PASSES: usize = 6;

/// Someone else's write wins; its event wakes us, and this is for the case that it came before.
const AFTER_CHANGE: Duration = Duration::from_secs(1);

/// Brings one object forward as far as it goes.
pub async fn reconcile(guard: Arc<Guarded>, ctx: Arc<Context>) -> Result<Action, Error> {
    let object = match &guard.0 {
        Ok(object) => Arc::new(object.clone()),
        Err(invalid) => {
            ctx.reporter.undecodable(invalid);
            return Ok(Action::await_change());
        }
    };
    let key = Key::of(object.as_ref());
    for _ in 0..PASSES {
        let observed = observe(&ctx, &key, &object);
        let plan = plan(&observed.situation(&ctx, &key));
        let after = execute(&ctx, &key, &observed.object, &plan).await?;
        ctx.reporter.publish(&observed.object, &plan.notes);
        if after == After::Rest {
            ctx.memory.update(&key, clock::now(), |entry| entry.failures = 0);
            return Ok(plan.wake.map_or_else(Action::await_change, Action::requeue));
        }
    }
    Ok(Action::requeue(AFTER_CHANGE))
}

/// What follows a failed pass.
#[allow(clippy::needless_pass_by_value, reason = "the runtime's signature")]
pub fn after_error(guard: Arc<Guarded>, error: &Error, ctx: Arc<Context>) -> Action {
    ctx.reporter.failed(guard.as_ref(), error);
    match error {
        Error::Changed => Action::requeue(AFTER_CHANGE),
        _ => Action::requeue(ctx.memory.failed(&Key::of(guard.as_ref()), clock::now())),
    }
}
