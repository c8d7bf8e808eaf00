//! Builds situations that read as prose. Everything happens around noon of one day.

use std::collections::BTreeMap;

use aws_batch_operator::api::{Adoption, BatchJob, BatchJobStatus, DeletionPolicy, JobDependency, JobTarget};
use aws_batch_operator::job::{Accepted, Owned};
use aws_batch_operator::moment::{Moment, Reading};
use aws_batch_operator::plan::{
    Attempt, Claim, Claimed, EndAsked, Inspection, Look, Lookup, Owner, Parent, Plan, QueueSight, Settings,
    Sighting, Situation, Told, Turn, Unread, claimed, plan,
};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::ResourceExt;
use serde_json::{Value, json};

/// The object's UID.
pub const UID: &str = "0a1b2c3d-0000-4000-8000-000000000001";
/// Its job's id.
pub const JOB: &str = "11111111-2222-4333-8444-555555555555";

/// Who this process is in claims.
pub const HOLDER: &str = "operator-0_run-2";
/// An earlier process of the same pod.
pub const EARLIER: &str = "operator-0_run-1";

/// Noon plus so many seconds.
pub fn at(seconds: i64) -> Timestamp {
    "2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// What both clocks show so many seconds after noon. The process began an hour before.
pub fn reading(seconds: i64) -> Reading {
    Reading { wall: at(seconds), moment: moment(seconds) }
}

/// The monotonic clock so many seconds after noon.
pub fn moment(seconds: i64) -> Moment {
    Moment(SignedDuration::from_secs(3600 + seconds))
}

/// Everything that a situation is made of.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Seconds after noon.
    pub now: i64,
    pub(super) settings: Settings,
    /// The object as the API server would give it.
    pub object: BatchJob,
    pub(super) here: JobTarget,
    /// By how many seconds the wall clock has stepped since noon.
    pub(super) stepped: i64,
    pub(super) first_seen: i64,
    pub(super) known_claim: Option<Claim>,
    pub(super) claim_lost_at: Option<Reading>,
    pub(super) accepted: Option<Accepted>,
    pub(super) proven: Option<Owned>,
    pub(super) attempt: Option<Attempt>,
    pub(super) lookup: Option<Lookup>,
    pub(super) look: Option<Look>,
    pub(super) inspection: Option<Inspection>,
    pub(super) sighting: Option<Sighting>,
    pub(super) unread: Option<Unread>,
    pub(super) queue: Option<QueueSight>,
    pub(super) turn: Turn,
    pub(super) end_asked: Option<EndAsked>,
    pub(super) told: Option<Told>,
    pub(super) parents: BTreeMap<String, Parent>,
    pub(super) owner: Option<Owner>,
}

/// The state and the reason of a condition.
pub fn condition<'a>(status: &'a BatchJobStatus, kind: &str) -> Option<(&'a str, &'a str)> {
    let condition = status.conditions.iter().find(|condition| condition.type_ == kind)?;
    Some((condition.status.as_str(), condition.reason.as_str()))
}

/// An object that was created just now, at noon, and is seen at once.
pub fn created() -> Scene {
    Scene {
        now: 0,
        settings: Settings {
            holder: HOLDER.to_owned(),
            cluster_id: "cluster-1".to_owned(),
            region: "us-east-1".to_owned(),
            visibility_window: SignedDuration::from_secs(60),
            signature_life: SignedDuration::from_mins(6),
            default_deletion_policy: DeletionPolicy::Terminate,
            adoption: Adoption::Granted,
        },
        object: serde_json::from_value(json!({
            "apiVersion": "awsbatch.dev/v1alpha1",
            "kind": "BatchJob",
            "metadata": {
                "name": "example", "namespace": "team", "uid": UID, "generation": 1,
                "resourceVersion": "7", "creationTimestamp": at(0),
            },
            "spec": { "jobName": "example", "jobQueue": "HighPriority", "jobDefinition": "sleep60" },
        }))
        .unwrap(),
        here: JobTarget { account_id: Some("123456789012".to_owned()), region: "us-east-1".to_owned() },
        stepped: 0,
        first_seen: 0,
        known_claim: None,
        claim_lost_at: None,
        accepted: None,
        proven: None,
        attempt: None,
        lookup: None,
        look: None,
        inspection: None,
        sighting: None,
        unread: None,
        queue: None,
        turn: Turn::None,
        end_asked: None,
        told: None,
        parents: BTreeMap::new(),
        owner: None,
    }
}

impl Scene {
    /// So many seconds after noon.
    pub fn now(mut self, seconds: i64) -> Self {
        self.now = seconds;
        self
    }

