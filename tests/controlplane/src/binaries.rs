//! Where the programs are: where the environment says (the variables of envtest), else built from Go modules.
//! Knows nothing of how they are started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::options::Options;
use crate::recipe::{ETCD_SERVER, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBECTL, PROGRAMS, Program};
use crate::{gobuild, kubectl};

/// The programs of a control plane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// Stores what the API server knows.
    pub etcd: PathBuf,
    /// Serves it.
    pub kube_apiserver: PathBuf,
    /// Asks for it.
    pub kubectl: PathBuf,
    /// Deletes namespaces and collects garbage. Not part of envtest's downloads, so it may be absent.
    pub kube_controller_manager: Option<PathBuf>,
}

/// What is to be built before a control plane can start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBuild {
    /// The programs.
    pub names: Vec<&'static str>,
    /// About how long Go takes, in minutes on two cores.
    pub minutes: u32,
}

impl Binaries {
    /// Finds them by `TEST_ASSET_<NAME>` and `KUBEBUILDER_ASSETS`. When neither names any, builds them with
    /// Go, which takes minutes the first time, and says so on the error stream.
    pub fn find(options: Options) -> Result<Self, Error> {
        if let Some(binaries) = Self::named_by(environment)? {
            return Ok(binaries);
        }
        let (wanted, kubectl) = wanted(options, &gobuild::bin());
        gobuild::build_missing(&wanted)?;
        let inside = Self::inside(&gobuild::bin());
        Ok(Self { kubectl: kubectl.unwrap_or(inside.kubectl), ..inside })
    }

    /// What `find` would build; `None`: all is there.
    pub fn to_build(options: Options) -> Result<Option<ToBuild>, Error> {
        if Self::named_by(environment)?.is_some() {
            return Ok(None);
        }
        let bin = gobuild::bin();
        let missing = gobuild::missing(&bin, &wanted(options, &bin).0);
        let names: Vec<_> = missing.iter().map(|program| program.name).collect();
        let minutes = missing.iter().map(|program| program.minutes).sum();
        Ok((!names.is_empty()).then_some(ToBuild { names, minutes }))
    }

    fn inside(bin: &Path) -> Self {
        Self {
            etcd: bin.join(ETCD_SERVER.name),
            kube_apiserver: bin.join(KUBE_APISERVER.name),
            kubectl: bin.join(KUBECTL.name),
            kube_controller_manager: Some(bin.join(KUBE_CONTROLLER_MANAGER.name)),
        }
    }

    fn named_by(variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>, Error> {
        let named = |program: &Program| path(program, &variable);
        let all = [named(&ETCD_SERVER), named(&KUBE_APISERVER), named(&KUBECTL)];
        if all.iter().all(Option::is_none) {
            return Ok(None);
        }
        let [etcd, kube_apiserver, kubectl] = all;
        Ok(Some(Self {
            etcd: existing(&ETCD_SERVER, etcd)?,
            kube_apiserver: existing(&KUBE_APISERVER, kube_apiserver)?,
            kubectl: existing(&KUBECTL, kubectl)?,
            kube_controller_manager: named(&KUBE_CONTROLLER_MANAGER).filter(|path| path.exists()),
        }))
    }
}

/// The programs of our own, and the kubectl of the machine where that will do.
fn wanted(options: Options, bin: &Path) -> (Vec<Program>, Option<PathBuf>) {
    let is_built = bin.join(KUBECTL.name).exists();
    let kubectl = if options.any_kubectl && !is_built { kubectl::installed() } else { None };
    let is_wanted = |program: &Program| match program.name {
        name if name == KUBECTL.name => kubectl.is_none(),
        name if name == KUBE_CONTROLLER_MANAGER.name => options.controllers,
        _ => true,
    };
    (PROGRAMS.into_iter().filter(is_wanted).collect(), kubectl)
}

/// The environment is asked here and nowhere else.
#[allow(
    clippy::disallowed_methods,
    reason = "a test tool's own variables, named by envtest; no command line"
)]
fn environment(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

fn path(program: &Program, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let own = program.name.replace('-', "_").to_uppercase();
    let own = variable(&format!("TEST_ASSET_{own}")).map(PathBuf::from);
    own.or_else(|| variable("KUBEBUILDER_ASSETS").map(|dir| Path::new(&dir).join(program.name)))
}

fn existing(program: &Program, path: Option<PathBuf>) -> Result<PathBuf, Error> {
    let path = path.unwrap_or_else(|| PathBuf::from(program.name));
    if path.exists() { Ok(path) } else { Err(Error::BinaryMissing { name: program.name, path }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_environment_names_nothing() {
        assert_eq!(Binaries::named_by(|_| None).unwrap(), None);
    }

    #[test]
    fn only_what_is_asked_for_is_wanted() {
        let names = |controllers| {
            let options = Options { controllers, any_kubectl: false };
            wanted(options, Path::new("/nowhere")).0.iter().map(|program| program.name).collect::<Vec<_>>()
        };
        assert_eq!(names(true).len(), 4);
        assert_eq!(names(false), ["etcd", "kube-apiserver", "kubectl"]);
    }

    #[test]
    fn a_program_has_its_own_variable_before_the_directory() {
        let variable = |name: &str| match name {
            "KUBEBUILDER_ASSETS" => Some("/assets".into()),
            "TEST_ASSET_KUBE_APISERVER" => Some("/own/apiserver".into()),
            _ => None,
        };
        assert_eq!(path(&KUBE_APISERVER, variable).unwrap(), Path::new("/own/apiserver"));
        assert_eq!(path(&KUBECTL, variable).unwrap(), Path::new("/assets/kubectl"));
    }

    #[test]
    fn a_directory_without_the_programs_is_an_error_that_names_one() {
        let variable = |name: &str| (name == "KUBEBUILDER_ASSETS").then(|| "/nowhere".into());
        let error = Binaries::named_by(variable).unwrap_err();
        assert!(error.to_string().starts_with("no etcd at /nowhere/etcd"), "{error}");
    }
}
