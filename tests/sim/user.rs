//! The actions of users: create, edit, delete and create again, copy with all annotations, restore a backup.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::conditions::Condition;
use super::object::has_reason;
use super::store::{self, Objects};
use super::walk;
use super::world::{Put, Tampering, World};

/// The time after good weather begins by which stopped processes run again and objects have advanced as far as
/// possible.
const FOR_ALL_TO_CALM_DOWN: Duration = Duration::from_mins(20);

/// The time after a replace by which the object has its finalizer again, if nothing troubles the operator.
const TO_MEND: Duration = Duration::from_mins(5);

/// The actions of one user on one object, from its creation on.
pub async fn work_on(world: Arc<World>, name: String) {
    sleep(world.roll(|dice| dice.seconds(0, 240))).await;
    create(&world, &name, &json!({}));
    for _ in 0..world.roll(|dice| dice.below(4)) {
        sleep(world.roll(|dice| if dice.percent(50) { dice.millis(0, 400) } else { dice.seconds(1, 400) }))
            .await;
        if let Some(change) = walk::tamper(&world, &name) {
            edit(&world, &name, &change);
            continue;
        }
        if world.weather.conditions.has(Condition::Manifests) && world.roll(|dice| dice.percent(40)) {
            put(&world, &name);
            continue;
        }
        if world.weather.is_wide && world.roll(|dice| dice.percent(50)) {
            edit(&world, &name, &walk::change(&world));
            continue;
        }
        match world.roll(|dice| dice.below(12)) {
            0 | 1 => delete(&world, &name).await,
            2 | 3 => {
                delete(&world, &name).await;
                sleep(world.roll(|dice| dice.seconds(0, 120))).await;
                create(&world, &name, &json!({}));
            }
            4 => edit(&world, &name, &json!({ "spec": { "suspend": true } })),
            5 | 6 => edit(&world, &name, &json!({ "spec": { "suspend": false } })),
            7 => edit(&world, &name, &json!({ "spec": { "deletionPolicy": "Retain" } })),
            8 => edit(&world, &name, &json!({ "metadata": { "annotations": { "note": "seen" } } })),
            9 => edit(&world, &name, &json!({ "spec": { "activeDeadlineSeconds": 60 } })),
            10 => copy(&world, &name),
            _ => edit(&world, &name, &json!({ "metadata": { "labels": { "team": "a" } } })),
        }
    }
}

fn create(world: &World, name: &str, annotations: &Value) {
    let held_back = world.weather.conditions.has(Condition::Days);
    let spec = world.roll(|dice| {
        let mut spec = json!({ "jobQueue": "queue", "jobDefinition": "definition" });
        if dice.percent(if held_back { 70 } else { 10 }) {
            spec["suspend"] = json!(true);
        }
        if dice.percent(15) && name != "a" {
            spec["dependsOn"] = json!([{ "name": "a" }]);
        }
        if dice.percent(5) {
            spec["deletionPolicy"] = json!("Cancel");
        }
        spec
    });
    let mut object = json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": name, "annotations": annotations }, "spec": spec,
    });
    walk::widen(world, &mut object);
    if world.weather.tampering == Some(Tampering::JobIds) {
        // An object trusts the statuses of its dependencies, which are in its own namespace.
        object["spec"].as_object_mut().unwrap().remove("dependsOn");
    }
    let spec = object["spec"].clone();
    let now = world.now();
    let created = world.rest(|rest| rest.store.create(object, now));
    world.note(|| {
        format!("user: create {name} {spec} => {:?}", created.map(|object| object["metadata"]["uid"].clone()))
    });
}

/// A copy as made by `kubectl get -o yaml` and `kubectl create`, with the claim.
fn copy(world: &World, name: &str) {
    let original = world.rest(|rest| rest.store.objects().get(name).cloned());
    if let Some(original) = original {
        create(world, &format!("{name}-copy"), &original["metadata"]["annotations"]);
    }
}

