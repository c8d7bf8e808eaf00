//! One replica of the operator as a process that can be killed, frozen and asked to stop.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use controlplane::{Tether, free_port};
use stand::get;

use crate::run::Failure;

/// Writes down its own process id, which stays the same when it becomes the program.
const BECOME: &str = r#"echo $$ >"$1"; shift; exec "$@""#;

/// How long a replica may take to be ready, and to stop.
const READY_WITHIN: Duration = Duration::from_secs(20);
const GONE_WITHIN: Duration = Duration::from_secs(15);

/// What every replica is started with.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The binary.
    pub program: PathBuf,
    /// Its kubeconfig.
    pub kubeconfig: PathBuf,
    /// Where AWS Batch is.
    pub batch: String,
    /// Where logs go.
    pub dir: PathBuf,
    /// More flags.
    pub flags: Vec<String>,
}

/// A running replica. Killed when dropped.
#[derive(Debug)]
pub struct Replica {
    /// Its identity.
    pub name: String,
    process: Tether,
    pid_file: PathBuf,
    port: u16,
}

impl Replica {
    /// Starts one.
    pub fn start(recipe: &Recipe, name: &str) -> Result<Self, Failure> {
        let port = free_port();
        let pid_file = recipe.dir.join(format!("{name}-{port}.pid"));
        let log = File::options().create(true).append(true).open(log_of(&recipe.dir, name))?;
        let mut command = Command::new("sh");
        command.args(["-c", BECOME, "sh"]).arg(&pid_file).arg(&recipe.program);
        command.args(["run", "--log-format", "text", "--identity", name, "--debug-addr", ""]);
        command.args(["--http-addr", &format!("127.0.0.1:{port}")]).args(&recipe.flags);
        command
            .env("KUBECONFIG", &recipe.kubeconfig)
            .env("AWS_ENDPOINT_URL_BATCH", &recipe.batch)
            .env("AWS_ENDPOINT_URL_STS", &recipe.batch)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "chaos")
            .env("AWS_SECRET_ACCESS_KEY", "chaos")
            .env("AWS_EC2_METADATA_DISABLED", "true");
        let process = Tether::run(&command, &log)?;
        Ok(Self { name: name.to_owned(), process, pid_file, port })
    }

    /// The id of its process.
    pub fn pid(&self) -> Result<u32, Failure> {
        Ok(fs::read_to_string(&self.pid_file)?.trim().parse()?)
    }

    /// Sends a signal.
    pub fn signal(&self, signal: &str) -> Result<(), Failure> {
        let pid = self.pid()?.to_string();
        let status = Command::new("kill").args([&format!("-{signal}"), &pid]).status()?;
        if status.success() { Ok(()) } else { Err(format!("cannot send {signal} to {}", self.name).into()) }
    }

    /// Whether the process has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.process.has_ended()
    }

    /// SIGTERM, and waits for its end.
    pub fn stop(mut self) -> Result<(), Failure> {
        self.signal("TERM")?;
        let begun = Instant::now();
        while !self.has_ended() {
            if begun.elapsed() > GONE_WITHIN {
                return Err(format!("{} does not stop", self.name).into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Waits until it says that it is ready, for a while: the API server may be away.
    pub fn wait_until_ready(&self) {
        let begun = Instant::now();
        while begun.elapsed() < READY_WITHIN && !self.is_ready() {
            sleep(Duration::from_millis(50));
        }
    }

    /// Whether it says that it is ready.
    pub fn is_ready(&self) -> bool {
        get(self.port, "/readyz").is_some_and(|(status, _)| status == 200)
    }
}

/// Where the replica of that name logs.
pub fn log_of(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.log"))
}
