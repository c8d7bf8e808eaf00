//! One term of leadership after another, and what runs in the background only while one lasts: a replica that follows
//! makes no call of AWS.

use std::sync::Arc;

use super::afterlife;
use super::context::Context;
use crate::key::Key;
use crate::tracker::Answer;

/// Serves term after term, for ever. `begun` is told of the beginning of each: every object is then to be looked at.
pub async fn serve(ctx: Arc<Context>, begun: impl Fn()) {
    loop {
        let term = ctx.leadership.gained().await;
        // Another may have led since our last term: what we saw then is old. What we did stays true.
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

/// The tracker, the look-ups, the looks at queues, the submission queue, objects whose finalizer was bypassed, and the search for cycles; they never end.
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
