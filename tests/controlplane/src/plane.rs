//! The control plane as a whole: starts its programs in order, hands out kubeconfigs, stops everything at the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::apiserver::{self, Ports};
use crate::audit::{self, AuditEvent};
use crate::binaries::Binaries;
use crate::certificates::{Authority, Pair, signing_key};
use crate::component::{Component, Recipe, tail};
use crate::dir::Dir;
use crate::error::{Error, failed_to};
use crate::etcd;
use crate::kubeconfig::kubeconfig;
use crate::options::Options;
use crate::ports::free_port;
use crate::progress::say;

/// How long the API server may take to be ready.
const READY_WITHIN: Duration = Duration::from_mins(1);
/// The pause between two questions whether it is.
const PAUSE: Duration = Duration::from_millis(100);

/// A running control plane. Everything stops when it is dropped, and when its owner ends in any other way.
// Fields are dropped in this order: the API server before its store, the directory last.
pub struct ControlPlane {
    controllers: Option<Component>,
    apiserver: Option<Component>,
    etcd: Option<Component>,
    apiserver_recipe: Recipe,
    etcd_recipe: Recipe,
    authority: Authority,
    ports: Ports,
    binaries: Binaries,
    dir: Dir,
}

impl ControlPlane {
    /// Starts one, in seconds when the programs are there.
    pub fn start(options: Options) -> Result<Self, Error> {
        let binaries = Binaries::find(options)?;
        let dir = Dir::new()?;
        let authority = Authority::new()?;
        let ports = Ports { etcd: free_port(), etcd_peers: free_port(), apiserver: free_port() };
        write_keys(&dir, &authority)?;
        let mut plane = Self {
            controllers: None,
            apiserver: None,
            etcd: None,
            apiserver_recipe: apiserver::apiserver(&binaries, dir.path(), ports),
            etcd_recipe: apiserver::etcd(&binaries, dir.path(), ports),
            authority,
            ports,
            binaries,
            dir,
        };
        plane.write_kubeconfig("admin", "admin", &["system:masters"])?;
        plane.start_etcd()?;
        plane.start_apiserver()?;
        if options.controllers {
            plane.start_controllers()?;
        }
        Ok(plane)
    }

    fn start_controllers(&mut self) -> Result<(), Error> {
        let Some(program) = &self.binaries.kube_controller_manager else {
            say(
                "controlplane: there is no kube-controller-manager: deleted namespaces will stay Terminating\n",
            );
            return Ok(());
        };
        self.controllers = Some(apiserver::controllers(program, self.dir.path()).start()?);
        Ok(())
    }

    /// An error, with the end of its log, when a program that should run has ended by itself.
    pub fn check(&mut self) -> Result<(), Error> {
        let programs = [&mut self.etcd, &mut self.apiserver, &mut self.controllers];
        programs.into_iter().flatten().try_for_each(Component::check)
    }

    /// Keys, data and logs.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// An administrator's kubeconfig.
    pub fn kubeconfig(&self) -> PathBuf {
        self.dir.path().join("admin.kubeconfig")
    }

    /// A kubeconfig for `user`, in one group at most.
    pub fn kubeconfig_for(&self, user: &str, groups: &[&str]) -> Result<PathBuf, Error> {
        let name = format!("user-{user}-{}", groups.join("-"));
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.write_kubeconfig(&name, user, groups)
    }

    /// Where kubectl is.
    pub fn kubectl_path(&self) -> &Path {
        &self.binaries.kubectl
    }

