//! Runs one term of leadership after another. Background work runs only during a term: a follower never calls AWS.

use std::sync::Arc;

use super::afterlife;
use super::context::Context;
use crate::key::Key;
use crate::tracker::Answer;

/// Serves term after term, for ever. Calls `begun` at the start of each term: every object is then reconciled.
pub async fn serve(ctx: Arc<Context>, begun: impl Fn()) {
    loop {
        let term = ctx.leadership.gained().await;
        // Another replica may have led since our last term, so our reads are old. Our own actions stay true.
        ctx.target.tracker.clear();
        ctx.target.lookups.clear();
        ctx.target.queues.clear();
        ctx.memory.seen_anew(None, ctx.clock.read());
        begun();
        tokio::select! {
            biased;
            () = background(&ctx) => {}
            () = ctx.leadership.lost(term) => ctx.target.tracker.clear(),
        }
    }
}

/// All background work; it never ends.
async fn background(ctx: &Context) {
    let wake = |key: &Key| ctx.wake.wake(key);
    let answered = |key: &Key, answer: Answer| {
        ctx.memory.learn(key, |known| match answer {
            Answer::Jobs { asked, found } => known.searched(asked, found),
            Answer::Job(look) => known.looked(look),
            Answer::Parts(inspection) => known.inspected(inspection),
        });
        ctx.wake.wake(key);
    };
    let target = &ctx.target;
    tokio::join!(
        target.tracker.run(target.batch.clone(), ctx.clock.clone(), wake),
        target.lookups.run(target.batch.clone(), ctx.clock.clone(), answered),
        target.queues.run(target.batch.clone(), ctx.clock.clone(), wake),
        target.queue.run(wake),
        afterlife::run(ctx),
        ctx.dependencies.run(wake),
    );
}
