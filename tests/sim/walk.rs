//! All other actions of users between apply and delete: arrays, nodes, adoption, deadlines, time to live, policies,
//! other managers. Only every second world has them, so that the plain worlds stay unchanged.

use std::sync::Arc;

use aws_batch_operator::job::JobId;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::job::Job;
use super::world::{Tampering, World};

/// Gives a new object more features.
pub fn widen(world: &World, object: &mut Value) {
    if !world.weather.is_wide {
        return;
    }
    world.roll(|dice| {
        let spec = &mut object["spec"];
        if dice.percent(25) {
            spec["arrayProperties"] = json!({ "size": 2 + dice.below(4) });
        } else if dice.percent(20) {
            spec["nodeOverrides"] = json!({ "numNodes": 2 + dice.below(4) });
        }
        if dice.percent(20) {
            spec["dependsOn"] = json!([{ "name": dice.pick(&["a", "b", "c"]) }]);
        }
        if dice.percent(20) {
            spec["submissionPolicy"] = json!("AtMostOnce");
        }
        if dice.percent(7) {
            spec["managedBy"] = json!("another.example/controller");
        }
        for (member, percent) in [
            ("activeDeadlineSeconds", 20),
            ("queueDeadlineSeconds", 25),
            ("submitDeadlineSeconds", 20),
            ("ttlSecondsAfterFinished", 20),
        ] {
            if dice.percent(percent) {
                spec[member] = json!(5 + dice.below(400));
            }
        }
        match dice.below(6) {
            0 => spec["deletionPolicy"] = json!("Cancel"),
            1 => spec["deletionPolicy"] = json!("Retain"),
            _ => {}
        }
        if dice.percent(25) {
            object["metadata"]["labels"] = json!({ "kustomize.toolkit.fluxcd.io/name": "apps" });
        }
    });
    if world.roll(|dice| dice.percent(15)) {
        object["metadata"]["annotations"]["awsbatch.dev/adopt"] = json!(job_to_adopt(world));
    }
}

/// An id that no job has, another owner's job, or, in worlds without hidden jobs, a job of another object.
fn job_to_adopt(world: &World) -> String {
    let now = world.now();
    let kind = world.roll(|dice| dice.below(3));
    let known: Vec<String> = world.aws().jobs.iter().map(|job| job.id.to_string()).collect();
    match kind {
        0 => JobId::nobody().to_string(),
        1 if !known.is_empty() && !world.weather.breaks_the_window => {
            world.roll(|dice| dice.pick(&known).clone())
        }
        _ => {
            let id = world.roll(|dice| world.aws().stranger("theirs", now, dice));
            if world.roll(|dice| dice.percent(50)) {
                grant(world, &id);
            }
            id.to_string()
        }
    }
}

/// The owner of the job lets all objects of the namespace adopt it.
fn grant(world: &World, id: &JobId) {
    let mut aws = world.aws();
    for job in aws.jobs.iter_mut().filter(|job| job.id == *id) {
        job.tags.insert("awsbatch.dev/adoptable-by".to_owned(), "cluster/sim/*".to_owned());
    }
}

/// A change of a mutable member.
pub fn change(world: &World) -> Value {
    world.roll(|dice| {
        let seconds = if dice.percent(30) { Value::Null } else { json!(5 + dice.below(400)) };
        match dice.below(7) {
            6 => json!({ "spec": { "submitDeadlineSeconds": seconds } }),
            0 => json!({ "spec": { "activeDeadlineSeconds": seconds } }),
            1 => json!({ "spec": { "queueDeadlineSeconds": seconds } }),
            2 => json!({ "spec": { "ttlSecondsAfterFinished": seconds } }),
            3 => json!({ "spec": { "suspend": dice.percent(50) } }),
            _ => {
                let policy = dice.pick(&["Terminate", "Cancel", "Retain"]);
                json!({ "spec": { "deletionPolicy": policy } })
            }
        }
    })
}