/// Every suspended object is resumed in the end.
pub fn resume_all(world: &World) {
    let names: Vec<String> = world.rest(|rest| rest.store.objects().iter().map(store::name).collect());
    for name in names {
        edit(world, &name, &json!({ "spec": { "suspend": false } }));
    }
}

/// Replaces the object by its manifest, like `kubectl replace` and `helm upgrade --force`. This removes the operator's
/// metadata and keeps the status. Some tools keep the annotations, others the finalizers.
fn put(world: &World, name: &str) {
    let Some(mut object) = world.rest(|rest| rest.store.objects().get(name).cloned()) else { return };
    let metadata = &mut object["metadata"];
    // A waiting deletion would complete, as after a removal by hand.
    if !metadata["deletionTimestamp"].is_null() {
        return;
    }
    let what = world.roll(|dice| dice.below(4));
    let (takes_claim, takes_finalizer) = (what != 0, what != 1);
    let had_finalizer = store::has_finalizers(&json!({ "metadata": metadata }));
    let claim = metadata["annotations"]["awsbatch.dev/claim"].clone();
    if takes_claim && !claim.is_null() {
        metadata["annotations"].as_object_mut().unwrap().remove("awsbatch.dev/claim");
        world.reach("a claim taken away by a manifest");
    }
    if takes_finalizer && had_finalizer {
        metadata.as_object_mut().unwrap().remove("finalizers");
        world.reach("a finalizer taken away by a manifest");
    }
    let status = &object["status"];
    let traces = ["Unconfirmed", "Refused", "AccessDenied", "Throttled"];
    let tells_of_it = !status["jobId"].is_null() || traces.iter().any(|reason| has_reason(status, reason));
    let took_a_secret = takes_claim && !claim.is_null() && !tells_of_it;
    let (at, uid) = (world.now(), object["metadata"]["uid"].as_str().unwrap().to_owned());
    let outcome = world.rest(|rest| rest.store.replace(object, at).is_ok());
    world.note(|| {
        format!("user: replace {name}, claim {takes_claim}, finalizer {takes_finalizer} => {outcome}")
    });
    world.put(Put { at, uid, took_a_secret });
}

/// In good weather: replaces all objects by their manifests, and some minutes later deletes some of them.
pub async fn put_and_delete(world: &World) {
    sleep((world.weather.clears_after + FOR_ALL_TO_CALM_DOWN).saturating_sub(world.elapsed())).await;
    let names: Vec<String> = world.rest(|rest| rest.store.objects().iter().map(store::name).collect());
    for name in &names {
        put(world, name);
    }
    sleep(TO_MEND).await;
    for name in names {
        if world.roll(|dice| dice.percent(40)) {
            delete(world, &name).await;
        }
    }
}

fn edit(world: &World, name: &str, patch: &Value) {
    let now = world.now();
    let outcome = world.rest(|rest| {
        let mut object = rest.store.objects().get(name).cloned()?;
        json_patch::merge(&mut object, patch);
        Some(rest.store.replace(object, now).is_ok())
    });
    world.note(|| format!("user: edit {name} {patch} => {outcome:?}"));
}

/// A real API server checks the finalizers first, and removes the object a moment later.
async fn delete(world: &World, name: &str) {
    let found = world.rest(|rest| rest.store.objects().get(name).cloned());
    if let Some(object) = found.filter(|object| !store::has_finalizers(object))
        && world.roll(|dice| dice.percent(50))
    {
        sleep(world.roll(|dice| dice.millis(0, 2000))).await;
        let now = world.now();
        world.note(|| format!("user: delete {name}, checked before"));
        return world.rest(|rest| rest.store.take_away(name, &object["metadata"]["uid"], now));
    }
    let now = world.now();
    let outcome = world.rest(|rest| rest.store.delete(name, &Value::Null, now).map(|_| ()));
    world.note(|| format!("user: delete {name} => {outcome:?}"));
}

/// Restores the database. All objects created since are removed, and so are all statuses.
pub fn restore(world: &World, earlier: Objects) {
    let now = world.now();
    world.note(|| "admin: the database is restored".to_owned());
    world.rest(|rest| rest.store.restore(earlier, now));
}
