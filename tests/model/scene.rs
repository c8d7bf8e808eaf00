//! The situation of a view, in the planner's own types.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_batch_operator::api::{
    Adoption, BatchJob, BatchJobStatus, CLAIM_ANNOTATION, DeletionPolicy, FINALIZER, JobTarget,
};
use aws_batch_operator::job;
use aws_batch_operator::job::{Accepted, EndKind, Fault, FaultKind, Found, JobId, JobStatus, RemoteJob};
use aws_batch_operator::moment::{self, Moment};
use aws_batch_operator::plan::identity;
use aws_batch_operator::plan::{self, Settings, Sighting, Situation, Turn};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::ResourceExt;
use serde_json::json;

use super::jobs::{JOBS, Life, Seen};
use super::mutation::Mutation;
use super::object::{Claim, Holder, Record};
use super::observe::View;
use super::process::{Attempt, EndAsked, Lookup, Outcome};
use super::rules::Rules;
use super::time::{Reading, Tick};

/// The cluster's id.
const CLUSTER: &str = "cluster-1";

/// The object's UID.
pub const UID: &str = "0a1b2c3d-0000-4000-8000-000000000001";
/// The name of the object and of its job.
pub const NAME: &str = "example";
/// The names of the two processes in claims, and one name for all killed processes.
pub const HOLDERS: [&str; 3] = ["operator-0", "operator-1", "killed"];
/// The holder of an unknown claim.
const FORGOTTEN: &str = "forgotten";

/// Before all times that matter, and less than a day ago.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(-12);

/// The present time that the planner is given.
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

/// A reading of both clocks of a process; `None`: long ago. The monotonic clock was 0 a day ago.
fn reading(reading: Option<Reading>, rules: &Rules) -> moment::Reading {
    let wall = at(reading.map(|reading| reading.wall), rules);
    let by_wall = rules.errs(Mutation::MeasuredByWall);
    let shown = reading.map(|reading| if by_wall { reading.wall } else { reading.moment });
    moment::Reading { wall, moment: moment(shown, rules) }
}

fn moment(tick: Option<Tick>, rules: &Rules) -> Moment {
    Moment(at(tick, rules).duration_since(NOON) + SignedDuration::from_hours(24))
}

/// The present reading of a process whose wall clock shows `wall`.
pub fn now(wall: Tick, rules: &Rules) -> moment::Reading {
    reading(Some(Reading { wall, moment: 0 }), rules)
}

/// The name of a holder in a claim.
pub fn name(holder: Holder) -> &'static str {
    HOLDERS[holder.unwrap_or(2)]
}

/// The record that names the claim with this time and holder.
pub fn record(claimed_at: Timestamp, claimed_by: &str, rules: &Rules) -> Record {
    match HOLDERS.iter().position(|holder| *holder == claimed_by) {
        Some(holder) => Record::Of(Some(holder).filter(|holder| *holder < 2), tick(claimed_at, rules)),
        None => Record::Before,
    }
}

/// The time and the holder that a record names.
pub fn recorded(record: Record, rules: &Rules) -> (Timestamp, &'static str) {
    match record {
        Record::Never | Record::Before => (at(None, rules), FORGOTTEN),
        Record::Of(holder, claimed_at) => (at(Some(claimed_at), rules), name(holder)),
    }
}

/// Where both processes work.
pub fn here() -> JobTarget {
    JobTarget { account_id: Some("123456789012".to_owned()), region: "us-east-1".to_owned() }
}

fn length(ticks: Tick, rules: &Rules) -> SignedDuration {
    SignedDuration::from_secs(i64::from(ticks) * i64::from(rules.seconds))
}

