//! An Application of Argo CD's that keeps a folder of a Git repository in the namespace of a stage.

use std::cell::Cell;
use std::time::{Duration, Instant};

use kube::Api;
use kube::api::{ApiResource, DeleteParams, DynamicObject, GroupVersionKind, Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use crate::argo::{NAMESPACE, argo};
use crate::git::Repository;
use crate::stage::Stage;

/// How long Argo CD may take for anything.
const SOON: Duration = Duration::from_mins(1);

/// The annotation that asks it to look again.
const REFRESH: &str = "argocd.argoproj.io/refresh";

/// A look takes a moment. After this time the request was overlooked.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(15);

/// An Application, named as the namespace of its stage. It is gone when this is dropped, and leaves its objects.
pub struct Application<'a> {
    stage: &'a Stage,
    api: Api<DynamicObject>,
    /// Its folder is `jobs`.
    pub git: Repository,
}

/// A manifest of a BatchJob; JSON is YAML.
pub fn job(name: &str, spec: Value) -> String {
    let object = json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": name }, "spec": spec,
    });
    object.to_string()
}

/// The spec of one in the queue `q`.
pub fn of(definition: &str) -> Value {
    json!({ "jobQueue": "q", "jobDefinition": definition })
}

impl<'a> Application<'a> {
    /// One that syncs by itself, prunes and heals, with these files in its folder.
    pub fn new(stage: &'a Stage, files: &[(&str, String)]) -> Self {
        Self::with(
            stage,
            files,
            json!({ "syncPolicy": { "automated": { "prune": true, "selfHeal": true } } }),
        )
    }

    /// One whose spec has these members beside source and destination.
    pub fn with(stage: &'a Stage, files: &[(&str, String)], more: Value) -> Self {
        let git = Repository::new(argo().dir().join("git").join(&stage.namespace));
        let kind = GroupVersionKind::gvk("argoproj.io", "v1alpha1", "Application");
        let resource = ApiResource::from_gvk(&kind);
        let api = Api::namespaced_with(stage.any_api().into_client(), NAMESPACE, &resource);
        let application = Self { stage, api, git };
        application.write(files);
        let mut spec = json!({
            "project": "default",
            "source": { "repoURL": application.git.url(), "targetRevision": "main", "path": "jobs" },
            "destination": { "server": "https://kubernetes.default.svc", "namespace": stage.namespace },
        });
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut object = DynamicObject::new(&stage.namespace, &resource);
        object.data = json!({ "spec": spec });
        stage.runtime.block_on(application.api.create(&PostParams::default(), &object)).unwrap();
        application
    }

    fn write(&self, files: &[(&str, String)]) {
        for (path, text) in files {
            self.git.write(&format!("jobs/{path}"), text);
        }
        self.git.commit();
    }

    /// Commits these files, and has Argo CD look.
    pub fn push(&self, files: &[(&str, String)]) {
        self.write(files);
        self.refresh("normal");
    }

    /// Commits that this file is gone, and has Argo CD look.
    pub fn remove(&self, path: &str) {
        self.git.remove(&format!("jobs/{path}"));
        self.git.commit();
        self.refresh("normal");
    }

    /// Has Argo CD look, and waits until it has. A request that comes while Argo CD ends another look may be overlooked: a
    /// person asks again.
    pub fn refresh(&self, how: &str) {
        let ask = |how: Option<&str>| self.patch(&json!({ "metadata": { "annotations": { REFRESH: how } } }));
        ask(Some(how));
        let asked = Cell::new(Instant::now());
        self.wait("it has looked", || {
            let has_looked = !self.get().metadata.annotations.unwrap_or_default().contains_key(REFRESH);
            if !has_looked && asked.get().elapsed() > ASKED_AGAIN_AFTER {
                ask(None);
                ask(Some(how));
                asked.set(Instant::now());
            }
            has_looked
        });
    }

    /// Has Argo CD sync, as soon as no other sync is under way.
    pub fn sync(&self) {
        self.wait("it takes a sync", || match argo().cli(&["app", "sync", &self.stage.namespace]) {
            Err(words) if words.contains("another operation is already in progress") => false,
            answer => answer.map(|_| true).unwrap(),
        });
    }

    /// The Application as it is now.
    pub fn get(&self) -> DynamicObject {
        self.stage.runtime.block_on(self.api.get(&self.stage.namespace)).unwrap()
    }

    /// A patch as a person makes it.
    pub fn patch(&self, patch: &Value) {
        let (name, patch) = (&self.stage.namespace, Patch::Merge(patch));
        self.stage.runtime.block_on(self.api.patch(name, &PatchParams::default(), &patch)).unwrap();
    }

    /// One member of its status, such as `/sync/status`; empty when it is not there.
    pub fn status(&self, pointer: &str) -> String {
        let object = self.get();
        let value = object.data.pointer(&format!("/status{pointer}")).unwrap_or(&Value::Null);
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until it is synced and of this health.
    pub fn wait_for(&self, health: &str) {
        let is_so = || self.status("/sync/status") == "Synced" && self.status("/health/status") == health;
        self.wait(&format!("it is Synced and {health}"), is_so);
    }

    /// Waits until the last sync has got so far, such as `Failed`; answers its message.
    pub fn wait_for_sync(&self, phase: &str) -> String {
        self.wait(&format!("its sync is {phase}"), || self.status("/operationState/phase") == phase);
        self.status("/operationState/message")
    }

    /// Asks again and again until it is so; fails when it takes too long.
    pub fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            if begun.elapsed() > SOON {
                let (status, log) = (&self.get().data["status"], argo().words());
                panic!("after {} s not yet: {what}\n{status:#}\n{log}", SOON.as_secs());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// What Argo CD shows of one BatchJob: its health and why.
    pub fn health_of(&self, name: &str) -> (String, String) {
        let answer = argo().cli(&["app", "get", &self.stage.namespace, "--output", "json"]).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let resources = answer["status"]["resources"].as_array().unwrap();
        let job = resources.iter().find(|one| one["kind"] == "BatchJob" && one["name"] == name);
        let member = |name: &str| job.unwrap()["health"][name].as_str().unwrap_or_default().to_owned();
        (member("status"), member("message"))
    }

    /// Runs an action on a BatchJob, as a person does.
    pub fn run_action(&self, action: &str, name: &str) {
        let app = &self.stage.namespace;
        let run = ["app", "actions", "run", app, action, "--kind", "BatchJob", "--resource-name", name];
        argo().cli(&run).unwrap();
    }
}

impl Application<'_> {
    /// Deletes it, and waits until it is gone.
    pub fn delete(self) {
        let delete = DeleteParams::default();
        self.stage.runtime.block_on(self.api.delete(&self.stage.namespace, &delete)).unwrap();
        let is_there =
            || self.stage.runtime.block_on(self.api.get_opt(&self.stage.namespace)).unwrap().is_some();
        self.stage.wait(SOON, "the Application is gone", || !is_there());
    }
}

impl Drop for Application<'_> {
    fn drop(&mut self) {
        // A test that has failed says why by itself.
        let _ = self.stage.runtime.block_on(self.api.delete(&self.stage.namespace, &DeleteParams::default()));
    }
}
