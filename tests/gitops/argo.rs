//! A real Argo CD beside the control plane: its controllers, repo server and API server from its Go module, Redis from the
//! system's packages, Argo CD's own manifests and settings, and what we tell people to add to them.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use controlplane::{ControlPlane, GoProgram, Tether, free_port, tail};
use serde_json::Value;

use crate::stage::{manifest, plane};

/// Where Argo CD and its Applications are.
pub const NAMESPACE: &str = "argocd";

const MODULE: &str = "github.com/argoproj/argo-cd/v3";

/// The Argo CD of this test process.
pub fn argo() -> &'static Argo {
    static ARGO: OnceLock<Argo> = OnceLock::new();
    ARGO.get_or_init(Argo::start)
}

/// A running Argo CD.
pub struct Argo {
    program: PathBuf,
    dir: PathBuf,
    kubeconfig: PathBuf,
    /// Where its API server listens, and what that talks to.
    server: u16,
    redis: u16,
    repo_server: u16,
    processes: Vec<Tether>,
}

impl Argo {
    fn start() -> Self {
        let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gitops/go/argocd");
        let (version, source) = downloaded(&module);
        let package = format!("{MODULE}/cmd");
        let program = GoProgram { name: "argocd", version: &version, package: &package, module: &module };
        let program = program.built().unwrap();
        let (dir, kubeconfig) = {
            let plane = plane();
            configure(&plane, &source.join("manifests"));
            (plane.dir().join("argocd"), plane.kubeconfig())
        };
        for folder in ["tls", "ssh", "tmp"] {
            fs::create_dir_all(dir.join(folder)).unwrap();
        }
        let [server, redis, repo_server] = [free_port(), free_port(), free_port()];
        let mut argo = Self { program, dir, kubeconfig, server, redis, repo_server, processes: Vec::new() };
        argo.start_redis();
        argo.start_repo_server();
        argo.start_controllers();
        argo.start_server();
        argo
    }

    /// The directory of its logs, and of the repositories of tests.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The command line that people use; its answer, or what it says is wrong.
    pub fn cli(&self, arguments: &[&str]) -> Result<String, String> {
        let server = format!("127.0.0.1:{}", self.server);
        let mut command = self.part("argocd");
        command.args(["--plaintext", "--server", &server]).args(arguments).env("HOME", &self.dir);
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// The end of the log of the application controller.
    pub fn words(&self) -> String {
        tail(&self.dir.join("argocd-application-controller.log"))
    }

    /// All of Argo CD is one program, which goes by different names.
    fn part(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("ARGOCD_BINARY_NAME", name)
            .env("KUBECONFIG", &self.kubeconfig)
            .env("ARGOCD_FAKE_IN_CLUSTER", "true")
            .env("ARGOCD_GPG_ENABLED", "false")
            .env("ARGOCD_TLS_DATA_PATH", self.dir.join("tls"))
            .env("ARGOCD_SSH_DATA_PATH", self.dir.join("ssh"))
            .env("TMPDIR", self.dir.join("tmp"));
        command
    }

    fn start_redis(&mut self) {
        let mut redis = Command::new("redis-server");
        let port = self.redis.to_string();
        redis.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"]);
        self.run("redis", &redis, Some(self.redis));
    }

    fn start_repo_server(&mut self) {
        let mut command = self.part("argocd-repo-server");
        let (port, redis) = (self.repo_server.to_string(), format!("127.0.0.1:{}", self.redis));
        command.args(["--address", "127.0.0.1", "--port", &port, "--redis", &redis, "--disable-tls"]);
        command.args(["--metrics-address", "127.0.0.1", "--metrics-port", &free_port().to_string()]);
        self.run("argocd-repo-server", &command, Some(self.repo_server));
    }

    fn start_controllers(&mut self) {
        let mut command = self.client("argocd-application-controller");
        command.args(["--metrics-port", &free_port().to_string()]);
        self.run("argocd-application-controller", &command, None);
    }

    fn start_server(&mut self) {
        let mut command = self.client("argocd-server");
        let (port, metrics) = (self.server.to_string(), free_port().to_string());
        command.args(["--address", "127.0.0.1", "--port", &port, "--insecure", "--disable-auth"]);
        command.args(["--metrics-address", "127.0.0.1", "--metrics-port", &metrics]);
        self.run("argocd-server", &command, Some(self.server));
    }

    /// A part that talks to Kubernetes, Redis and the repo server.
    fn client(&self, name: &str) -> Command {
        let mut command = self.part(name);
        let (redis, repo_server) =
            (format!("127.0.0.1:{}", self.redis), format!("127.0.0.1:{}", self.repo_server));
        command.args(["--namespace", NAMESPACE, "--redis", &redis]);
        command.args(["--repo-server", &repo_server, "--repo-server-plaintext", "--loglevel", "warn"]);
        command
    }

    /// Starts it, and waits until it listens.
    fn run(&mut self, name: &str, command: &Command, port: Option<u16>) {
        let log = self.dir.join(format!("{name}.log"));
        let mut process = Tether::run(command, &File::create(&log).unwrap()).unwrap();
        let begun = Instant::now();
        while port.is_some_and(|port| TcpStream::connect(("127.0.0.1", port)).is_err()) {
            let is_late = process.has_ended() || begun.elapsed() > Duration::from_secs(30);
            assert!(!is_late, "{name} does not listen; the end of its log:\n{}", tail(&log));
            std::thread::sleep(Duration::from_millis(50));
        }
        self.processes.push(process);
    }
}

/// Its version, and its sources, which hold its manifests.
fn downloaded(module: &Path) -> (String, PathBuf) {
    let go_mod = fs::read_to_string(module.join("go.mod")).unwrap();
    let version = go_mod.lines().find_map(|line| line.trim().strip_prefix(&format!("{MODULE} "))).unwrap();
    let mut go = Command::new("go");
    go.args(["mod", "download", "-json", &format!("{MODULE}@{version}")]).current_dir(module);
    let output = go.env("GOFLAGS", "-mod=readonly").env("GOWORK", "off").output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    (version.to_owned(), PathBuf::from(answer["Dir"].as_str().unwrap()))
}

/// Argo CD as it is shipped, and then what docs/gitops.md says.
fn configure(plane: &ControlPlane, manifests: &Path) {
    let folder = |name: &str| manifests.join(name).display().to_string();
    plane.run(&["create", "namespace", NAMESPACE]).unwrap();
    plane.run(&["apply", "--server-side", "-k", &folder("crds")]).unwrap();
    plane.run(&["-n", NAMESPACE, "apply", "-k", &folder("base/config")]).unwrap();
    // What its API server makes for itself at its first start.
    let key = r#"{"stringData":{"server.secretkey":"of no use outside of this test"}}"#;
    plane.run(&["-n", NAMESPACE, "patch", "secret", "argocd-secret", "--patch", key]).unwrap();
    let ours = manifest("argocd/argocd-cm.yaml");
    plane.run(&["patch", "configmap", "argocd-cm", "--namespace", NAMESPACE, "--patch-file", &ours]).unwrap();
}