    /// The operator works in this Region.
    pub fn region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.settings.region);
        region.clone_into(&mut self.here.region);
        self
    }

    /// The operator allows these adoptions.
    pub fn adoption(mut self, adoption: Adoption) -> Self {
        self.settings.adoption = adoption;
        self
    }

    /// The wall clock has stepped by so many seconds since noon.
    pub fn stepped(mut self, seconds: i64) -> Self {
        self.stepped = seconds;
        self
    }

    /// Merges members into the spec.
    pub fn spec(mut self, members: Value) -> Self {
        let mut spec = serde_json::to_value(&self.object.spec).unwrap();
        for (key, value) in members.as_object().unwrap() {
            spec[key] = value.clone();
        }
        self.object.spec = serde_json::from_value(spec).unwrap();
        self
    }

    /// The object was created, and this process started, so many seconds before noon resp. at noon.
    pub fn created_before(mut self, seconds: i64) -> Self {
        self.object.metadata.creation_timestamp = Some(Time(at(-seconds)));
        self
    }

    /// Someone deleted the object.
    pub fn deleted(mut self) -> Self {
        self.object.metadata.deletion_timestamp = Some(Time(at(self.now)));
        self
    }

    /// Claim and finalizer, as `holder` wrote them for the object `uid`.
    pub fn claim_of(self, holder: &str, uid: &str, seconds: i64) -> Self {
        let claim = json!({ "v": 1, "uid": uid, "at": at(seconds), "holder": holder, "target": self.here });
        self.claim_text(&claim.to_string())
    }

    /// Someone replaced the object by its manifest: claim and finalizer are gone. The process has seen the claim.
    pub fn replaced(mut self) -> Self {
        if let Claimed::Yes(claim) = claimed(&self.object) {
            self.known_claim = Some(claim);
        }
        self.claim_lost_at = Some(reading(self.now));
        self.object.annotations_mut().remove("awsbatch.dev/claim");
        self.without_finalizer()
    }

    /// Our own claim.
    pub fn claimed(self, seconds: i64) -> Self {
        self.claim_of(HOLDER, UID, seconds)
    }

    /// The annotation as someone edited it.
    pub fn claim_text(mut self, text: &str) -> Self {
        self.object.annotations_mut().insert("awsbatch.dev/claim".to_owned(), text.to_owned());
        self.finalizer()
    }

    /// Our finalizer.
    pub fn finalizer(mut self) -> Self {
        self.object.metadata.finalizers = Some(vec!["awsbatch.dev/job".to_owned()]);
        self
    }

    /// It waits for the BatchJob of that name, which is so.
    pub fn after(mut self, name: &str, parent: Parent) -> Self {
        let mut dependencies = self.object.spec.depends_on.take().unwrap_or_default();
        dependencies.push(JobDependency { name: Some(name.to_owned()), ..JobDependency::default() });
        self.object.spec.depends_on = Some(dependencies);
        self.parents.insert(name.to_owned(), parent);
        self
    }

    /// The BatchJob that it waits for is so by now.
    pub fn parent(mut self, name: &str, parent: Parent) -> Self {
        self.parents.insert(name.to_owned(), parent);
        self
    }

    /// The spec was changed since the status was written.
    pub fn changed(mut self) -> Self {
        self.object.metadata.generation = self.object.metadata.generation.map(|generation| generation + 1);
        self
    }

    /// The finalizer was removed.
    pub fn without_finalizer(mut self) -> Self {
        self.object.metadata.finalizers = None;
        self
    }

    pub fn annotation(mut self, key: &str, value: &str) -> Self {
        self.object.annotations_mut().insert(key.to_owned(), value.to_owned());
        self
    }

    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.object.labels_mut().insert(key.to_owned(), value.to_owned());
        self
    }

    /// The status that the plan for this very situation writes. A process that has written before wrote this one too, at the
    /// time of its latest status.
    pub fn settled(mut self) -> Self {
        if let Some(status) = self.plan().status {
            self.told = self.told.map(|told| Told::new(told.at, Some(&status)));
            self.object.status = Some(status);
        }
        self
    }

    /// What the planner says.
    pub fn plan(&self) -> Plan {
        plan(&self.situation())
    }

    /// What the planner sees.
    pub fn situation(&self) -> Situation<'_> {
        Situation {
            now: Reading { wall: at(self.now + self.stepped), moment: moment(self.now) },
            settings: &self.settings,
            here: &self.here,
            object: &self.object,
            first_seen: reading(self.first_seen),
            known_claim: self.known_claim.clone(),
            claim_lost_at: self.claim_lost_at,
            accepted: self.accepted.clone(),
            proven: self.proven.clone(),
            attempt: self.attempt.clone(),
            lookup: self.lookup.clone(),
            look: self.look.clone(),
            inspection: self.inspection.clone(),
            sighting: self.sighting.clone(),
            unread: self.unread.clone(),
            queue: self.queue,
            turn: self.turn,
            end_asked: self.end_asked.clone(),
            told: self.told,
            parents: self.parents.clone(),
            owner: self.owner,
        }
    }
}
