//! What a bench stands on: a control plane, an AWS Batch that answers in 50 ms, and a way to the API server.

use std::thread::sleep;
use std::time::Duration;

use batch_double::{Behaviour, Config, Double};
use controlplane::{ControlPlane, Options};

use super::process::Process;
use super::proxy::Proxy;
use super::requests::{Requests, counted};
use super::server::server_of;
use super::subject::Subject;
use crate::chaos::replica::Recipe;
use crate::run::Failure;

/// The definition of jobs that run until the end of the bench.
pub const ENDLESS: &str = "endless";

/// How long a call of AWS takes, in milliseconds.
const DELAY_MS: u64 = 50;
/// How long the API server may take to compile the rules of another CRD, and to serve it.
const SERVED_WITHIN: Duration = Duration::from_secs(5);

/// Everything but the operator. All of it stops when this is dropped.
pub struct Stage {
    pub proxy: Proxy,
    pub server: Process,
    pub double: Double,
    pub plane: ControlPlane,
    namespaces: usize,
}

impl Stage {
    /// Starts everything but the operator.
    pub fn start() -> Result<Self, Failure> {
        println!("starting a control plane");
        let plane = ControlPlane::start(Options::least())?;
        let server = server_of(plane.dir())?;
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

    /// What the API server has counted. The answer itself takes it some time: nobody asks while time is measured.
    pub fn requests(&self) -> Result<Requests, Failure> {
        Ok(counted(&self.plane.run(&["get", "--raw", "/metrics"])?))
    }

    /// How the subject is started in one namespace, with these flags more.
    pub fn recipe(&self, subject: &Subject, namespace: &str, flags: &[&str]) -> Recipe {
        let place = ["--watch-namespace", namespace, "--lease-namespace", namespace];
        Recipe {
            program: subject.program.clone(),
            kubeconfig: self.plane.kubeconfig(),
            batch: self.double.url(),
            dir: self.plane.dir().to_owned(),
            flags: place.iter().chain(flags).map(|flag| (*flag).to_owned()).collect(),
        }
    }
}
