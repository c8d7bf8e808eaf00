//! Where the programs are: where the environment says (the variables of envtest), else built from Go modules.
//! Knows nothing of how they are started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::gobuild;
use crate::recipe::{ETCD_SERVER, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBECTL, Program};

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

impl Binaries {
    /// Finds them by `TEST_ASSET_<NAME>` and `KUBEBUILDER_ASSETS`. When neither names any, builds them with
    /// Go, which takes minutes the first time, and says so on the error stream.
    pub fn find() -> Result<Self, Error> {
        match Self::named_by(environment)? {
            Some(binaries) => Ok(binaries),
            None => gobuild::built().map(|bin| Self::inside(&bin)),
        }
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
