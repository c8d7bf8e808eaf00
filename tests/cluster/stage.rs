//! What a test stands on: the shared control plane, a namespace, and ways to create and to wait.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use aws_batch_operator::api::{BatchJob, Phase};
use batch_double::{Config, Double};
use controlplane::{ControlPlane, Options};
use futures::{StreamExt, stream};
use kube::api::{ApiResource, DynamicObject, ListParams, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client};
use serde_json::{Value, json};
use stand::{Jobs, serve_batch_jobs};
use tokio::runtime::Runtime;

/// The user that the operator is: what it does is told apart by it.
pub const OPERATOR: &str = "system:serviceaccount:aws-batch-operator:aws-batch-operator";

/// Flags for an operator that gives a lost request up within seconds; for a [`Stage::hasty`].
pub const HASTY: [&str; 4] = ["--visibility-window", "3s", "--signature-life", "6s"];

/// The control plane of this test process, with the CRD and the operator's rights.
pub fn plane() -> MutexGuard<'static, ControlPlane> {
    static PLANE: OnceLock<Mutex<ControlPlane>> = OnceLock::new();
    let plane = PLANE.get_or_init(|| {
        let plane = ControlPlane::start(Options::default()).unwrap();
        plane.run(&["apply", "--server-side", "-f", &manifest("rbac.yaml")]).unwrap();
        serve_batch_jobs(|arguments| plane.run(arguments)).unwrap();
        allow_everywhere(&plane);
        Mutex::new(plane)
    });
    plane.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A time without the shared API server. The API server comes back even where the test fails.
pub struct Outage(());

impl Outage {
    /// Stops the API server.
    pub fn begin() -> Self {
        plane().stop_apiserver();
        Self(())
    }
}

impl Drop for Outage {
    fn drop(&mut self) {
        let started = plane().start_apiserver();
        assert!(started.is_ok() || std::thread::panicking(), "{started:?}");
    }
}