/// The settings of one process.
pub fn settings(who: usize, rules: &Rules) -> Settings {
    let window = if rules.errs(Mutation::NoWindow) { 0 } else { rules.window() };
    let life = if rules.errs(Mutation::ShortLife) { rules.minutes(3) } else { rules.minutes(6) };
    Settings {
        holder: HOLDERS[who].to_owned(),
        cluster_id: CLUSTER.to_owned(),
        region: "us-east-1".to_owned(),
        visibility_window: length(window, rules),
        signature_life: length(life, rules),
        default_deletion_policy: DeletionPolicy::Terminate,
        adoption: Adoption::Granted,
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

/// The object of a view.
pub fn object(created: BatchJob, view: &View, status: Option<BatchJobStatus>, rules: &Rules) -> BatchJob {
    let (seen, memory) = (&view.object, &view.memory);
    let mut object = created;
    // The planner only checks whether the creation was more than five minutes before the first view of the object.
    let age = if memory.is_old { rules.minutes(6) } else { 0 };
    let created_at = reading(memory.first_seen, rules).wall - length(age, rules);
    object.metadata.creation_timestamp = Some(Time(created_at));
    object.metadata.deletion_timestamp = seen.is_deleting.then_some(Time(NOON));
    object.metadata.finalizers = seen.has_finalizer.then(|| vec![FINALIZER.to_owned()]);
    if let Some(claim) = seen.claim {
        let claim = self::claim(claim, rules).to_annotation();
        object.annotations_mut().insert(CLAIM_ANNOTATION.to_owned(), claim);
    }
    object.status = status;
    object
}

fn claim(claim: Claim, rules: &Rules) -> plan::Claim {
    plan::Claim {
        v: plan::Claim::VERSION,
        uid: UID.to_owned(),
        at: at(Some(claim.at), rules),
        holder: name(claim.holder).to_owned(),
        again: claim.again,
        target: Some(here()),
    }
}

/// The situation. The submission queue is empty, so each object that is ready has a turn.
pub fn situation<'a>(
    view: &View,
    (settings, here): (&'a Settings, &'a JobTarget),
    object: &'a BatchJob,
    rules: &Rules,
) -> Situation<'a> {
    let memory = &view.memory;
    let known_claim = memory.claim.filter(|_| !rules.errs(Mutation::LostIsNone));
    Situation {
        now: now(view.wall, rules),
        settings,
        here,
        object,
        first_seen: reading(memory.first_seen, rules),
        known_claim: known_claim.map(|known| claim(known, rules)),
        claim_lost_at: memory.claim_lost_at.map(|lost_at| reading(Some(lost_at), rules)),
        accepted: memory.accepted.map(|id| Accepted { id: job_id(id), arn: None, name: None }),
        // The tags in each look prove the owner again.
        proven: None,
        attempt: memory.attempt.map(|attempt| self::attempt(attempt, view, rules)),
        lookup: memory.lookup.map(|lookup| self::lookup(lookup, memory.accepted, rules)),
        look: None,
        inspection: None,
        sighting: view.sighting.map(|(id, life)| Sighting::Seen(Arc::new(job(usize::from(id), life)))),
        unread: None,
        queue: None,
        turn: Turn::Granted,
        // A status that waits for some seconds is a write at another time, and the model has writes at all times.
        told: None,
        end_asked: memory.end_asked.map(|asked| end_asked(asked, view, rules)),
        parents: BTreeMap::new(),
        owner: None,
    }
}

fn attempt(attempt: Attempt, view: &View, rules: &Rules) -> plan::Attempt {
    let unclear = fault(FaultKind::Unclear);
    let outcome = match attempt.outcome {
        Outcome::NotClaimed => plan::Outcome::NotClaimed(fault(FaultKind::NotSent)),
        Outcome::NotAccepted => plan::Outcome::NotAccepted(fault(FaultKind::Refused).answered()),
        Outcome::Unclear if !rules.errs(Mutation::ShortWait) => plan::Outcome::Unclear(unclear),
        Outcome::Unclear | Outcome::Answered => plan::Outcome::Unclear(unclear.answered()),
    };
    plan::Attempt {
        claimed: reading(Some(attempt.claimed), rules),
        again: attempt.again,
        ended: own(attempt.ended, view, rules),
        tries: 1,
        outcome,
    }
}

/// A reading at a moment whose wall time does not matter, as if the clocks had not stepped.
fn own(moment: Tick, view: &View, rules: &Rules) -> moment::Reading {
    reading(Some(Reading { wall: moment + view.wall, moment }), rules)
}

fn lookup(lookup: Lookup, accepted: Option<u8>, rules: &Rules) -> plan::Lookup {
    let found = match lookup.found {
        Seen::Jobs(found) => Ok(Found {
            own: (0..JOBS).filter_map(|id| Some(job(id, found[id]?))).collect(),
            undescribed: 0,
            untagged: 0,
            shows_the_job: accepted.is_some_and(|id| found[usize::from(id)].is_some()),
        }),
        Seen::Failed => Err(fault(FaultKind::Throttled)),
        Seen::Refused => Err(fault(FaultKind::Refused)),
    };
    let asked = reading(Some(lookup.asked), rules);
    // A refused search means that the queue is gone, and that earlier searches were refused too.
    let refused_since =
        (lookup.found == Seen::Refused).then(|| asked.moment + -SignedDuration::from_hours(1));
    plan::Lookup { asked, found, refused_since }
}

fn end_asked(asked: EndAsked, view: &View, rules: &Rules) -> plan::EndAsked {
    plan::EndAsked {
        at: own(asked.at, view, rules).moment,
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

/// A job as AWS describes it. Higher numbers are younger.
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
        current: job::Attempt::default(),
        attempts: 0,
        last_attempt: None,
        array: None,
        nodes: None,
        tags: identity(&created(), CLUSTER).tags().into_iter().collect(),
        is_cancelled: false,
        is_terminated: matches!(life, Life::Terminated | Life::Failed),
    }
}
