//! The reconcile of one object: passes of observe, plan and execute, until the plan rests.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use kube::runtime::controller::Action;
use tracing::Instrument;

use super::Error;
use super::cached::Cached;
use super::context::Context;
use super::execute::{After, execute};
use super::observe::observe;
use super::span::span;
use crate::api::BatchJob;
use crate::key::Key;
use crate::plan::plan;

/// More passes than any sequence of steps needs. If a plan still has a step, the next reconcile continues.
const PASSES: usize = 6;

/// The pause after a conflict. The event of the other write usually wakes the object earlier.
const AFTER_CHANGE: Duration = Duration::from_secs(1);

/// Runs passes until nothing is left to do now. Returns the longest time until the next reconcile. A replica that does
/// not lead does nothing: when its term begins, it gets all objects again.
pub async fn bring_forward(ctx: &Context, cached: &Cached) -> Result<Option<Duration>, Error> {
    if !ctx.leadership.holds() {
        return Ok(None);
    }
    let key = Key::of(cached);
    bring(ctx, &key, cached).instrument(span(&key)).await
}

async fn bring(ctx: &Context, key: &Key, cached: &Cached) -> Result<Option<Duration>, Error> {
    let object = match cached.object() {
        Ok(object) => Arc::new(object),
        Err(error) => {
            ctx.reporter.undecodable(cached, &error);
            return Ok(None);
        }
    };
    let wake = passes(ctx, key, object).await;
    ctx.forget_if_gone(key);
    wake
}

async fn passes(ctx: &Context, key: &Key, object: Arc<BatchJob>) -> Result<Option<Duration>, Error> {
    for _ in 0..PASSES {
        if !ctx.leadership.holds() {
            return Ok(None);
        }
        let observed = observe(ctx, key, &object);
        let plan = plan(&observed.situation(ctx));
        let after = execute(ctx, key, &observed.object, &plan).await?;
        if after == After::Rest {
            ctx.memory.succeeded(key);
            return Ok(plan.wake);
        }
    }
    Ok(Some(AFTER_CHANGE))
}

/// The pause after a failed pass.
pub fn pause_after(ctx: &Context, cached: &Cached, error: &Error) -> Duration {
    let key = Key::of(cached);
    let _pass = span(&key).entered();
    match error {
        Error::Changed => {
            ctx.reporter.overtaken();
            ctx.memory.overtaken(&key);
            AFTER_CHANGE
        }
        Error::Busy => AFTER_CHANGE,
        _ => {
            let is_refused = error.refusal().is_some();
            let (failures, pause) = ctx.memory.failed(&key, is_refused);
            ctx.reporter.failed(cached, error, failures);
            pause
        }
    }
}

/// A pass that panics ends alone: the passes of other objects continue. As after a crash, the object and the memory
/// keep its effects. Its poisoned locks are used all the same.
pub async fn contained<T>(pass: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match AssertUnwindSafe(pass).catch_unwind().await {
        Ok(outcome) => outcome,
        Err(panic) => Err(Error::Panicked(words(panic.as_ref()))),
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}

/// [`bring_forward`] as the runtime calls it.
pub async fn reconcile(cached: Arc<Cached>, ctx: Arc<Context>) -> Result<Action, Error> {
    // Nobody closes the semaphore.
    let _pass = ctx.passes.acquire().await;
    let wake = contained(bring_forward(&ctx, &cached)).await?;
    Ok(wake.map_or_else(Action::await_change, Action::requeue))
}

/// [`pause_after`] as the runtime calls it.
#[allow(clippy::needless_pass_by_value, reason = "the runtime's signature")]
pub fn after_error(cached: Arc<Cached>, error: &Error, ctx: Arc<Context>) -> Action {
    Action::requeue(pause_after(&ctx, &cached, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[allow(clippy::panic, reason = "that is what is tested")]
    async fn a_pass_that_panics_is_one_that_failed_and_tells_why() {
        let number = 7;
        let failed = contained::<()>(async move { panic!("index {number}") }).await.unwrap_err();
        assert_eq!(failed.step(), "panicked");
        assert!(failed.to_string().contains("index 7"), "{failed}");
        let failed = contained::<()>(async { panic!("plain") }).await.unwrap_err();
        assert!(failed.to_string().contains("plain"), "{failed}");
        assert_eq!(contained(async { Ok(1) }).await.unwrap(), 1);
    }
}
