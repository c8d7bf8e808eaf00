//! The situation that a view stands for, in the planner's own types.

use std::collections::BTreeMap;

use aws_batch_operator::api::{
    BatchJob, BatchJobStatus, CLAIM_ANNOTATION, DeletionPolicy, FINALIZER, TAG_UID,
};
use aws_batch_operator::batch::{self, Accepted, EndKind, Fault, FaultKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::plan::{self, Claim, Outcome, Settings, Sighting, Situation, Turn};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::ResourceExt;
use serde_json::json;

use super::aws::{Found, JOBS, Life};
use super::mutation::Mutation;
use super::process::{Attempt, EndAsked, Lookup, View};
use super::rules::Rules;
use super::world::Tick;

/// The object's UID.
pub const UID: &str = "0a1b2c3d-0000-4000-8000-000000000001";
/// Its name, and its job's.
pub const NAME: &str = "example";
/// The identities of the two processes.
pub const HOLDERS: [&str; 2] = ["operator-0", "operator-1"];

/// Before everything that matters, and less than a day ago.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(-12);

/// Now, as the planner is told it: some noon.
const NOON: Timestamp = Timestamp::constant(1_795_521_600, 0);

/// A moment of the model; `None`: long ago.
pub fn at(tick: Option<Tick>, rules: &Rules) -> Timestamp {
    NOON + tick.map_or(LONG_AGO, |tick| length(tick, rules))
}

/// The moment of the model.
pub fn tick(at: Timestamp, rules: &Rules) -> Tick {
    let seconds = at.duration_since(NOON).as_secs();
    assert_eq!(seconds % i64::from(rules.seconds), 0, "a time between two ticks: {at}");
    Tick::try_from(seconds / i64::from(rules.seconds)).unwrap()
}

fn length(ticks: Tick, rules: &Rules) -> SignedDuration {
    SignedDuration::from_secs(i64::from(ticks) * i64::from(rules.seconds))
}

/// What holds for all objects of one process.
pub fn settings(who: usize, rules: &Rules) -> Settings {
    let window = if rules.errs(Mutation::NoWindow) { 0 } else { rules.window() };
    let life = if rules.errs(Mutation::ShortLife) { rules.minutes(3) } else { rules.minutes(6) };
    Settings {
        identity: HOLDERS[who].to_owned(),
        started_at: at(None, rules),
        cluster_id: "cluster-1".to_owned(),
        region: "us-east-1".to_owned(),
        visibility_window: length(window, rules),
        signature_life: length(life, rules),
        default_deletion_policy: DeletionPolicy::Terminate,
    }
}

/// The object as it was created.
pub fn created() -> BatchJob {
    let created = json!({
        "apiVersion": "awsbatch.dev/v1alpha1",
        "kind": "BatchJob",
        "metadata": { "name": NAME, "namespace": "team", "uid": UID, "generation": 1, "resourceVersion": "7" },
        "spec": { "jobName": NAME, "jobQueue": "HighPriority", "jobDefinition": "sleep60" },
    });
    serde_json::from_value(created).unwrap()
}

/// The object as it is by now.
pub fn object(created: BatchJob, view: &View, status: Option<BatchJobStatus>, rules: &Rules) -> BatchJob {
    let (seen, memory) = (&view.object, &view.memory);
    let mut object = created;
    // Of its creation the planner asks only whether it was more than five minutes before the object was first seen.
    let age = if memory.is_old { rules.minutes(6) } else { 0 };
    let created_at = at(memory.first_seen, rules) - length(age, rules);
    object.metadata.creation_timestamp = Some(Time(created_at));
    object.metadata.deletion_timestamp = seen.is_deleting.then_some(Time(NOON));
    object.metadata.finalizers = seen.has_finalizer.then(|| vec![FINALIZER.to_owned()]);
    if let Some(claim) = seen.claim {
        let (v, uid, holder) = (Claim::VERSION, UID.to_owned(), HOLDERS[claim.holder].to_owned());
        let claim = Claim { v, uid, at: at(Some(claim.at), rules), holder, again: claim.again };
        object.annotations_mut().insert(CLAIM_ANNOTATION.to_owned(), claim.to_annotation());
    }
    object.status = status;
    object
}

/// The situation. The row is empty: whoever wants to send has a turn. The pause after an attempt that AWS surely did not
/// take is over.
pub fn situation<'a>(
    view: &View,
    settings: &'a Settings,
    object: &'a BatchJob,
    rules: &Rules,
) -> Situation<'a> {
    let memory = &view.memory;
    Situation {
        now: at(Some(view.now), rules),
        settings,
        object,
        first_seen: at(memory.first_seen, rules),
        accepted: memory.accepted.map(|id| Accepted { id: job_id(id), arn: None }),
        attempt: memory.attempt.map(|attempt| self::attempt(&attempt, rules)),
        lookup: memory.lookup.map(|lookup| self::lookup(lookup, rules)),
        inspection: None,
        sighting: view.sighting.map(|(id, life)| Sighting::Seen(Box::new(job(usize::from(id), life)))),
        turn: Turn::Granted,
        end_asked: memory.end_asked.map(|asked| end_asked(asked, rules)),
        parents: BTreeMap::new(),
        owner: None,
    }
}

