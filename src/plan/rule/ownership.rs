//! Whether a job is the object's. This check comes before every request to end a job, and before a status shows a job.

use crate::job::{Identity, JobId, Owned, RemoteJob, Whose};
use crate::plan::rule::consent;
use crate::plan::rule::identity::identity;
use crate::plan::sight::Sighting;
use crate::plan::situation::Situation;

/// What is proven of a job that the object's status names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The job is the object's.
    Own(Owned),
    /// The job has too few tags to decide. AWS may show a new job without tags, or a person removed them.
    None,
    /// The job belongs to another owner.
    Stranger,
}

impl Situation<'_> {
    /// The tag values of the object's job.
    pub fn identity(&self) -> Identity {
        identity(self.object, &self.settings.cluster_id)
    }

    /// Whose job it is. A proof holds for ever: AWS gives an id to one job only, and tags may be removed later.
    pub fn proof(&self, job: &RemoteJob) -> Proof {
        if let Some(owned) = self.proven.as_ref().filter(|owned| *owned.id() == job.id) {
            return Proof::Own(owned.clone());
        }
        let identity = self.identity();
        if let Some(owned) = Owned::tagged(job, &identity) {
            return Proof::Own(owned);
        }
        if self.adopts() == Some(job.id.as_str()) {
            return consent::may(self, job).map_or(Proof::Stranger, Proof::Own);
        }
        match identity.judge(&job.tags) {
            Whose::Own | Whose::Unknown => Proof::None,
            Whose::Another => Proof::Stranger,
        }
    }

    /// The job of that id, where it is proven to be the object's.
    pub fn owned(&self, id: &JobId) -> Option<Owned> {
        if let Some(owned) = self.proven.as_ref().filter(|owned| owned.id() == id) {
            return Some(owned.clone());
        }
        match &self.sighting {
            Some(Sighting::Seen(job)) if job.id == *id => match self.proof(job) {
                Proof::Own(owned) => Some(owned),
                Proof::None | Proof::Stranger => None,
            },
            _ => None,
        }
    }

    /// Whether the job that the status names was seen, and nothing proves it to be the object's.
    pub fn names_an_unproven_job(&self) -> bool {
        match (&self.sighting, self.recorded_job_id()) {
            (Some(Sighting::Seen(job)), Some(id)) if job.id == id => {
                !matches!(self.proof(job), Proof::Own(_))
            }
            _ => false,
        }
    }
}