/// A user's change of claim or status of an object whose job may have been sent: a removal, or a false content.
pub fn tamper(world: &World, name: &str) -> Option<Value> {
    let tampering = world.weather.tampering.filter(|_| world.roll(|dice| dice.percent(70)))?;
    let object = world.rest(|rest| rest.store.objects().get(name).cloned())?;
    if tampering == Tampering::JobIds {
        let asks = world.roll(|dice| dice.percent(40));
        return Some(if asks { asking(world, &object) } else { forged(world, &object) });
    }
    let claim = object["metadata"]["annotations"]["awsbatch.dev/claim"].as_str()?;
    let mut claim: Value = serde_json::from_str(claim).ok()?;
    if claim["uid"] != object["metadata"]["uid"] {
        return None;
    }
    let edited = match (tampering, world.roll(|dice| dice.below(3))) {
        (Tampering::Statuses | Tampering::JobIds, _) => return Some(json!({ "status": null })),
        (Tampering::Claims, 0) => Value::Null,
        (Tampering::Claims, 1) => json!("{"),
        (Tampering::Claims, _) => {
            claim["at"] = json!("9999-12-30T22:00:00Z");
            json!(claim.to_string())
        }
    };
    Some(json!({ "metadata": { "annotations": { "awsbatch.dev/claim": edited } } }))
}

/// Another job to adopt during the life of the object: of another cluster, of any owner, of no owner, or no job at all.
fn asking(world: &World, object: &Value) -> Value {
    world.reach("another job to adopt");
    let any = others(world, object);
    let asked = match world.roll(|dice| dice.below(6)) {
        0 => Value::Null,
        1 => json!("11111111-2222-4333-8444-555555555555"),
        2 if !any.is_empty() => json!(format!("{}:0", world.roll(|dice| dice.pick(&any).clone()))),
        3 | 4 => json!(of_another_cluster(world)),
        _ if !any.is_empty() => json!(world.roll(|dice| dice.pick(&any).clone())),
        _ => json!("{"),
    };
    json!({ "metadata": { "annotations": { "awsbatch.dev/adopt": asked } } })
}

/// A job of another cluster's operator, in a namespace with the same name.
fn of_another_cluster(world: &World) -> String {
    let now = world.now();
    let id = world.roll(|dice| world.aws().stranger("theirs", now, dice));
    let mut aws = world.aws();
    for job in aws.jobs.iter_mut().filter(|job| job.id == id) {
        for (tag, value) in
            [("uid", id.as_str()), ("cluster", "another"), ("namespace", "sim"), ("name", "theirs")]
        {
            job.tags.insert(format!("awsbatch.dev/{tag}"), value.to_owned());
        }
    }
    id.to_string()
}

/// The jobs that are not the object's.
fn others(world: &World, object: &Value) -> Vec<String> {
    let is_others = |job: &&Job| object["metadata"]["uid"] != job.uid();
    world.aws().jobs.iter().filter(is_others).map(|job| job.id.to_string()).collect()
}

/// A status that names another owner's job, submitted long ago, so that every deadline has passed.
fn forged(world: &World, object: &Value) -> Value {
    let known = others(world, object);
    let id = match known.as_slice() {
        [] => "no-such-job".to_owned(),
        known => world.roll(|dice| dice.pick(known).clone()),
    };
    world.reach("a job id written into a status");
    json!({ "status": {
        "jobId": id, "submittedAt": "2020-01-01T00:00:00Z",
        "jobName": "theirs", "jobDefinition": "theirs", "reason": FORGED, "observedGeneration": 9_999,
    } })
}

/// The text of the hostile user.
const FORGED: &str = "theirs";

/// Whether the hostile user wrote this status last. The operator replaces the text with each word on the job. It leaves
/// the status of a job that has ended as it is, but for the generation.
pub fn is_by_hand(status: &Value) -> bool {
    status["reason"] == FORGED
}

/// AWS deletes jobs that their objects know of, as when a queue is deleted. Jobs in doubt stay, because their loss
/// would look like a job that never existed.
pub async fn forget(world: Arc<World>) {
    if !world.roll(|dice| dice.percent(20)) {
        return;
    }
    sleep(world.roll(|dice| dice.seconds(60, 900))).await;
    let recorded: Vec<String> = world.rest(|rest| {
        let id = |object: &Value| object["status"]["jobId"].as_str().map(str::to_owned);
        rest.store.objects().iter().filter_map(id).collect()
    });
    world.note(|| format!("AWS forgets {recorded:?}"));
    for job in &mut world.aws().jobs {
        job.is_forgotten |= recorded.iter().any(|id| id == job.id.as_str());
    }
}
