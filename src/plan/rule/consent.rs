//! Whether an object may follow a job of another owner.

use std::time::Duration;

use crate::api::{Adoption, TAG_ADOPTABLE_BY, TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE};
use crate::job::{Identity, JobId, Owned, RemoteJob};
use crate::plan::rule::look::queue_name;
use crate::plan::rule::relation::Owner;
use crate::plan::situation::Situation;

/// The pause before consent is checked again. Nothing wakes the object when the other owner ends.
pub const ASK_AGAIN: Duration = Duration::from_secs(30);

/// The job as the object's own, or why it may not be. Whatever is unknown counts against the object. Without consent,
/// nothing about a job of another namespace is shown.
pub fn may(s: &Situation<'_>, job: &RemoteJob) -> Result<Owned, String> {
    let identity = s.identity();
    if let Some(owned) = Owned::tagged(job, &identity) {
        return Ok(owned);
    }
    let is_ours = tag(job, TAG_CLUSTER) == identity.cluster;
    let is_neighbours = is_ours && tag(job, TAG_NAMESPACE) == identity.namespace;
    if is_neighbours && s.owner == Some(Owner::Living) {
        let (namespace, name) = (&identity.namespace, tag(job, TAG_NAME));
        return Err(format!(
            "Job {} belongs to BatchJob {namespace}/{name}, which follows it. Looked at again",
            job.id
        ));
    }
    let has_consent = match s.settings.adoption {
        Adoption::Never => false,
        Adoption::Any => true,
        Adoption::Granted => is_neighbours && s.owner == Some(Owner::Gone) || is_granted(job, &identity),
    };
    if !has_consent {
        return Err(not_granted(s, &job.id));
    }
    if is_ours && matches!(s.owner, Some(Owner::Living | Owner::Unseen)) {
        return Err(format!(
            "Job {} belongs to another BatchJob, which may follow it. Looked at again",
            job.id
        ));
    }
    let (wanted, queue) =
        (queue_name(&s.object.spec.job_queue), queue_name(job.queue.as_deref().unwrap_or_default()));
    if wanted != queue {
        return Err(format!(
            "Job {} is in queue {queue}, and spec.jobQueue is {wanted}. Create a BatchJob with the job's queue",
            job.id
        ));
    }
    Ok(Owned::adopted(job))
}

/// Whether the owner of the job in AWS has tagged it for the object or for the object's namespace.
fn is_granted(job: &RemoteJob, identity: &Identity) -> bool {
    let Identity { uid: _, cluster, namespace, name } = identity;
    let granted = tag(job, TAG_ADOPTABLE_BY);
    granted == format!("{cluster}/{namespace}/{name}") || granted == format!("{cluster}/{namespace}/*")
}

fn not_granted(s: &Situation<'_>, id: &JobId) -> String {
    if s.settings.adoption == Adoption::Never {
        return format!("Job {id} is not adopted: the operator runs with --adoption=Never");
    }
    let Identity { uid: _, cluster, namespace, name } = s.identity();
    format!(
        "Job {id} is not adopted: nothing in AWS grants it to this BatchJob. Tag the job: {TAG_ADOPTABLE_BY}={cluster}/{namespace}/{name}. Looked at again"
    )
}

fn tag<'a>(job: &'a RemoteJob, key: &str) -> &'a str {
    job.tags.get(key).unwrap_or_default()
}
