//! The cluster of the demo: a control plane of its own, or one that exists.

use std::path::{Path, PathBuf};

use controlplane::{Binaries, ControlPlane, Options, ToBuild};
use stand::wait_until_served;

use crate::existing::{Existing, NAMESPACE};
use crate::run::{Failure, root};

/// Where the demo's objects are.
pub enum Cluster {
    /// A control plane that lives as long as the demo.
    Own(Box<ControlPlane>),
    /// Somebody's.
    Existing(Existing),
}

impl Cluster {
    /// A control plane of its own, of the least programs.
    pub fn own() -> Result<Self, Failure> {
        println!("starting a control plane");
        Ok(Self::Own(Box::new(ControlPlane::start(Options::least())?)))
    }

    /// Puts the CRD there, and waits until it is served.
    pub fn serve(&self) -> Result<(), Failure> {
        let crd = root().join("deploy/crd.yaml").display().to_string();
        self.run(&["apply", "--server-side", "--filename", &crd])?;
        if let Self::Existing(existing) = self {
            existing.label_crd()?;
        }
        wait_until_served(|arguments| self.run(arguments))
    }

    /// What kubectl answers.
    pub fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        match self {
            Self::Own(plane) => Ok(plane.run(arguments)?),
            Self::Existing(existing) => existing.run(&[arguments, &["--namespace", NAMESPACE]].concat()),
        }
    }

    /// An error when a part of it has ended by itself.
    pub fn check(&mut self) -> Result<(), Failure> {
        match self {
            Self::Own(plane) => Ok(plane.check()?),
            Self::Existing(_) => Ok(()),
        }
    }

    /// An administrator's kubeconfig.
    pub fn kubeconfig(&self) -> PathBuf {
        match self {
            Self::Own(plane) => plane.kubeconfig(),
            Self::Existing(existing) => existing.kubeconfig().to_owned(),
        }
    }

    /// Where logs go.
    pub fn dir(&self) -> Result<PathBuf, Failure> {
        match self {
            Self::Own(plane) => Ok(plane.dir().to_owned()),
            Self::Existing(_) => {
                let dir = root().join("target/demo");
                std::fs::create_dir_all(&dir)?;
                Ok(dir)
            }
        }
    }

    /// The operator's flags: in somebody's cluster it keeps to the demo's namespace.
    pub fn flags(&self) -> &'static [&'static str] {
        match self {
            Self::Own(_) => &[],
            Self::Existing(_) => &["--watch-namespace", NAMESPACE, "--lease-namespace", NAMESPACE],
        }
    }

    /// kubectl, as a person would call it.
    pub fn kubectl(&self) -> String {
        match self {
            Self::Own(plane) => plane.kubectl_path().display().to_string(),
            Self::Existing(_) => format!("'kubectl --namespace {NAMESPACE}'"),
        }
    }
}

/// Says how long it will take, and how it would take less.
pub fn foretell(kubeconfig: Option<&Path>) -> Result<(), Failure> {
    if kubeconfig.is_none()
        && let Some(to_build) = Binaries::to_build(Options::least())?
    {
        println!("{}\n", outlook(&to_build));
    }
    Ok(())
}

fn outlook(ToBuild { names, minutes }: &ToBuild) -> String {
    format!(
        "A control plane is needed, and there is none yet: Go builds {} from source, once. That takes about {minutes} minutes on two cores.
It takes a minute with what others have built (from the network):

  KUBEBUILDER_ASSETS=$(go run sigs.k8s.io/controller-runtime/tools/setup-envtest@latest use --print path) cargo xtask demo

or with a cluster that you have, such as one of kind or minikube (the demo asks before it changes anything):

  cargo xtask demo --kubeconfig ~/.kube/config",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_is_told_with_its_time_and_with_both_ways_to_take_less() {
        let text = outlook(&ToBuild { names: vec!["etcd", "kube-apiserver"], minutes: 7 });
        for told in ["etcd, kube-apiserver", "about 7 minutes", "KUBEBUILDER_ASSETS=$(", "--kubeconfig"] {
            assert!(text.contains(told), "{told}: {text}");
        }
    }
}
