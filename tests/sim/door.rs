//! What AWS Batch does with a request that has arrived, by the conditions of the world at that moment.

use aws_batch_operator::job::{EndKind, Fault, FaultKind, Identity, JobId, RemoteJob, Submission};
use jiff::Timestamp;
use serde_json::Value;

use super::conditions::Condition;
use super::job::Shows;
use super::mutation::Mutation;
use super::object::adopts;
use super::world::World;

/// DescribeJobs may show a job up to this many seconds after ListJobs. The product relies on five windows.
const DESCRIBED_AFTER: u64 = 220;

/// So many requests for one object within an hour flood AWS. Pauses between requests grow to minutes, and each start of a
/// process begins a pause anew.
const MOST_IN_AN_HOUR: usize = 100;

/// For a while, DescribeJobs leaves out the jobs that statuses record.
pub fn leave_out(world: &World, jobs: &mut Vec<RemoteJob>) {
    if !world.has(Condition::Untold) {
        return;
    }
    let recorded: Vec<String> = world.rest(|rest| {
        let id = |object: &Value| object["status"]["jobId"].as_str().map(str::to_owned);
        rest.store.objects().iter().filter_map(id).collect()
    });
    let before = jobs.len();
    jobs.retain(|job| !recorded.iter().any(|id| id == job.id.as_str()));
    if jobs.len() < before {
        world.reach("DescribeJobs leaves out a job");
    }
}

/// Whether an operator with a mistake skips the search, because the object already has a job.
pub fn is_not_looked_for(world: &World, name: &str) -> bool {
    world.mutation == Some(Mutation::VanishedWithoutEvidence)
        && world.rest(|rest| {
            rest.store.objects().get(name).is_some_and(|object| !object["status"]["jobId"].is_null())
        })
}

/// Ends the jobs. Some of the requests fail before they have an effect, and some after.
pub fn end_each(
    world: &World,
    account: usize,
    kind: EndKind,
    ids: &[JobId],
    reason: &str,
) -> Vec<(JobId, Fault)> {
    let may_fail = world.weather.conditions.has(Condition::FailingEnds) && !world.has_cleared();
    let mut failed = Vec::new();
    for id in ids {
        let luck = if may_fail { world.roll(|dice| dice.below(100)) } else { 100 };
        if luck < 25 {
            world.reach("the end of one job is refused");
            failed.push((id.clone(), fault(FaultKind::Refused, "this one is not ended")));
            continue;
        }
        if luck < 50 {
            world.reach("an end that fails after its effect");
            failed.push((id.clone(), fault(FaultKind::Unclear, "500, of this one")));
        }
        world.aws_of(account).end(kind, std::slice::from_ref(id), reason, world.now());
    }
    failed
}

/// Whether AWS takes ListJobs now.
pub fn may_list(world: &World) -> Result<(), Fault> {
    if world.has(Condition::QueueGone) {
        world.reach("ListJobs is refused");
        return Err(fault(FaultKind::Refused, "JobQueue queue not found"));
    }
    if world.has(Condition::ListDenied) {
        world.reach("ListJobs is denied");
        return Err(fault(FaultKind::Denied, "not authorized to perform: batch:ListJobs"));
    }
    Ok(())
}

/// A SubmitJob reaches AWS. Each one needs a claim of its own.
pub fn arrive(
    world: &World,
    account: usize,
    submission: &Submission,
    signed_at: Timestamp,
) -> Result<JobId, Fault> {
    let uid = &submission.tags["awsbatch.dev/uid"];
    let is_claim = |claim: &serde_json::Value| {
        claim["uid"] == **uid && claim["at"].as_str() == Some(submission.signed_at.to_string().as_str())
    };
    let recent = world.aws_of(account).arrivals.note(uid, world.now());
    if recent == MOST_IN_AN_HOUR {
        world.broken(format!("the job of {uid} was sent {recent} times within an hour"));
    }
    // The latest claims come first: a world that breaks the promise above has many.
    if !world.rest(|rest| rest.claims.iter().rev().any(is_claim)) {
        world.broken(format!("a job of {uid} was sent without a claim"));
    }
    if world.has(Condition::QueueGone) {
        return Err(fault(FaultKind::Refused, "JobQueue queue not found"));
    }
    let (shows, now) = (shows(world), world.now());
    let taken = world.roll(|dice| world.aws_of(account).submit(submission, signed_at, (shows, now), dice));
    taken.ok_or_else(|| fault(FaultKind::Denied, "Signature expired"))
}

/// The times from which reads show a job that AWS accepts now.
fn shows(world: &World) -> Shows {
    let lag = world.weather.lag.as_secs();
    let once = || world.now() + world.roll(|dice| dice.millis(0, 1) + dice.seconds(0, lag));
    let conditions = &world.weather.conditions;
    if conditions.has(Condition::Untold) {
        let listed = once();
        let described = listed + world.roll(|dice| dice.seconds(0, DESCRIBED_AFTER));
        return Shows { listed, described, tagged: described };
    }
    if lag == 0 || !conditions.has(Condition::LaggingTags) {
        return Shows::from(once());
    }
    let shows = Shows { listed: once(), described: once(), tagged: once() };
    if shows.tagged > shows.described {
        world.reach("tags that lag behind their job");
    }
    shows
}

/// For the mistakes of this kind: changes each job into that of the object with its name. Or into that of the object
/// whose status or annotation names its id.
pub fn mistake(world: &World, jobs: &mut [RemoteJob]) {
    for job in jobs {
        let is_its = |object: &&Value| match world.mutation {
            Some(Mutation::AdoptByName) => object["metadata"]["name"] == job.name,
            Some(Mutation::StatusBelieved) => object["status"]["jobId"] == job.id.as_str(),
            Some(Mutation::NoConsent) => adopts(object) == Some(job.id.as_str()),
            _ => false,
        };
        let object = world.rest(|rest| rest.store.objects().iter().find(is_its).cloned());
        let Some(object) = object else { continue };
        let text = |member: &str| object["metadata"][member].as_str().unwrap_or_default().to_owned();
        let identity = Identity {
            uid: text("uid"),
            cluster: "cluster".to_owned(),
            namespace: text("namespace"),
            name: text("name"),
        };
        identity.tags().iter().for_each(|(key, value)| job.tags.insert(key, value));
    }
}

/// A fault in an answer of AWS itself.
fn fault(kind: FaultKind, message: &str) -> Fault {
    Fault::new(kind, None, message).answered()
}
