//! Gathers what is known of one object into a situation. Reads memory only: whatever must be read from AWS is read in
//! the background, and its answer lies ready here.

use std::collections::BTreeMap;
use std::sync::Arc;

use kube::ResourceExt;

use super::context::Context;
use super::memory::Remembered;
use crate::api::{ADOPT_ANNOTATION, BatchJob, JobTarget, TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE, TAG_UID};
use crate::batch::{Accepted, JobId, Owned};
use crate::key::Key;
use crate::plan::{Owner, Parent, Sighting, Situation, identity};

/// The newest version of the object, and what is remembered of it.
pub struct Observed {
    /// The object.
    pub object: Arc<BatchJob>,
    /// The rest.
    remembered: Remembered,
    /// The latest look at its job.
    sighting: Option<Sighting>,
    /// The objects that it names.
    parents: BTreeMap<String, Parent>,
    /// Where this process works.
    here: JobTarget,
}

/// Recalls what is known of the object.
pub fn observe(ctx: &Context, key: &Key, cached: &Arc<BatchJob>) -> Observed {
    let now = ctx.clock.read();
    let (object, mut remembered) = ctx.memory.recall(key, cached, now);
    if remembered.accepted.is_none()
        && let Some(accepted) = recorded(&object)
    {
        ctx.memory.update(key, now, |entry| {
            entry.accepted = Some(accepted.clone());
            // How it was found is of no more use.
            (entry.attempt, entry.lookup, entry.claim) = (None, None, None);
        });
        remembered.accepted = Some(accepted);
    }
    if (remembered.inspection.is_some() || remembered.look.is_some()) && object.has_ended() {
        // The status tells all of it; ten thousand indexes are not kept for ever.
        ctx.memory.update(key, now, |entry| (entry.inspection, entry.look) = (None, None));
        (remembered.inspection, remembered.look) = (None, None);
    }
    let sighting = ctx.target.poller.sighting(key);
    if remembered.proven.is_none()
        && let Some(Sighting::Seen(job)) = &sighting
        && let Some(owned) = Owned::tagged(job, &identity(&object, &ctx.settings.cluster_id))
    {
        ctx.memory.update(key, now, |entry| entry.proven = Some(owned.clone()));
        remembered.proven = Some(owned);
    }
    let here = ctx.target.place.here();
    let parents = ctx.kin.parents(key, &object, &here);
    Observed { object, remembered, sighting, parents, here }
}

/// The job that the status tells of. Remembered, so that a status taken back does not take back the job.
fn recorded(object: &BatchJob) -> Option<Accepted> {
    let status = object.status.as_ref()?;
    let (arn, name) = (status.job_arn.clone(), status.job_name.clone());
    Some(Accepted { id: JobId::new(status.job_id.clone()?)?, arn, name })
}

/// The other BatchJob of this cluster that the job's tags name, where the object asks to adopt the job.
fn owner(ctx: &Context, object: &BatchJob, sighting: Option<&Sighting>) -> Option<Owner> {
    let Some(Sighting::Seen(job)) = sighting.filter(|_| object.annotations().contains_key(ADOPT_ANNOTATION))
    else {
        return None;
    };
    let tag = |key: &str| job.tags.get(key).map(String::as_str);
    let uid = tag(TAG_UID).filter(|uid| object.metadata.uid.as_deref() != Some(uid))?;
    let is_ours = tag(TAG_CLUSTER) == Some(ctx.settings.cluster_id.as_str());
    is_ours.then(|| {
        let (namespace, name) = (tag(TAG_NAMESPACE).unwrap_or_default(), tag(TAG_NAME).unwrap_or_default());
        let is_seen = ctx.kin.scope(namespace).is_some_and(|scope| ctx.state.shows(scope));
        if is_seen { ctx.kin.owner(namespace, name, uid) } else { Owner::Unseen }
    })
}

impl Observed {
    /// The situation at this moment.
    pub fn situation<'a>(&'a self, ctx: &'a Context, key: &Key) -> Situation<'a> {
        let Remembered {
            first_seen,
            claim,
            claim_lost_at,
            accepted,
            proven,
            attempt,
            lookup,
            look,
            inspection,
            end_asked,
            written: _,
            failures: _,
        } = self.remembered.clone();
        let owner = owner(ctx, &self.object, self.sighting.as_ref());
        Situation {
            now: ctx.clock.read(),
            settings: &ctx.settings,
            here: &self.here,
            object: &self.object,
            first_seen,
            known_claim: claim,
            claim_lost_at,
            accepted,
            proven,
            attempt,
            lookup,
            look,
            inspection,
            sighting: self.sighting.clone(),
            unread: ctx.target.poller.unread(key),
            queue: ctx.target.queues.sight(key),
            turn: ctx.target.pace.turn(key),
            end_asked,
            parents: self.parents.clone(),
            owner,
        }
    }
}
