//! All that a plan may depend on, gathered beforehand. Holds facts and small questions about them; decides nothing.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kube::ResourceExt;

use crate::api::{Adoption, BatchJob, BatchJobStatus, DeletionPolicy, FIELD_MANAGER, FINALIZER, JobTarget};
use crate::job::{Accepted, JobId, Owned, job_name};
use crate::moment::Reading;
use crate::plan::claim::{Claim, Claimed};
use crate::plan::deed::{Attempt, EndAsked, Lookup, Told};
use crate::plan::known::Known;
use crate::plan::rule::relation::{Owner, Parent};
use crate::plan::sight::{Inspection, Look, QueueSight, Sighting, Unread};

/// What holds for every object of this process.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who this process is in claims. No other process, earlier ones of the pod included, bears the same name.
    pub holder: String,
    /// Value of the cluster tag.
    pub cluster_id: String,
    /// The AWS Region, for messages and links.
    pub region: String,
    /// How long after a possible send a job may still be invisible to ListJobs.
    pub visibility_window: SignedDuration,
    /// How long after the claim's time its request may reach AWS: AWS refuses a signature that is five minutes old, and
    /// one minute more is for clocks that disagree.
    pub signature_life: SignedDuration,
    /// For objects that name no deletion policy.
    pub default_deletion_policy: DeletionPolicy,
    /// Which jobs may be adopted.
    pub adoption: Adoption,
}

/// Where the object stands in the submission queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Not in the submission queue.
    #[default]
    None,
    /// In the submission queue.
    Waiting,
    /// May send now.
    Granted,
}

/// One object and all that is known around it, at one moment.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    pub now: Reading,
    /// What holds for every object.
    pub settings: &'a Settings,
    /// The account and Region that this process works in; the account where it is known.
    pub here: &'a JobTarget,
    /// The newest version of the object that this process knows of.
    pub object: &'a BatchJob,
    /// When this process saw the object first, since it leads.
    pub first_seen: Reading,
    /// The latest claim of the object that this process has seen, whatever became of it since.
    pub known_claim: Option<Claim>,
    /// When this process saw first that the object's claim was gone, or could not be read.
    pub claim_lost_at: Option<Reading>,
    /// The object's job as this process knows it, from AWS's answer or from an earlier status. Outlives a status that
    /// cannot be written, and one that a restore took back.
    pub accepted: Option<Accepted>,
    /// The job that this process has proven to be the object's.
    pub proven: Option<Owned>,
    /// What this process did last to submit it without getting a job.
    pub attempt: Option<Attempt>,
    /// The latest look for its jobs by name.
    pub lookup: Option<Lookup>,
    /// What was read of the parts of its job.
    pub inspection: Option<Inspection>,
    /// The latest look that was made at its job before a cancellation.
    pub look: Option<Look>,
    /// The tracker's latest look at its job.
    pub sighting: Option<Sighting>,
    /// Since when nobody could look at its job.
    pub unread: Option<Unread>,
    /// The latest look at its queue, where AWS refused its submission.
    pub queue: Option<QueueSight>,
    /// Its place in the submission queue.
    pub turn: Turn,
    /// The latest request to end its job.
    pub end_asked: Option<EndAsked>,
    /// The status that this process wrote last.
    pub told: Option<Told>,
    /// The BatchJobs that it waits for, by name.
    pub parents: BTreeMap<String, Parent>,
    /// The other BatchJob of this cluster that the tags of the job name which it asks to adopt.
    pub owner: Option<Owner>,
}

/// What was seen around an object: by the tracker, in the caches, and in the submission queue.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The tracker's latest look at its job.
    pub sighting: Option<Sighting>,
    /// Since when nobody could look at its job.
    pub unread: Option<Unread>,
    /// The latest look at its queue, where AWS refused its submission.
    pub queue: Option<QueueSight>,
    /// Its place in the submission queue.
    pub turn: Turn,
    /// The BatchJobs that it waits for, by name.
    pub parents: BTreeMap<String, Parent>,
    /// The other BatchJob of this cluster that the tags of the job name which it asks to adopt.
    pub owner: Option<Owner>,
}

