//! Objects that were taken away in spite of our finalizer. An API server that checks a deletion just before the
//! finalizer is added takes the object away just after (kubernetes/kubernetes#77988), and whoever writes to its database
//! can do the same. Nobody can be told any more, but the job is ended all the same, by the plan of a deleted object.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::ResourceExt;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::Guarded;
use super::context::Context;
use super::execute::{follow, turn_to_aws};
use super::observe::observe;
use crate::api::{BatchJob, FINALIZER};
use crate::key::Key;
use crate::plan::{Step, plan};

/// The pause between two looks at them. They are rare, and nothing wakes them.
const PAUSE: Duration = Duration::from_secs(1);

/// The objects whose jobs are yet to be ended: as the watch showed them last, and with what was learnt since.
#[derive(Debug, Default)]
pub struct Torn {
    objects: Mutex<BTreeMap<Key, Arc<BatchJob>>>,
    more: Notify,
}

impl Torn {
    /// Called for every deletion that a watch shows. Answers whether the object was torn away: its deletion did not wait
    /// for our finalizer, and the object had a job or may have one. An object that was let go is shown with finalizer and
    /// `deletionTimestamp`.
    pub fn take(&self, ctx: &Context, gone: &Guarded) -> bool {
        let Ok(object) = &gone.0 else { return false };
        let key = Key::of(object);
        let has_waited = object.metadata.deletion_timestamp.is_some();
        let is_held = object.finalizers().iter().any(|finalizer| finalizer == FINALIZER);
        // Somebody who replaces an object by its manifest takes the finalizer away, and may delete before it is back.
        let may_run = !object.has_ended() && (names_a_job(object) || ctx.memory.may_have_a_job(&key));
        if has_waited || !(is_held || may_run) {
            return false;
        }
        ctx.reporter.torn(object);
        let mut object = object.clone();
        object.metadata.deletion_timestamp = Some(Time(ctx.clock.now()));
        self.objects().insert(key, Arc::new(object));
        self.more.notify_one();
        true
    }

    /// Ends their jobs, one after the other, for ever.
    pub async fn run(&self, ctx: &Context) {
        loop {
            let objects = self.objects().clone();
            if objects.is_empty() {
                self.more.notified().await;
                continue;
            }
            for (key, object) in objects {
                let left = bring_forward(ctx, &key, object).await;
                if let Some(object) = left {
                    self.objects().insert(key, object);
                } else {
                    self.objects().remove(&key);
                    ctx.forget(&key);
                }
            }
            sleep(PAUSE).await;
        }
    }

    fn objects(&self) -> MutexGuard<'_, BTreeMap<Key, Arc<BatchJob>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn names_a_job(object: &BatchJob) -> bool {
    object.status.as_ref().is_some_and(|status| status.job_id.is_some())
}

/// Carries out what of the plan is for AWS, and keeps the rest in `object`. `None`: nothing is left to do.
async fn bring_forward(ctx: &Context, key: &Key, object: Arc<BatchJob>) -> Option<Arc<BatchJob>> {
    let observed = observe(ctx, key, &object);
    let plan = plan(&observed.situation(ctx, key));
    follow(ctx, key, &plan);
    // Whatever else there is would write to an object that is gone.
    turn_to_aws(ctx, key, &plan.step).await;
    ctx.reporter.publish(&object, &plan.notes);
    let is_waiting = plan.follow.is_some() || plan.wake.is_some() || plan.status.is_some();
    if plan.step == Step::Release || (plan.step == Step::Rest && !is_waiting) {
        return None;
    }
    let mut object = object;
    if plan.status.is_some() {
        Arc::make_mut(&mut object).status = plan.status;
    }
    Some(object)
}
