//! However often Argo CD looks, it finds nothing to change, and nothing runs again: all examples in one Application.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use aws_batch_operator::api::{BatchJob, Phase};
use batch_double::Config;
use serde_json::{Value, json};

use crate::application::Application;
use crate::operator::Operator;
use crate::stage::Stage;

/// The examples, as they are shipped.
fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let manifests = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let file = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    manifests.map(|path| (file(&path), fs::read_to_string(path).unwrap())).collect()
}

/// Which object each is, and how often its spec was written.
fn generations(stage: &Stage) -> BTreeMap<String, (String, i64)> {
    let meta = |object: BatchJob| object.metadata;
    let of = |meta: kube::core::ObjectMeta| (meta.uid.unwrap(), meta.generation.unwrap());
    stage.list().into_iter().map(meta).map(|meta| (meta.name.clone().unwrap(), of(meta))).collect()
}

/// Twenty looks: ten while jobs run, ten when they have ended.
fn check(name: &str, more: &Value) {
    let stage = Stage::with(name, &Config { scale: 0.05, ..Config::default() });
    let _operator = Operator::ready(&stage, &[]);
    let files = examples();
    let objects: usize = files.iter().map(|(_, text)| text.matches("\nkind: BatchJob\n").count()).sum();
    let files: Vec<_> = files.iter().map(|(file, text)| (file.as_str(), text.clone())).collect();
    let application = Application::with(&stage, &files, more.clone());
    application.wait_for_sync("Succeeded");
    let (synced, created) = (settled(&application), generations(&stage));
    assert_eq!(created.len(), objects);
    look(&application, &synced);
    let is_active = |phase| matches!(phase, Phase::Submitted | Phase::Running);
    stage.wait(Duration::from_mins(1), "no job runs any more", || {
        !stage.list().into_iter().any(|object| object.status.and_then(|s| s.phase).is_some_and(is_active))
    });
    let jobs = stage.double.accepted();
    look(&application, &synced);
    assert_eq!(stage.double.accepted(), jobs);
    assert_eq!(generations(&stage), created);
    stage.assert_none_twice();
}

/// Waits until Argo CD has seen all that its sync created; answers when its last sync ended. A comparison that comes before
/// the cache has the new objects calls the objects missing, and Argo CD syncs again at once.
fn settled(application: &Application<'_>) -> String {
    application.refresh("hard");
    application.wait("it is Synced and no sync is under way", || {
        let object = application.get();
        let (status, next) = (&object.data["status"], &object.data["operation"]);
        let is_synced = status["sync"]["status"] == "Synced";
        is_synced && next.is_null() && status["operationState"]["phase"] == "Succeeded"
    });
    application.status("/operationState/finishedAt")
}

fn look(application: &Application<'_>, synced: &str) {
    for how in ["hard", "normal"].into_iter().cycle().take(10) {
        application.refresh(how);
        let status = &application.get().data["status"];
        assert_eq!(status["sync"]["status"], "Synced", "{status:#}");
        assert_eq!(status["operationState"]["finishedAt"], synced, "it has synced again: {status:#}");
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn twenty_looks_find_no_drift_and_run_nothing_again() {
    check("argo-drift", &json!({ "syncPolicy": { "automated": { "prune": true, "selfHeal": true } } }));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_same_with_server_side_apply_and_diff() {
    let options = ["ServerSideApply=true"];
    let automated = json!({ "prune": true, "selfHeal": true });
    check("argo-drift-ssa", &json!({ "syncPolicy": { "automated": automated, "syncOptions": options } }));
}