fn attempt(attempt: &Attempt, rules: &Rules) -> plan::Attempt {
    let outcome = match attempt.unclear_at {
        Some(_) => Outcome::Unclear(fault(FaultKind::Unclear)),
        None => Outcome::NotAccepted(fault(FaultKind::NotSent)),
    };
    plan::Attempt {
        claimed_at: at(attempt.claimed_at, rules),
        again: attempt.again,
        ended_at: at(attempt.unclear_at, rules),
        tries: 1,
        outcome,
    }
}

fn lookup(lookup: Lookup, rules: &Rules) -> plan::Lookup {
    let jobs = |found: Found| (0..JOBS).filter_map(|id| Some(job(id, found[id]?))).collect();
    let found = lookup.found.map(jobs).ok_or_else(|| fault(FaultKind::Throttled));
    plan::Lookup { asked_at: at(Some(lookup.asked_at), rules), found }
}

fn end_asked(asked: EndAsked, rules: &Rules) -> plan::EndAsked {
    plan::EndAsked {
        at: at(Some(asked.at), rules),
        kind: EndKind::Terminate,
        ids: (0..8).filter(|id| asked.ids & (1 << id) != 0).map(job_id).collect(),
        fault: asked.has_failed.then(|| fault(FaultKind::Throttled)),
    }
}

fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, None, "no")
}

fn job_id(id: u8) -> JobId {
    JobId::new(format!("job-{id}")).unwrap()
}

/// What AWS tells of a job; those with higher numbers are younger.
fn job(id: usize, life: Life) -> RemoteJob {
    let id = u8::try_from(id).unwrap();
    let created_at = NOON + LONG_AGO + SignedDuration::from_secs(i64::from(id));
    let status = match life {
        Life::Running | Life::Terminated => JobStatus::Running,
        Life::Succeeded => JobStatus::Succeeded,
        Life::Failed => JobStatus::Failed,
    };
    RemoteJob {
        id: job_id(id),
        name: NAME.to_owned(),
        arn: None,
        queue: Some("HighPriority".to_owned()),
        definition: None,
        status,
        status_reason: None,
        created_at: Some(created_at),
        started_at: None,
        stopped_at: None,
        current: batch::Attempt::default(),
        attempts: 0,
        last_attempt: None,
        array: None,
        nodes: None,
        tags: BTreeMap::from([(TAG_UID.to_owned(), UID.to_owned())]),
        is_cancelled: false,
        is_terminated: matches!(life, Life::Terminated | Life::Failed),
    }
}
