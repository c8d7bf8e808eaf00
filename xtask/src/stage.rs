//! What the demo stands on: a control plane, a double, and the operator as a process.

use std::fs::File;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use batch_double::{Behaviour, Config, Double};
use controlplane::{ControlPlane, Options};

use crate::run::{Failure, root, run};

/// How long the operator may take to listen.
const LISTENING_WITHIN: Duration = Duration::from_secs(20);

/// Everything that the demo runs. All of it stops when this is dropped.
// Fields are dropped in this order: the operator before what it talks to.
pub struct Stage {
    pub operator: Operator,
    pub double: Double,
    pub plane: ControlPlane,
}

/// The operator's process; killed when dropped.
pub struct Operator {
    child: Child,
    pub log: PathBuf,
    pub port: u16,
}

impl Stage {
    /// Builds the operator and starts everything.
    pub fn start() -> Result<Self, Failure> {
        println!("building the operator");
        run("cargo", &["build", "--quiet", "--locked", "--package", "aws-batch-operator"])?;
        println!("starting a control plane");
        let plane = ControlPlane::start(Options::default())?;
        let crd = root().join("deploy/crd.yaml").display().to_string();
        plane.run(&["apply", "--server-side", "--filename", &crd])?;
        plane.run(&["wait", "--for=condition=Established", "crd/batchjobs.awsbatch.dev", "--timeout=30s"])?;
        println!("starting an AWS Batch");
        // A demo's minute is a few seconds.
        let double = Double::start(&Config { scale: 0.05, ..Config::default() })?;
        let reason = Some("OutOfMemoryError: container killed due to memory usage".to_owned());
        double.set_behaviour("out-of-memory", Behaviour { reason, ..Behaviour::fails(137) });
        println!("starting the operator");
        let operator = Operator::start(&plane, &double)?;
        Ok(Self { operator, double, plane })
    }
}

impl Operator {
    fn start(plane: &ControlPlane, double: &Double) -> Result<Self, Failure> {
        let port = controlplane::free_port();
        let log = plane.dir().join("operator.log");
        let child = Command::new(program())
            .args(["run", "--log-format", "text", "--http-addr", &format!("127.0.0.1:{port}")])
            .env("KUBECONFIG", plane.kubeconfig())
            .env("AWS_ENDPOINT_URL_BATCH", double.url())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "demo")
            .env("AWS_SECRET_ACCESS_KEY", "demo")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()?;
        let mut operator = Self { child, log, port };
        operator.wait_until_it_listens()?;
        Ok(operator)
    }

    fn wait_until_it_listens(&mut self) -> Result<(), Failure> {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if self.child.try_wait()?.is_some() || begun.elapsed() > LISTENING_WITHIN {
                return Err(
                    format!("the operator does not run:\n{}", std::fs::read_to_string(&self.log)?).into()
                );
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo puts it beside us.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.parent().unwrap_or(Path::new(".")).join("aws-batch-operator")
}
