//! The operator as a process: started, killed, asked to stop, and read.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use stand::get;

use crate::stage::{OPERATOR, Stage, plane};

/// The secret key of the operator's credentials, which nobody may ever read again.
pub const AWS_SECRET: &str = "canary-secret-5d1e";

/// The binary, in the stage's namespace and against its double, and nothing else in its environment.
pub fn command(stage: &Stage, subcommand: &str, kubeconfig: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-batch-operator"));
    command
        .args([
            subcommand,
            "--watch-namespace",
            &stage.namespace,
            "--lease-namespace",
            &stage.lease_namespace,
        ])
        .env_clear()
        .env("KUBECONFIG", kubeconfig)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", AWS_SECRET)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL_BATCH", stage.double.url())
        .env("AWS_ENDPOINT_URL_STS", stage.double.url())
        .stdin(Stdio::null());
    command
}

/// A running operator. Killed when dropped.
pub struct Operator {
    child: Child,
    port: u16,
    debug_port: u16,
    log: PathBuf,
}

impl Operator {
    /// Starts one for the stage's namespace and double, with more flags.
    pub fn start(stage: &Stage, flags: &[&str]) -> Self {
        Self::start_with(stage, flags, |_| {})
    }

    /// The same in a world that is changed before it starts.
    pub fn start_with(stage: &Stage, flags: &[&str], change: impl FnOnce(&mut Command)) -> Self {
        let (port, debug_port) = (controlplane::free_port(), controlplane::free_port());
        let plane = plane();
        let kubeconfig = plane.kubeconfig_for(OPERATOR, &[]).unwrap();
        let log = plane.dir().join(format!("operator-{}-{port}.log", stage.namespace));
        let output = File::options().create(true).append(true).open(&log).unwrap();
        let mut command = command(stage, "run", &kubeconfig);
        command
            .args([
                "--http-addr",
                &format!("127.0.0.1:{port}"),
                "--debug-addr",
                &format!("127.0.0.1:{debug_port}"),
            ])
            .args(flags)
            .stdout(Stdio::null())
            .stderr(output);
        change(&mut command);
        Self { child: command.spawn().unwrap(), port, debug_port, log }
    }

    /// Starts one and waits until it is ready.
    pub fn ready(stage: &Stage, flags: &[&str]) -> Self {
        let operator = Self::start(stage, flags);
        operator.wait_until_ready(Duration::from_secs(20));
        operator
    }

    /// Waits until it is ready.
    pub fn wait_until_ready(&self, within: Duration) {
        let begun = Instant::now();
        while self.get("/readyz").is_none_or(|(status, _)| status != 200) {
            assert!(begun.elapsed() < within, "not ready: {:?}\n{}", self.get("/readyz"), self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// SIGKILL, now.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; answers how it ended, and how long that took.
    pub fn stop(&mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        self.signal("TERM");
        (self.child.wait().unwrap(), begun.elapsed())
    }

    /// Sends a signal, such as STOP.
    pub fn signal(&self, name: &str) {
        let arguments = [format!("-{name}"), self.child.id().to_string()];
        assert!(Command::new("kill").args(arguments).status().unwrap().success());
    }

    /// Whether it says that it leads.
    pub fn leads(&self) -> bool {
        let (_, metrics) = self.get("/metrics").expect("the metrics of a process that runs");
        metrics.lines().any(|line| line == "aws_batch_operator_leader 1")
    }

    /// Waits for its end, which is near.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it does not end:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// GET: the status and the body; `None` while nobody listens or answers.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        get(self.port, path)
    }

    /// The same of the debug pages.
    pub fn debug(&self, path: &str) -> Option<(u16, String)> {
        get(self.debug_port, path)
    }

    /// How much memory it holds, and held at most, in MiB.
    pub fn memory(&self) -> [u64; 2] {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        ["VmRSS:", "VmHWM:"].map(|name| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
        })
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