    /// kubectl, as the administrator.
    pub fn kubectl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binaries.kubectl);
        // What another server on this port once served is no business of ours.
        command.arg("--cache-dir").arg(self.dir.path().join("kubectl-cache"));
        command.arg("--kubeconfig").arg(self.kubeconfig()).args(arguments);
        command
    }

    /// What kubectl answers.
    pub fn run(&self, arguments: &[&str]) -> Result<String, Error> {
        let output = self.kubectl(arguments).output().map_err(failed_to("start kubectl"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::Kubectl {
            arguments: arguments.join(" "),
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    /// Every request that was answered so far, watches and health checks apart.
    pub fn audit(&self) -> Result<Vec<AuditEvent>, Error> {
        let path = self.dir.path().join("audit.log");
        let log = fs::read_to_string(&path).map_err(failed_to(format!("read {}", path.display())))?;
        audit::parse(&log)
    }

    /// Stops the API server.
    pub fn stop_apiserver(&mut self) {
        self.apiserver = None;
    }

    /// Starts the API server, at the same address and with the same data, and waits until it is ready.
    pub fn start_apiserver(&mut self) -> Result<(), Error> {
        self.apiserver = Some(self.apiserver_recipe.start()?);
        self.wait_until_ready()
    }

    /// Gives the API server a certificate that has expired: it takes it up, and no client connects any more.
    pub fn expire_certificate(&mut self) -> Result<(), Error> {
        self.write_certificate(&self.authority.expired_server()?)?;
        let begun = Instant::now();
        while self.run(&["get", "--request-timeout=2s", "--raw", "/readyz"]).is_ok() {
            self.check()?;
            if begun.elapsed() > READY_WITHIN {
                let answer = "it still shows the old certificate".to_owned();
                return Err(Error::NotReady {
                    after: READY_WITHIN,
                    answer,
                    log: tail(&self.apiserver_recipe.log),
                });
            }
            sleep(PAUSE);
        }
        Ok(())
    }

    /// Gives the API server a good certificate again, and waits until it has taken it up.
    pub fn renew_certificate(&mut self) -> Result<(), Error> {
        self.write_certificate(&self.authority.server()?)?;
        self.wait_until_ready()
    }

    fn write_certificate(&self, pair: &Pair) -> Result<(), Error> {
        self.dir.write("apiserver.crt", &pair.certificate)?;
        self.dir.write("apiserver.key", &pair.key)?;
        Ok(())
    }

    /// Kills etcd.
    pub fn kill_etcd(&mut self) {
        self.etcd = None;
    }

    /// Starts etcd with the data it had.
    pub fn start_etcd(&mut self) -> Result<(), Error> {
        self.etcd = Some(self.etcd_recipe.start()?);
        Ok(())
    }

    /// Takes one key out of etcd, behind the API server's back, such as `/registry/secrets/default/mine`.
    pub fn erase(&self, key: &str) -> Result<(), Error> {
        etcd::erase(self.ports.etcd, key)
    }

    /// Ready, and with the first namespace, which the API server makes for itself a little later.
    fn wait_until_ready(&mut self) -> Result<(), Error> {
        let begun = Instant::now();
        loop {
            self.check()?;
            let get = |path: &str| self.run(&["get", "--request-timeout=2s", "--raw", path]);
            let answer = match get("/readyz").and_then(|_| get("/api/v1/namespaces/default")) {
                Ok(_) => return Ok(()),
                Err(error) => error.to_string(),
            };
            if begun.elapsed() > READY_WITHIN {
                let log = tail(&self.apiserver_recipe.log);
                return Err(Error::NotReady { after: READY_WITHIN, answer, log });
            }
            sleep(PAUSE);
        }
    }

    fn write_kubeconfig(&self, name: &str, user: &str, groups: &[&str]) -> Result<PathBuf, Error> {
        let pair = self.authority.user(user, groups)?;
        let text = kubeconfig(&self.ports.server(), &self.authority.pem(), &pair);
        self.dir.write(&format!("{name}.kubeconfig"), &text)
    }
}

fn write_keys(dir: &Dir, authority: &Authority) -> Result<(), Error> {
    let server = authority.server()?;
    let (public, private) = signing_key()?;
    for (name, text) in [
        ("ca.crt", authority.pem().as_str()),
        ("apiserver.crt", &server.certificate),
        ("apiserver.key", &server.key),
        ("sa.pub", &public),
        ("sa.key", &private),
        ("audit-policy.yaml", audit::POLICY),
    ] {
        dir.write(name, text)?;
    }
    Ok(())
}
