//! What one process knows of one object that the object itself does not show, and how it learns that.

use crate::api::BatchJob;
use crate::job::{Accepted, Fault, Found, JobId, Owned};
use crate::moment::{Moment, Reading};
use crate::plan::claim::{Claim, Claimed, claimed};
use crate::plan::deed::{Attempt, EndAsked, Lookup, Told};
use crate::plan::rule::identity::identity;
use crate::plan::rule::lost::has_lost_its_claim;
use crate::plan::sight::{Inspection, Look, Sighting};

/// What is known of one object. Every change is one of the methods. What few objects have is boxed, since each object has
/// an entry.
#[derive(Clone, Debug)]
pub struct Known {
    /// When this process saw the object first, since it leads and in this listing.
    pub(super) first_seen: Reading,
    /// The latest claim of the object that was seen. Whoever takes the claim away does not take it from here.
    pub(super) claim: Option<Box<Claim>>,
    /// When it was seen first that the claim is gone.
    pub(super) claim_lost_at: Option<Reading>,
    pub(super) accepted: Option<Accepted>,
    /// Its job, where this process has proven that it is.
    pub(super) proven: Option<Owned>,
    /// The latest attempt that brought no job.
    pub(super) attempt: Option<Box<Attempt>>,
    /// The latest look for its jobs by name.
    pub(super) lookup: Option<Box<Lookup>>,
    /// The latest look at its job before a cancellation.
    pub(super) look: Option<Box<Look>>,
    /// What was read of the parts of its job.
    pub(super) inspection: Option<Box<Inspection>>,
    /// The latest request to end its job.
    pub(super) end_asked: Option<Box<EndAsked>>,
    /// The status that this process wrote last.
    pub(super) told: Option<Told>,
}

impl Known {
    /// Nothing but that the object is there.
    pub fn new(now: Reading) -> Self {
        Self {
            first_seen: now,
            claim: None,
            claim_lost_at: None,
            accepted: None,
            proven: None,
            attempt: None,
            lookup: None,
            look: None,
            inspection: None,
            end_asked: None,
            told: None,
        }
    }

    /// Whether a job of the object is known, or a claim.
    pub fn may_have_a_job(&self) -> bool {
        self.accepted.is_some() || self.claim.is_some()
    }

    /// The watch showed this version of the object.
    pub fn shown(&mut self, object: &BatchJob, now: Reading) {
        if let Some(claim) = open_claim(object) {
            self.claim = Some(Box::new(claim));
        }
        let is_lost = has_lost_its_claim(object, self.claim.is_some());
        self.claim_lost_at = is_lost.then(|| self.claim_lost_at.unwrap_or(now));
    }

    /// A pass begins with this version of the object.
    pub fn observed(&mut self, object: &BatchJob, now: Reading) {
        self.shown(object, now);
        if self.accepted.is_none()
            && let Some(accepted) = recorded(object)
        {
            // A status that somebody takes back does not take back the job. How the job was found is of no more use.
            self.accepted = Some(accepted);
            (self.attempt, self.lookup, self.claim) = (None, None, None);
        }
        if object.has_ended() {
            // The status tells all of it; ten thousand indexes are not kept for ever.
            (self.inspection, self.look) = (None, None);
        }
    }

    /// AWS was seen to tell this of the object's job. Tags prove a job once and for all.
    pub fn sighted(&mut self, object: &BatchJob, sighting: Option<&Sighting>, cluster_id: &str) {
        if let (None, Some(Sighting::Seen(job))) = (&self.proven, sighting) {
            self.proven = Owned::tagged(job, &identity(object, cluster_id));
        }
    }

    /// The object was listed again, perhaps after a restore, or another replica has led since. What was looked up before
    /// proves nothing about it.
    pub fn seen_anew(&mut self, now: Reading) {
        (self.first_seen, self.claim_lost_at, self.lookup) = (now, None, None);
    }

    /// AWS accepted the job.
    pub fn accepted(&mut self, accepted: Accepted) {
        self.proven = Some(Owned::submitted(&accepted));
        (self.accepted, self.attempt) = (Some(accepted), None);
    }

    /// An attempt to submit brought no job.
    pub fn attempted(&mut self, attempt: Attempt) {
        self.attempt = Some(Box::new(attempt));
    }

    /// A look by name that began at `asked` was answered.
    pub fn searched(&mut self, asked: Reading, found: Result<Found, Fault>) {
        let lookup = Lookup::after(self.lookup.as_deref(), asked, found);
        self.lookup = Some(Box::new(lookup));
    }

    /// A look at the job before its cancellation was answered.
    pub fn looked(&mut self, look: Look) {
        self.look = Some(Box::new(look));
    }

    /// The parts of the job were read.
    pub fn inspected(&mut self, inspection: Inspection) {
        self.inspection = Some(Box::new(inspection));
    }

    /// This process has written the status of the object, as the API server shows it here.
    pub fn told(&mut self, object: &BatchJob, at: Moment) {
        self.told = Some(Told::new(at, object.status.as_ref()));
    }

    /// AWS was asked to end jobs of the object.
    pub fn asked_to_end(&mut self, asked: EndAsked) {
        self.end_asked = Some(Box::new(asked));
    }
}

/// The job that the status tells of.
fn recorded(object: &BatchJob) -> Option<Accepted> {
    let status = object.status.as_ref()?;
    let (arn, name) = (status.job_arn.clone(), status.job_name.clone());
    Some(Accepted { id: JobId::new(status.job_id.clone()?)?, arn, name })
}

/// The claim of an object whose status names no job yet; with a job, nobody asks for the claim any more.
fn open_claim(object: &BatchJob) -> Option<Claim> {
    let has_job = object.status.as_ref().is_some_and(|status| status.job_id.is_some());
    match claimed(object) {
        Claimed::Yes(claim) if !has_job => Some(claim),
        _ => None,
    }
}
