//! What the cache keeps of an object is enough: the planner says the same of the whole object and of what is kept of it.

use aws_batch_operator::controller::Cached;
use aws_batch_operator::job::JobStatus;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, OwnerReference};
use kube::ResourceExt;
use serde_json::{Value, json};

use super::adoption::adopts;
use super::cases::chapters;
use super::remote::{array, job, nodes};
use super::scene::{EARLIER, JOB, Scene, UID, created};

/// Everything that anybody may put on an object, beside what the scene has.
fn laden(mut scene: Scene) -> Scene {
    let full: Value = serde_json::from_str(include_str!("../full-spec.json")).unwrap();
    let mut spec = full;
    let own = serde_json::to_value(&scene.object.spec).unwrap();
    spec.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    scene.object.spec = serde_json::from_value(spec).unwrap();
    let metadata = &mut scene.object.metadata;
    metadata.managed_fields = Some(vec![ManagedFieldsEntry::default(); 3]);
    metadata.owner_references = Some(vec![OwnerReference { name: "owner".to_owned(), ..Default::default() }]);
    metadata.finalizers.get_or_insert_default().push("example.com/other".to_owned());
    scene.annotation("kubectl.kubernetes.io/last-applied-configuration", &"x".repeat(1_000)).label("app", "a")
}

/// The same in the hands of those who keep objects in Git.
fn kept() -> Vec<fn(Scene) -> Scene> {
    vec![
        |scene| scene,
        laden,
        |scene| laden(scene).annotation("argocd.argoproj.io/tracking-id", "apps:awsbatch.dev/BatchJob:a/b"),
        |scene| {
            laden(scene)
                .annotation("argocd.argoproj.io/tracking-id", "apps:awsbatch.dev/BatchJob:a/b")
                .annotation("argocd.argoproj.io/hook", "PostSync")
        },
        |scene| laden(scene).annotation("meta.helm.sh/release-name", "release"),
        |scene| laden(scene).label("argocd.argoproj.io/instance", "apps"),
        |scene| laden(scene).label("kustomize.toolkit.fluxcd.io/name", "apps"),
        |scene| laden(scene).label("helm.toolkit.fluxcd.io/name", "apps"),
    ]
}

/// Its job was found by its name after a restart, and has ended: whether there is a second one is looked at later.
fn recovered(members: Value) -> Scene {
    let claimed = created().spec(members).claim_of(EARLIER, UID, 0).restarted(50);
    claimed.now(60).looked(60, vec![job(JobStatus::Running)]).settled().seen(JobStatus::Succeeded).settled()
}

fn ended() -> Vec<(&'static str, Scene)> {
    let finished = || created().submitted().finalizer();
    let with = |members: Value| finished().spec(members).seen(JobStatus::Succeeded).settled();
    vec![
        ("ended", with(json!({}))),
        ("ended, and its time to live is over", with(json!({ "ttlSecondsAfterFinished": 5 })).now(100)),
        ("ended, changed since", with(json!({})).changed()),
        ("ended, deleted", with(json!({ "deletionPolicy": "Cancel" })).deleted()),
        ("ended, and its job is to be left alone", with(json!({ "deletionPolicy": "Retain" })).deleted()),
        ("ended, of another manager", with(json!({ "managedBy": "someone" }))),
        ("an array that ended", finished().saw(array(JobStatus::Failed, 7)).settled()),
        ("a multi-node job that ended", finished().saw(nodes(JobStatus::Failed)).settled()),
        ("never sent", created().spec(json!({ "parameters": { "p": "x".repeat(31_000) } })).settled()),
        ("ended, and a late look is due", recovered(json!({ "jobName": "other" })).now(900)),
        (
            "the same, deleted, and its jobs are to be left alone",
            recovered(json!({ "deletionPolicy": "Retain" })).now(900).deleted(),
        ),
        ("an adopted job that ended", adopts(JOB).finalizer().seen(JobStatus::Failed).settled()),
    ]
}

#[test]
fn the_planner_says_the_same_of_what_the_cache_keeps() {
    let cases = chapters().into_iter().flat_map(|chapter| chapter.cases).chain(ended());
    for (when, scene) in cases {
        for (number, keeping) in kept().into_iter().enumerate() {
            let whole = keeping(scene.clone());
            let mut trimmed = whole.clone();
            trimmed.object = Cached::from(trimmed.object).object().unwrap();
            assert_eq!(trimmed.plan(), whole.plan(), "{when}, kept in way {number}");
            assert_eq!(trimmed.object.finalizers(), whole.object.finalizers(), "{when}");
        }
    }
}