impl<'a> Situation<'a> {
    /// The situation of an object of which this is known.
    pub fn new(
        (object, known): (&'a BatchJob, Known),
        around: Surroundings,
        (settings, here): (&'a Settings, &'a JobTarget),
        now: Reading,
    ) -> Self {
        let Known {
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
            told,
        } = known;
        let Surroundings { sighting, unread, queue, turn, parents, owner } = around;
        Self {
            now,
            settings,
            here,
            object,
            first_seen,
            known_claim: claim.map(unboxed),
            claim_lost_at,
            accepted,
            proven,
            attempt: attempt.map(unboxed),
            lookup: lookup.map(unboxed),
            look: look.map(unboxed),
            inspection: inspection.map(unboxed),
            sighting,
            unread,
            queue,
            turn,
            end_asked: end_asked.map(unboxed),
            told,
            parents,
            owner,
        }
    }

    /// The object's status, empty where there is none.
    pub fn status(&self) -> BatchJobStatus {
        self.object.status.clone().unwrap_or_default()
    }

    /// The job id that the status records.
    pub fn recorded_job_id(&self) -> Option<JobId> {
        JobId::new(self.object.status.as_ref()?.job_id.as_deref()?)
    }

    /// The object's job, from the status or from memory. Memory knows better where the status names a job that is not proven.
    pub fn job_id(&self) -> Option<JobId> {
        match (self.recorded_job_id(), &self.proven) {
            (Some(_), Some(owned)) if self.names_an_unproven_job() => Some(owned.id().clone()),
            (Some(id), _) => Some(id),
            (None, _) => self.accepted.as_ref().map(|accepted| accepted.id.clone()),
        }
    }

    /// The name its job has or will have.
    pub fn job_name(&self) -> String {
        match &self.object.spec.job_name {
            Some(name) => name.clone(),
            None => job_name(&self.object.name_any()),
        }
    }

    /// The name of the job that it has, as far as it is known. Only AWS can tell the name of an adopted job.
    pub fn known_job_name(&self) -> Option<String> {
        match (self.adopts(), self.claimed()) {
            (Some(_), _) => self.told_job_name(),
            (None, Claimed::Yes(_)) => Some(self.job_name()),
            // The job may have been adopted, and the annotation removed since.
            (None, _) => Some(self.told_job_name().unwrap_or_else(|| self.job_name())),
        }
    }

    /// The name that AWS gave with the job's id, or else that of the status, which people can write.
    fn told_job_name(&self) -> Option<String> {
        let id = self.job_id();
        let accepted = self.accepted.as_ref().filter(|accepted| Some(&accepted.id) == id.as_ref());
        let answered = accepted.and_then(|accepted| accepted.name.clone());
        answered.or_else(|| self.object.status.as_ref()?.job_name.clone())
    }

    /// Whether the status tells of an end. It never changes again.
    pub fn is_finished(&self) -> bool {
        self.object.has_ended()
    }

    /// Whether another controller looks after the object.
    pub fn is_managed_elsewhere(&self) -> bool {
        self.object.spec.managed_by.as_deref().is_some_and(|manager| manager != FIELD_MANAGER)
    }

    /// Whether someone deleted the object.
    pub fn is_deleting(&self) -> bool {
        self.object.metadata.deletion_timestamp.is_some()
    }

    /// Whether the object bears our finalizer.
    pub fn holds_finalizer(&self) -> bool {
        self.object.finalizers().iter().any(|finalizer| finalizer == FINALIZER)
    }

    /// The job that the object asks to follow in place of submitting one. An object that has a job of its own asks in vain:
    /// an annotation that comes later changes nothing, nor does a status that names the asked job as well.
    pub fn adopts(&self) -> Option<&str> {
        let asked = self.object.job_to_adopt()?;
        let has_submitted = matches!(self.claimed(), Claimed::Yes(_));
        let names_another = self.recorded_job_id().is_some_and(|id| id.as_str() != asked);
        let has_another = self.proven.as_ref().is_some_and(|owned| owned.id().as_str() != asked);
        (!has_another && (!has_submitted || !names_another)).then_some(asked)
    }

    /// What becomes of the job when the object is deleted.
    pub fn deletion_policy(&self) -> DeletionPolicy {
        self.object.spec.deletion_policy.unwrap_or(self.settings.default_deletion_policy)
    }

    /// The latest request to end this very job.
    pub fn end_asked_of(&self, id: &JobId) -> Option<&EndAsked> {
        self.end_asked.as_ref().filter(|asked| asked.ids.contains(id))
    }

    /// When the object was created.
    pub fn created_at(&self) -> Timestamp {
        self.object.metadata.creation_timestamp.as_ref().map_or(self.first_seen.wall, |time| time.0)
    }
}

#[allow(clippy::boxed_local, reason = "takes the content out of its box")]
fn unboxed<T>(content: Box<T>) -> T {
    *content
}
