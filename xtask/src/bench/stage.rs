//! What a bench stands on: a control plane, an AWS Batch that answers in 50 ms, and a way to the API server.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use batch_double::{Behaviour, Config, Double};
use controlplane::{ControlPlane, Options};

use super::proxy::Proxy;
use super::server::Server;
use crate::chaos::replica::{Recipe, Replica};
use crate::run::Failure;

/// The definition of jobs that run until the end of the bench.
pub const ENDLESS: &str = "endless";

/// How long a call of AWS takes, in milliseconds.
const DELAY_MS: u64 = 50;
/// How long the API server may take to compile the rules of another CRD, and to serve it.
const SERVED_WITHIN: Duration = Duration::from_secs(5);

/// An operator with its CRD.
#[derive(Clone, Debug)]
pub struct Subject {
    /// What the columns of the table are called.
    pub name: &'static str,
    /// The binary.
    pub program: PathBuf,
    /// The CRD.
    pub crd: PathBuf,
}

/// Everything but the operator. All of it stops when this is dropped.
pub struct Stage {
    pub proxy: Proxy,
    pub server: Server,
    pub double: Double,
    pub plane: ControlPlane,
    namespaces: usize,
}

impl Stage {
    /// Starts everything but the operator.
    pub fn start() -> Result<Self, Failure> {
        println!("starting a control plane");
        let plane = ControlPlane::start(Options::least())?;
        let server = Server::of(plane.dir())?;
        let double = Double::start(&Config { delay_ms: DELAY_MS, limit: None, ..Config::default() })?;
        double.set_behaviour(ENDLESS, Behaviour::forever());
        let proxy = Proxy::start(&plane)?;
        Ok(Self { proxy, server, double, plane, namespaces: 0 })
    }

    /// Puts the subject's CRD in the place of the one that is there.
    pub fn serve(&self, subject: &Subject) -> Result<(), Failure> {
        let crd = subject.crd.display().to_string();
        self.plane.run(&["apply", "--server-side", "--force-conflicts", "--filename", &crd])?;
        let established = ["wait", "--for=condition=Established", "crd/batchjobs.awsbatch.dev"];
        self.plane.run(&[&established[..], &["--timeout=30s"]].concat())?;
        // Established stays true while the storage of the new version is made, and nothing tells when it is there.
        sleep(SERVED_WITHIN);
        Ok(())
    }

    /// Makes a namespace that nobody has used.
    pub fn namespace(&mut self) -> Result<String, Failure> {
        self.namespaces += 1;
        let name = format!("bench-{}", self.namespaces);
        self.plane.run(&["create", "namespace", &name])?;
        Ok(name)
    }

    /// Starts the subject in one namespace, with as many submissions as AWS takes.
    pub fn operator(&self, subject: &Subject, namespace: &str) -> Result<Replica, Failure> {
        let flags = ["--watch-namespace", namespace, "--lease-namespace", namespace, "--submit-rate", "1000"];
        let recipe = Recipe {
            program: subject.program.clone(),
            kubeconfig: self.plane.kubeconfig(),
            batch: self.double.url(),
            dir: self.plane.dir().to_owned(),
            flags: flags.map(str::to_owned).into(),
        };
        let replica = Replica::start(&recipe, &format!("operator-{namespace}"))?;
        replica.wait_until_ready();
        Ok(replica)
    }
}
