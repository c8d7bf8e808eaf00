//! Builds situations that read as prose. Everything happens around noon of one day.

use std::collections::BTreeMap;

use aws_batch_operator::api::{BatchJob, DeletionPolicy, JobDependency};
use aws_batch_operator::batch::{Accepted, EndKind, Fault, FaultKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::plan::{
    Attempt, EndAsked, Inspection, Lookup, Outcome, Owner, Parent, Plan, Settings, Sighting, Situation, Turn,
    plan,
};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::ResourceExt;
use serde_json::{Value, json};

use super::remote::{accepted, job};

/// The object's UID.
pub const UID: &str = "0a1b2c3d-0000-4000-8000-000000000001";
/// Its job's id.
pub const JOB: &str = "11111111-2222-4333-8444-555555555555";

/// Noon plus so many seconds.
pub fn at(seconds: i64) -> Timestamp {
    "2026-11-24T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// Everything a situation is made of, to be changed by the methods below.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Seconds after noon.
    pub now: i64,
    settings: Settings,
    /// The object as the API server would give it.
    pub object: BatchJob,
    first_seen: i64,
    accepted: Option<Accepted>,
    attempt: Option<Attempt>,
    lookup: Option<Lookup>,
    pub(super) inspection: Option<Inspection>,
    sighting: Option<Sighting>,
    turn: Turn,
    pub(super) end_asked: Option<EndAsked>,
    parents: BTreeMap<String, Parent>,
    pub(super) owner: Option<Owner>,
}

fn parsed(object: Value) -> BatchJob {
    serde_json::from_value(object).unwrap()
}

/// An object that was created just now, at noon, and is seen at once.
pub fn created() -> Scene {
    Scene {
        now: 0,
        settings: Settings {
            identity: "operator-0".to_owned(),
            started_at: at(-3600),
            cluster_id: "cluster-1".to_owned(),
            region: "us-east-1".to_owned(),
            visibility_window: SignedDuration::from_secs(60),
            signature_life: SignedDuration::from_mins(6),
            default_deletion_policy: DeletionPolicy::Terminate,
        },
        object: parsed(json!({
            "apiVersion": "awsbatch.dev/v1alpha1",
            "kind": "BatchJob",
            "metadata": {
                "name": "example", "namespace": "team", "uid": UID, "generation": 1,
                "resourceVersion": "7", "creationTimestamp": at(0),
            },
            "spec": { "jobName": "example", "jobQueue": "HighPriority", "jobDefinition": "sleep60" },
        })),
        first_seen: 0,
        accepted: None,
        attempt: None,
        lookup: None,
        inspection: None,
        sighting: None,
        turn: Turn::None,
        end_asked: None,
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

    /// This process started at so many seconds after noon, saw the object then, and remembers nothing.
    pub fn restarted(mut self, seconds: i64) -> Self {
        self.settings.started_at = at(seconds);
        (self.first_seen, self.now) = (seconds, seconds);
        (self.accepted, self.attempt, self.lookup, self.sighting) = (None, None, None, None);
        self
    }

    /// Someone deleted the object.
    pub fn deleted(mut self) -> Self {
        self.object.metadata.deletion_timestamp = Some(Time(at(self.now)));
        self
    }

    /// Claim and finalizer, as `holder` wrote them for the object `uid`.
    pub fn claim_of(self, holder: &str, uid: &str, seconds: i64) -> Self {
        let claim = json!({ "v": 1, "uid": uid, "at": at(seconds), "holder": holder }).to_string();
        self.claim_text(&claim)
    }

    /// Our own claim.
    pub fn claimed(self, seconds: i64) -> Self {
        self.claim_of("operator-0", UID, seconds)
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

    /// Someone's annotation.
    pub fn annotation(mut self, key: &str, value: &str) -> Self {
        self.object.annotations_mut().insert(key.to_owned(), value.to_owned());
        self
    }

    /// Someone's label.
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.object.labels_mut().insert(key.to_owned(), value.to_owned());
        self
    }

    /// The status that the plan for this very situation writes.
    pub fn settled(mut self) -> Self {
        if let Some(status) = self.plan().status {
            self.object.status = Some(status);
        }
        self
    }

    /// AWS accepted the job and the status says so.
    pub fn submitted(mut self) -> Self {
        self.accepted = Some(accepted());
        self = self.claimed(0).settled();
        self.accepted = None;
        self
    }

    /// AWS accepted the job; no status was written yet.
    pub fn accepted(mut self) -> Self {
        self.accepted = Some(accepted());
        self
    }

    /// The attempt of noon ended so, one second later.
    pub fn attempt(mut self, kind: FaultKind, message: &str) -> Self {
        let fault = Fault::new(kind, None, message);
        self.attempt = Some(Attempt {
            again: false,
            claimed_at: at(0),
            ended_at: at(1),
            tries: 1,
            outcome: if kind.is_unclear() { Outcome::Unclear(fault) } else { Outcome::NotAccepted(fault) },
        });
        self.claimed(0)
    }

    /// A look by name at so many seconds found these.
    pub fn looked(mut self, seconds: i64, found: Vec<RemoteJob>) -> Self {
        self.lookup = Some(Lookup { asked_at: at(seconds), found: Ok(found) });
        self
    }

    /// A look by name failed.
    pub fn look_failed(mut self, seconds: i64) -> Self {
        let fault = Fault::new(FaultKind::Throttled, None, "Too Many Requests");
        self.lookup = Some(Lookup { asked_at: at(seconds), found: Err(fault) });
        self
    }

    /// DescribeJobs told of the job.
    pub fn seen(mut self, status: JobStatus) -> Self {
        self.sighting = Some(Sighting::Seen(Box::new(job(status))));
        self
    }

    /// DescribeJobs told of this.
    pub fn saw(mut self, job: RemoteJob) -> Self {
        self.sighting = Some(Sighting::Seen(Box::new(job)));
        self
    }

    /// DescribeJobs has left the job out in all looks between these seconds.
    pub fn missing(mut self, looks: std::ops::RangeInclusive<i64>) -> Self {
        self.sighting = Some(Sighting::Missing { since: at(*looks.start()), until: at(*looks.end()) });
        self
    }

    /// Its place in the row.
    pub fn turn(mut self, turn: Turn) -> Self {
        self.turn = turn;
        self
    }

    /// We asked AWS to end the job.
    pub fn asked_to_end(mut self, seconds: i64, fault: Option<FaultKind>) -> Self {
        self.end_asked = Some(EndAsked {
            at: at(seconds),
            kind: EndKind::Terminate,
            ids: vec![JobId::new(JOB).unwrap()],
            fault: fault.map(|kind| Fault::new(kind, None, "no")),
        });
        self
    }

    /// What the planner says.
    pub fn plan(&self) -> Plan {
        plan(&Situation {
            now: at(self.now),
            settings: &self.settings,
            object: &self.object,
            first_seen: at(self.first_seen),
            accepted: self.accepted.clone(),
            attempt: self.attempt.clone(),
            lookup: self.lookup.clone(),
            inspection: self.inspection.clone(),
            sighting: self.sighting.clone(),
            turn: self.turn,
            end_asked: self.end_asked.clone(),
            parents: self.parents.clone(),
            owner: self.owner,
        })
    }
}
