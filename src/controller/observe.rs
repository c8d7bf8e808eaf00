//! Gathers what is known of one object into a situation. Reads memory only: whatever must be read from AWS is read in
//! the background, and its answer lies ready here.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::memory::Remembered;
use crate::api::BatchJob;
use crate::batch::{Accepted, JobId};
use crate::key::Key;
use crate::plan::{Parent, Situation};

/// The newest version of the object, and what is remembered of it.
pub struct Observed {
    /// The object.
    pub object: Arc<BatchJob>,
    /// The rest.
    remembered: Remembered,
    /// The objects that it names.
    parents: BTreeMap<String, Parent>,
}

/// Recalls what is known of the object.
pub fn observe(ctx: &Context, key: &Key, cached: &Arc<BatchJob>) -> Observed {
    let now = ctx.clock.now();
    let (object, mut remembered) = ctx.memory.recall(key, cached, now);
    if remembered.accepted.is_none()
        && let Some(accepted) = recorded(&object)
    {
        ctx.memory.update(key, now, |entry| {
            entry.accepted = Some(accepted.clone());
            // How it was found is of no more use.
            (entry.attempt, entry.lookup) = (None, None);
        });
        remembered.accepted = Some(accepted);
    }
    let parents = ctx.kin.parents(key, &object);
    Observed { object, remembered, parents }
}

/// The job that the status tells of. Remembered, so that a status taken back does not take back the job.
fn recorded(object: &BatchJob) -> Option<Accepted> {
    let status = object.status.as_ref()?;
    Some(Accepted { id: JobId::new(status.job_id.clone()?)?, arn: status.job_arn.clone() })
}

impl Observed {
    /// The situation at this moment.
    pub fn situation<'a>(&'a self, ctx: &'a Context, key: &Key) -> Situation<'a> {
        let Remembered { first_seen, accepted, attempt, lookup, end_asked, written: _, failures: _ } =
            self.remembered.clone();
        Situation {
            now: ctx.clock.now(),
            settings: &ctx.settings,
            object: &self.object,
            first_seen,
            accepted,
            attempt,
            lookup,
            sighting: ctx.target.poller.sighting(key),
            turn: ctx.target.pace.turn(key),
            end_asked,
            parents: self.parents.clone(),
        }
    }
}
