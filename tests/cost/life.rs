//! One typical BatchJob at the moments of its life, and its job as AWS describes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_batch_operator::api::{Adoption, BatchJob, CLAIM_ANNOTATION, DeletionPolicy, JobTarget};
use aws_batch_operator::controller::{Memory, trim};
use aws_batch_operator::job::{Accepted, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::{Moment, Reading};
use aws_batch_operator::plan::{Plan, Settings, Sighting, Situation, Surroundings, Turn, plan};
use jiff::SignedDuration;
use kube::ResourceExt;
use serde_json::{Value, json};

use crate::client::Client;

const CLUSTER: &str = "cluster-1";

/// An object as the cache holds it, and all that its passes need.
pub struct Life {
    pub object: Arc<BatchJob>,
    pub memory: Memory,
    pub sighting: Option<Sighting>,
    turn: Turn,
    settings: Settings,
    here: JobTarget,
}

/// The object as the API server sends it while its job runs, but without its status.
pub fn sent() -> BatchJob {
    serde_json::from_str(include_str!("batchjob.json")).unwrap()
}

/// The object's job as AWS sends it.
pub fn job_sent(changes: Value) -> Value {
    let mut job: Value = serde_json::from_str(include_str!("job.json")).unwrap();
    let Value::Object(changes) = changes else { panic!("no members") };
    job.as_object_mut().unwrap().extend(changes);
    job
}

/// The object's job while it runs.
pub fn running_job() -> RemoteJob {
    job(json!({}))
}

/// The job after its end.
fn ended_job() -> RemoteJob {
    let (started, stopped) = (1_795_521_635_000_i64, 1_795_524_067_000_i64);
    let container = json!({
        "containerInstanceArn": "arn:aws:ecs:us-east-1:123456789012:container-instance/batch_Batch_1/0123456789abcdef",
        "taskArn": "arn:aws:ecs:us-east-1:123456789012:task/batch_Batch_1/fedcba9876543210fedcba9876543210",
        "logStreamName": "forecast/default/fedcba9876543210fedcba9876543210",
        "exitCode": 0,
    });
    let attempt = json!({
        "container": container, "startedAt": started, "stoppedAt": stopped,
        "statusReason": "Essential container in task exited",
    });
    job(json!({
        "status": "SUCCEEDED", "statusReason": "Essential container in task exited",
        "stoppedAt": stopped, "attempts": [attempt],
    }))
}

/// The answer of SubmitJob with this job.
pub fn accepted(job: &RemoteJob) -> Accepted {
    Accepted { id: job.id.clone(), arn: job.arn.clone(), name: Some(job.name.clone()) }
}

fn job(changes: Value) -> RemoteJob {
    let client = Client::of(&[job_sent(changes)]);
    client.describe(&[]).remove(0)
}

impl Life {
    /// The object is new, and it is its turn to be submitted.
    pub fn new() -> Self {
        let mut object = sent();
        object.annotations_mut().remove(CLAIM_ANNOTATION);
        object.metadata.finalizers = None;
        let life = Self::of(object);
        Self { turn: Turn::Granted, ..life }
    }

    /// The job runs, and the status says so.
    pub fn running() -> Self {
        let mut life = Self::of(sent());
        life.pass();
        let job = running_job();
        life.memory.learn(&Key::of(life.object.as_ref()), |known| known.accepted(accepted(&job)));
        life.sighting = Some(Sighting::Seen(Arc::new(job)));
        life.settled()
    }

    /// The job has ended, and the status does not say so yet.
    pub fn ended() -> Self {
        let mut life = Self::running();
        life.sighting = Some(Sighting::Seen(Arc::new(ended_job())));
        life
    }

    /// The status tells of the end, and nobody follows the job any more.
    pub fn finished() -> Self {
        let mut life = Self::ended().settled();
        assert!(life.object.has_ended(), "{:#?}", life.object);
        life.sighting = None;
        life
    }

    fn of(mut object: BatchJob) -> Self {
        trim(&mut object);
        Self {
            object: Arc::new(object),
            memory: Memory::default(),
            sighting: None,
            turn: Turn::None,
            settings: Settings {
                holder: "aws-batch-operator-7c9d8b6f5-x2x4q_6f1d".to_owned(),
                cluster_id: CLUSTER.to_owned(),
                region: "us-east-1".to_owned(),
                visibility_window: SignedDuration::from_secs(60),
                signature_life: SignedDuration::from_mins(6),
                default_deletion_policy: DeletionPolicy::Terminate,
                adoption: Adoption::Granted,
            },
            here: JobTarget { account_id: Some("123456789012".to_owned()), region: "us-east-1".to_owned() },
        }
    }

    /// Recalls what is known of the object, and plans.
    pub fn pass(&self) -> Plan {
        let (key, seen) = (Key::of(self.object.as_ref()), (self.sighting.as_ref(), CLUSTER));
        let (object, known) = self.memory.recall(&key, &self.object, seen, now());
        let around = Surroundings {
            sighting: self.sighting.clone(),
            unread: None,
            queue: None,
            turn: self.turn,
            parents: BTreeMap::new(),
            owner: None,
        };
        plan(&Situation::new((&object, known), around, (&self.settings, &self.here), now()))
    }

    /// The object with the status that its pass writes, as the process knows it afterwards.
    fn settled(mut self) -> Self {
        let mut object = self.object.as_ref().clone();
        while let Some(status) = self.pass().status {
            object.status = Some(status);
            trim(&mut object);
            self.object = Arc::new(object.clone());
        }
        let key = Key::of(&object);
        self.memory.learn(&key, |known| known.told(&object, now().moment));
        self
    }
}

/// A minute after the creation of the object.
pub fn now() -> Reading {
    Reading { wall: "2026-11-24T12:01:00Z".parse().unwrap(), moment: Moment(SignedDuration::from_mins(10)) }
}