/// One of the manifests that people apply.
pub fn manifest(name: &str) -> String {
    format!("{}/deploy/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Lets the operator hold a Lease in this namespace.
pub fn allow_lease(plane: &ControlPlane, namespace: &str) {
    let (role, user) = ("--role=aws-batch-operator", format!("--user={OPERATOR}"));
    plane.run(&["-n", namespace, "apply", "-f", &manifest("rbac.yaml")]).unwrap();
    plane.run(&["-n", namespace, "create", "rolebinding", "operator", role, &user]).unwrap();
}

/// Lets the operator do what it does everywhere.
pub fn allow_everywhere(plane: &ControlPlane) {
    let role = "--clusterrole=aws-batch-operator";
    plane.run(&["create", "clusterrolebinding", "operator", role, &format!("--user={OPERATOR}")]).unwrap();
}

/// A namespace of its own, a double of its own, and a client.
pub struct Stage {
    pub namespace: String,
    /// Where the operator's Lease is.
    pub lease_namespace: String,
    pub double: Double,
    pub runtime: Runtime,
    client: Client,
}

impl Stage {
    /// A stage named after the test.
    pub fn new(name: &str) -> Self {
        Self::with(name, &Config::default())
    }

    /// A stage whose double refuses a signature that is five seconds old.
    pub fn hasty(name: &str) -> Self {
        Self::with(name, &Config { fresh_ms: 5_000, ..Config::default() })
    }

    /// A stage whose double is made so.
    pub fn with(name: &str, config: &Config) -> Self {
        let plane = plane();
        plane.run(&["create", "namespace", name]).unwrap();
        allow_lease(&plane, name);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let kubeconfig = Kubeconfig::read_from(plane.kubeconfig()).unwrap();
        let client = runtime.block_on(async {
            let options = KubeConfigOptions::default();
            let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await.unwrap();
            Client::try_from(config).unwrap()
        });
        Self {
            namespace: name.to_owned(),
            lease_namespace: name.to_owned(),
            double: Double::start(config).unwrap(),
            runtime,
            client,
        }
    }

    /// The same with the Lease in a namespace of its own, as it is where people install the operator.
    pub fn with_lease_apart(name: &str) -> Self {
        let lease_namespace = format!("{name}-lease");
        let plane = plane();
        plane.run(&["create", "namespace", &lease_namespace]).unwrap();
        allow_lease(&plane, &lease_namespace);
        drop(plane);
        Self { lease_namespace, ..Self::new(name) }
    }

    /// The namespace's BatchJobs.
    pub fn api(&self) -> Api<BatchJob> {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// The same without a type, as a stranger's client sees them.
    pub fn any_api(&self) -> Api<DynamicObject> {
        let resource = ApiResource::erase::<BatchJob>(&());
        Api::namespaced_with(self.client.clone(), &self.namespace, &resource)
    }

    /// Creates one from whatever a stranger's client sends.
    pub fn create_raw(&self, object: Value) {
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        self.runtime.block_on(self.any_api().create(&PostParams::default(), &object)).unwrap();
    }

    /// Creates one with this spec.
    pub fn create(&self, name: &str, spec: Value) {
        self.create_object(json!({
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": name }, "spec": spec,
        }));
    }

    /// Creates one from its whole manifest.
    pub fn create_object(&self, object: Value) {
        let object: BatchJob = serde_json::from_value(object).unwrap();
        self.runtime.block_on(self.api().create(&PostParams::default(), &object)).unwrap();
    }

    /// Creates `job-0` to `job-N` as fast as the API server takes them.
    pub fn create_many(&self, number: usize, spec: &Value) {
        let api = self.api();
        let one = |n: usize| {
            let api = api.clone();
            let mut object =
                BatchJob::new(&format!("job-{n}"), serde_json::from_value(spec.clone()).unwrap());
            object.metadata.namespace = Some(self.namespace.clone());
            async move { api.create(&PostParams::default(), &object).await.map(|_| ()).unwrap() }
        };
        self.runtime.block_on(stream::iter((0..number).map(one)).buffer_unordered(32).collect::<Vec<()>>());
    }

    /// One object as it is now.
    pub fn get(&self, name: &str) -> BatchJob {
        self.runtime.block_on(self.api().get(name)).unwrap()
    }

    /// One object, where it is.
    pub fn find(&self, name: &str) -> Option<BatchJob> {
        self.runtime.block_on(self.api().get_opt(name)).unwrap()
    }

    /// All objects as they are now.
    pub fn list(&self) -> Vec<BatchJob> {
        self.runtime.block_on(self.api().list(&ListParams::default())).unwrap().items
    }

    /// A patch as a person makes it.
    pub fn patch(&self, name: &str, patch: &Value) {
        let patch = kube::api::Patch::Merge(patch);
        self.runtime.block_on(self.api().patch(name, &kube::api::PatchParams::default(), &patch)).unwrap();
    }

    /// kubectl in the namespace; its answer.
    pub fn kubectl(&self, arguments: &[&str]) -> Result<String, controlplane::Error> {
        let mut all = vec!["-n", &self.namespace];
        all.extend(arguments);
        plane().run(&all)
    }

    /// Waits until every object has a job id, and answers how many jobs the double has of each UID.
    pub fn wait_until_submitted(&self, number: usize, within: Duration) {
        let has_id = |object: &BatchJob| object.status.as_ref().is_some_and(|status| status.job_id.is_some());
        self.wait(within, "every object has a job id", || {
            let objects = self.list();
            objects.len() == number && objects.iter().all(has_id)
        });
    }

    /// Waits for the phase of one object.
    pub fn wait_for_phase(&self, name: &str, phase: Phase, within: Duration) -> BatchJob {
        self.wait(within, &format!("{name} is {phase:?}"), || {
            self.find(name).and_then(|object| object.status?.phase) == Some(phase)
        });
        self.get(name)
    }

    /// Asks again and again until it is so; fails when it takes too long.
    pub fn wait(&self, within: Duration, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(
                begun.elapsed() < within,
                "after {} s not yet: {what}\n{:#?}",
                within.as_secs(),
                self.phases()
            );
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Fails if two jobs are of one object.
    pub fn assert_none_twice(&self) {
        let jobs = self.double.jobs();
        let jobs = Jobs::new(&jobs);
        let twice = jobs.twice();
        assert!(twice.is_empty(), "more than one job of an object: {twice:#?}");
    }

    /// Fails unless each object has exactly one job, the one that its status names.
    pub fn assert_exactly_once(&self) {
        let recorded =
            |object: BatchJob| (object.metadata.uid.unwrap(), object.status.unwrap().job_id.unwrap());
        let objects: Vec<_> = self.list().into_iter().map(recorded).collect();
        let jobs = self.double.jobs();
        assert_eq!(Jobs::new(&jobs).faults(&objects), [""; 0]);
    }

    fn phases(&self) -> BTreeMap<String, usize> {
        let mut phases = BTreeMap::new();
        for object in self.list() {
            let status = object.status.unwrap_or_default();
            let text = format!("{:?} {:?} {:?}", status.phase, status.job_id.is_some(), status.reason);
            *phases.entry(text).or_default() += 1;
        }
        phases
    }

    /// How often the operator asked for a change of a BatchJob of this namespace, by subresource.
    pub fn writes(&self) -> BTreeMap<String, usize> {
        let mut writes = BTreeMap::new();
        for event in plane().audit().unwrap() {
            let is_ours = event.user == OPERATOR && event.namespace == self.namespace;
            if is_ours && event.is_write() && event.resource == "batchjobs" {
                *writes.entry(event.subresource).or_default() += 1;
            }
        }
        writes
    }
}
