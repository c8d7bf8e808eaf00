//! Ends the jobs of objects whose finalizer was bypassed, by the plan of a deleted object. These objects exist no more,
//! so a status is kept in memory only.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tracing::Instrument;

use super::context::Context;
use super::execute::{follow, turn_to_aws};
use super::observe::observe;
use super::span::span;
use crate::api::BatchJob;
use crate::key::Key;
use crate::plan::{Plan, plan};

/// The pause between two passes. Such objects are rare, and no event wakes them.
const PAUSE: Duration = Duration::from_secs(1);

/// Ends their jobs, one after the other, for ever.
pub async fn run(ctx: &Context) {
    loop {
        for (key, object) in ctx.bypassed.all().await {
            let left = bring_forward(ctx, &key, object).instrument(span(&key)).await;
            if left.is_none() {
                ctx.forget(&key);
            }
            ctx.bypassed.put(key, left);
        }
        sleep(PAUSE).await;
    }
}

/// Carries out the part of the plan that is for AWS, and keeps the status in `object`. `None`: nothing is left to do.
async fn bring_forward(ctx: &Context, key: &Key, mut object: Arc<BatchJob>) -> Option<Arc<BatchJob>> {
    let observed = observe(ctx, key, &object);
    let plan = plan(&observed.situation(ctx));
    follow(ctx, key, &plan);
    let lets_go = plan.lets_go();
    // Without `..`, as in `execute`. The other members would write to an object that does not exist.
    let Plan { step, status, notes, follow: _, queue: _, urgency: _, wake: _, cause: _ } = plan;
    turn_to_aws(ctx, key, &step).await;
    ctx.reporter.publish(&object, &notes);
    if lets_go {
        return None;
    }
    if status.is_some() {
        Arc::make_mut(&mut object).status = status;
    }
    Some(object)
}
