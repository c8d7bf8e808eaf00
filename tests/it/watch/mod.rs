//! The real controller over an API server in memory: what a watch that breaks, a listing in pages and a history that is
//! forgotten do to objects.

mod cloud;
mod context;
#[path = "../../sim/dice.rs"]
#[allow(dead_code, reason = "the simulation's; it asks for more")]
mod dice;
mod gone;
mod pages;
#[path = "../../sim/recent.rs"]
mod recent;
#[path = "../../sim/rest.rs"]
#[allow(dead_code, reason = "the simulation's; it asks for more")]
mod rest;
mod scopes;
mod serve;
mod server;
#[path = "../../sim/store.rs"]
#[allow(dead_code, reason = "the simulation's; it asks for more")]
mod store;
mod stream;
mod together;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::app::cli::{Cli, Command};
use aws_batch_operator::app::config::Config;
use aws_batch_operator::controller::{Controller, State};
use aws_batch_operator::http::Health;
use clap::Parser;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::port::Port;
use cloud::Cloud;
use server::{ApiServer, Cluster};

/// Of virtual time. Longer than the pause of a watch that has failed, several times over.
const LONG: Duration = Duration::from_mins(5);

/// The operator and its world. It stops when it is dropped.
struct Stage {
    server: Arc<ApiServer>,
    cloud: Arc<Port<Cloud>>,
    state: Arc<State>,
    _stop: watch::Sender<bool>,
}

impl Stage {
    /// Starts the operator with these flags; `before` is there already.
    fn start(flags: &[&str], before: impl FnOnce(&mut Cluster)) -> Self {
        let (server, cloud) = (ApiServer::new(), Arc::new(Port(Cloud::default())));
        server.change(before);
        let typed = ["aws-batch-operator", "run", "--cluster-id", "cluster-1", "--leader-elect", "false"];
        let Command::Run(args) = Cli::try_parse_from(typed.iter().chain(flags)).unwrap().command else {
            unreachable!("that is `run`")
        };
        let parts = context::parts(&server, &cloud);
        let controller = Controller::new(parts, Config::try_from(*args).unwrap());
        let state = controller.state();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(controller.run(stopped));
        Self { server, cloud, state, _stop: stop }
    }

    async fn is_ready(&self) {
        while self.state.ready().is_err() {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// Waits until each object has a job, and fails unless each has one job and its status names it.
    async fn all_are_submitted(&self) {
        let is_done =
            |cluster: &Cluster| cluster.store().objects().iter().all(|object| job(object).is_some());
        let all = self.server.until(LONG, is_done).await;
        let objects: Vec<Value> =
            self.server.look(|cluster| cluster.store().objects().iter().cloned().collect());
        let pending: Vec<_> =
            objects.iter().filter(|object| job(object).is_none()).map(store::name).collect();
        assert!(all, "{} of {} objects have no job: {pending:?}", pending.len(), objects.len());
        for object in &objects {
            let uid = object["metadata"]["uid"].as_str().unwrap();
            assert_eq!(self.cloud.0.count(uid), 1, "{object}");
        }
    }
}

fn job(object: &Value) -> Option<&str> {
    object["status"]["jobId"].as_str()
}

/// An object in the namespace `team`.
fn object(name: &str) -> Value {
    json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": name, "namespace": "team" },
        "spec": { "jobQueue": "HighPriority", "jobDefinition": "sleep60" },
    })
}

fn create_many(cluster: &mut Cluster, numbers: std::ops::Range<usize>) {
    for number in numbers {
        cluster.create(object(&format!("job-{number:03}")));
    }
}
