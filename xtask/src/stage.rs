//! What the demo stands on: a cluster, a double, and the operator as a process.

use std::fs::File;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use batch_double::{Behaviour, Config, Definition, Double};
use controlplane::{Tether, tail};

use crate::cluster::{self, Cluster};
use crate::existing::Existing;
use crate::operator;
use crate::run::Failure;

/// How long the operator may take to listen.
const LISTENING_WITHIN: Duration = Duration::from_secs(20);

/// Everything that the demo runs. All of it stops when this is dropped.
// Fields are dropped in this order: the operator before what it talks to.
pub struct Stage {
    pub operator: Operator,
    pub double: Double,
    pub cluster: Cluster,
}

/// The operator's process, which ends with us.
pub struct Operator {
    process: Tether,
    pub log: PathBuf,
    pub port: u16,
}

impl Stage {
    /// Builds the operator and starts everything: in the cluster of this kubeconfig, or in one of its own.
    pub fn start(kubeconfig: Option<&Path>, is_agreed: bool) -> Result<Self, Failure> {
        cluster::foretell(kubeconfig)?;
        // Whoever says no has not waited for anything.
        let existing = kubeconfig.map(|path| Existing::borrow(path, is_agreed)).transpose()?;
        println!("building the operator with Cargo (some minutes the first time)");
        let program = operator::build(operator::OPERATOR)?;
        let cluster = existing.map_or_else(Cluster::own, |existing| Ok(Cluster::Existing(existing)))?;
        cluster.serve()?;
        println!("starting an AWS Batch");
        // A demo's minute is a few seconds.
        let double = Double::start(&Config { scale: 0.05, ..Config::default() })?;
        furnish(&double);
        let operator = Operator::start(&program, &cluster, &double)?;
        Ok(Self { operator, double, cluster })
    }

    /// An error when a part of it has ended by itself.
    pub fn check(&mut self) -> Result<(), Failure> {
        self.cluster.check()?;
        self.operator.check()
    }
}

/// Makes the definitions that the examples name, and a queue that is no more.
fn furnish(double: &Double) {
    let reason = Some("OutOfMemoryError: container killed due to memory usage".to_owned());
    let failing_indexes = [1, 3, 4, 5].into();
    let some_fail = Behaviour { reason: reason.clone(), failing_indexes, ..Behaviour::runs(2_000) };
    double.set_behaviour("some-fail", some_fail);
    double.set_behaviour("out-of-memory", Behaviour { reason, ..Behaviour::fails(137) });
    let no_room = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - no instance has 900 vCPUs";
    double.set_behaviour("no-room", Behaviour::stuck(no_room));
    let behaviour = Some(Behaviour::runs(2_000));
    double.set_definition("four-nodes", Definition { nodes: Some(4), behaviour, ..Definition::default() });
    double.delete_queue("Decommissioned");
}

impl Operator {
    fn start(program: &Path, cluster: &Cluster, double: &Double) -> Result<Self, Failure> {
        let port = controlplane::free_port();
        let log = cluster.dir()?.join("operator.log");
        println!("starting the operator, which logs to {}", log.display());
        let mut command = Command::new(program);
        command
            .args(["run", "--log-format", "text", "--http-addr", &format!("127.0.0.1:{port}")])
            .args(cluster.flags())
            .env("KUBECONFIG", cluster.kubeconfig())
            .env("AWS_ENDPOINT_URL_BATCH", double.url())
            .env("AWS_ENDPOINT_URL_STS", double.url())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "demo")
            .env("AWS_SECRET_ACCESS_KEY", "demo")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        let process = Tether::run(&command, &File::create(&log)?)?;
        let mut operator = Self { process, log, port };
        operator.wait_until_it_listens()?;
        Ok(operator)
    }

    /// The end of its log.
    pub fn words(&self) -> String {
        tail(&self.log)
    }

    fn check(&mut self) -> Result<(), Failure> {
        if self.process.has_ended() {
            return Err(format!("the operator has ended; the end of its log:\n{}", self.words()).into());
        }
        Ok(())
    }

    fn wait_until_it_listens(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            self.check()?;
            if begun.elapsed() > LISTENING_WITHIN {
                return Err(format!("the operator does not listen; its log:\n{}", self.words()).into());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}
