//! Gathers what is known of one object into a situation. Only reads memory: all reads of AWS run in the background, and
//! their results are stored here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::memory::Seen;
use crate::api::{BatchJob, JobTarget, TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE, TAG_UID};
use crate::key::Key;
use crate::plan::{Known, Owner, Parent, Sighting, Situation, Surroundings};

/// The newest version of the object, and what is known of it.
pub struct Observed {
    pub object: Arc<BatchJob>,
    known: Known,
    around: Surroundings,
    /// Where this process works.
    here: JobTarget,
}

/// Recalls what is known of the object.
pub fn observe(ctx: &Context, key: &Key, cached: &Arc<BatchJob>) -> Observed {
    let recall = |seen: Seen<'_>| ctx.memory.recall(key, cached, seen, ctx.clock.read());
    gather(ctx, key, recall, |object, here| ctx.dependencies.parents(key, object, here))
}

/// Like `observe`, without effect: nothing is remembered, and no wake is registered.
pub fn look_on(ctx: &Context, key: &Key, cached: &Arc<BatchJob>) -> Observed {
    let recall = |seen: Seen<'_>| ctx.memory.glimpse(key, cached, seen, ctx.clock.read());
    gather(ctx, key, recall, |object, here| ctx.dependencies.glimpse(key, object, here))
}

fn gather(
    ctx: &Context,
    key: &Key,
    recall: impl FnOnce(Seen<'_>) -> (Arc<BatchJob>, Known),
    parents: impl FnOnce(&BatchJob, &JobTarget) -> BTreeMap<String, Parent>,
) -> Observed {
    let sighting = ctx.target.tracker.sighting(key);
    let (object, known) = recall((sighting.as_ref(), ctx.settings.cluster_id.as_str()));
    let here = ctx.target.place.here();
    let around = Surroundings {
        unread: ctx.target.tracker.unread(key),
        queue: ctx.target.queues.sight(key),
        turn: ctx.target.queue.turn(key),
        parents: parents(&object, &here),
        owner: owner(ctx, &object, sighting.as_ref()),
        sighting,
    };
    Observed { object, known, around, here }
}

/// The other BatchJob of this cluster that the job's tags name, where the object asks to adopt the job.
fn owner(ctx: &Context, object: &BatchJob, sighting: Option<&Sighting>) -> Option<Owner> {
    let Some(Sighting::Seen(job)) = sighting.filter(|_| object.job_to_adopt().is_some()) else {
        return None;
    };
    let tag = |key: &str| job.tags.get(key);
    let uid = tag(TAG_UID).filter(|uid| object.metadata.uid.as_deref() != Some(uid))?;
    let is_ours = tag(TAG_CLUSTER) == Some(ctx.settings.cluster_id.as_str());
    is_ours.then(|| {
        let (namespace, name) = (tag(TAG_NAMESPACE).unwrap_or_default(), tag(TAG_NAME).unwrap_or_default());
        let is_seen = ctx.dependencies.scope(namespace).is_some_and(|scope| ctx.state.shows(scope));
        if is_seen { ctx.dependencies.owner(namespace, name, uid) } else { Owner::Unseen }
    })
}

impl Observed {
    /// The situation at this moment.
    pub fn situation<'a>(&'a self, ctx: &'a Context) -> Situation<'a> {
        let (known, around) = (self.known.clone(), self.around.clone());
        Situation::new((&self.object, known), around, (&ctx.settings, &self.here), ctx.clock.read())
    }
}
