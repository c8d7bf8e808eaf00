//! What is built with Go, in which version and how. The versions are those of the modules in `go/`.
//! Knows nothing of whether it was built already.

use std::path::{Path, PathBuf};

const KUBERNETES: &str = include_str!("../go/kubernetes/go.mod");
const ETCD: &str = include_str!("../go/etcd/go.mod");

/// One program to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    pub name: &'static str,
    pub package: &'static str,
    /// The directory below `go/` whose go.mod says everything else.
    module: &'static str,
    /// About how long Go takes the first time, in minutes on two cores.
    pub minutes: u32,
}

pub const KUBE_APISERVER: Program = kubernetes("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", 6);
pub const KUBECTL: Program = kubernetes("kubectl", "k8s.io/kubernetes/cmd/kubectl", 1);
pub const KUBE_CONTROLLER_MANAGER: Program =
    kubernetes("kube-controller-manager", "k8s.io/kubernetes/cmd/kube-controller-manager", 1);
pub const ETCD_SERVER: Program =
    Program { name: "etcd", package: "go.etcd.io/etcd/server/v3", module: "etcd", minutes: 1 };

/// All of them, the quickest first.
pub const PROGRAMS: [Program; 4] = [ETCD_SERVER, KUBE_APISERVER, KUBECTL, KUBE_CONTROLLER_MANAGER];

const fn kubernetes(name: &'static str, package: &'static str, minutes: u32) -> Program {
    Program { name, package, module: "kubernetes", minutes }
}

impl Program {
    /// Where `go` has to stand to build it.
    pub fn module_dir(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("go").join(self.module)
    }

    /// Such as `v1.37.2`.
    pub fn version(&self) -> &'static str {
        match self.module {
            "etcd" => required(ETCD, "go.etcd.io/etcd/server/v3"),
            _ => required(KUBERNETES, "k8s.io/kubernetes"),
        }
    }

    /// No symbols, and for Kubernetes the version, without which kubectl and the API server call themselves v0.0.0.
    pub fn ldflags(&self) -> String {
        let version = self.version();
        let mut numbers = version.trim_start_matches('v').split('.');
        let (major, minor) = (numbers.next().unwrap_or("0"), numbers.next().unwrap_or("0"));
        let set = "-X k8s.io/component-base/version";
        match self.module {
            "etcd" => "-s -w".to_owned(),
            _ => format!("-s -w {set}.gitVersion={version} {set}.gitMajor={major} {set}.gitMinor={minor}"),
        }
    }
}

/// The name of the directory that holds these versions, and will not hold others.
pub fn versions() -> String {
    format!("{}-etcd-{}", KUBECTL.version(), ETCD_SERVER.version())
}

fn required(module: &'static str, path: &str) -> &'static str {
    let words = module.split_whitespace().collect::<Vec<_>>();
    let pair = words.windows(2).find(|pair| pair[0] == path && pair[1].starts_with('v'));
    pair.map_or("v0.0.0", |pair| pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_those_the_modules_require() {
        for program in PROGRAMS {
            assert_ne!(program.version(), "v0.0.0", "{program:?}");
            assert!(program.module_dir().join("go.sum").exists(), "{program:?}");
        }
        assert!(KUBERNETES.contains(&format!("k8s.io/kubernetes {}", KUBECTL.version())));
    }

    #[test]
    fn kubernetes_knows_its_version_and_etcd_needs_none() {
        assert!(KUBECTL.ldflags().contains("version.gitMajor=1 "));
        assert_eq!(ETCD_SERVER.ldflags(), "-s -w");
    }

    #[test]
    fn every_staging_module_has_the_version_of_the_release() {
        let release = KUBECTL.version().replacen("v1.", "v0.", 1);
        let replaced = KUBERNETES.lines().filter_map(|line| line.split_once(" => "));
        for (path, replacement) in replaced {
            assert_eq!(replacement.trim(), format!("{} {release}", path.trim()), "go.mod of Kubernetes");
        }
    }
}
