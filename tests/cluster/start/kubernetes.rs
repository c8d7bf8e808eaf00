//! The cluster is not as it should be. A control plane of their own, for it is without our CRD and is taken away.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use controlplane::{ControlPlane, Options};

use super::{COUNTED, MENDED_WITHIN, wait_for_reason};
use crate::operator::Operator;
use crate::stage::{OPERATOR, Stage, allow_everywhere, allow_lease, manifest};

/// A control plane that knows nothing of us but what we may do everywhere.
fn bare() -> MutexGuard<'static, ControlPlane> {
    static PLANE: OnceLock<Mutex<ControlPlane>> = OnceLock::new();
    let plane = PLANE.get_or_init(|| {
        let plane = ControlPlane::start(Options { controllers: false, ..Options::default() }).unwrap();
        plane.run(&["apply", "-f", &manifest("rbac.yaml")]).unwrap();
        allow_everywhere(&plane);
        Mutex::new(plane)
    });
    plane.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An operator of that control plane.
fn start(stage: &Stage, plane: &ControlPlane) -> Operator {
    let kubeconfig = plane.kubeconfig_for(OPERATOR, &[]).unwrap();
    Operator::start_with(stage, &[], |command| {
        command.env("KUBECONFIG", kubeconfig);
    })
}

/// The stage's namespace there, with our rights in it.
fn namespace(stage: &Stage, plane: &ControlPlane) {
    plane.run(&["create", "namespace", &stage.namespace]).unwrap();
    allow_lease(plane, &stage.namespace);
}

fn install_crd(plane: &ControlPlane) {
    plane.run(&["apply", "--server-side", "-f", &manifest("crd.yaml")]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_missing_crd() {
    let stage = Stage::new("start-no-crd");
    let plane = bare();
    namespace(&stage, &plane);
    plane.run(&["delete", "crd", "batchjobs.awsbatch.dev", "--ignore-not-found"]).unwrap();
    let operator = start(&stage, &plane);
    wait_for_reason(&operator, &["cannot watch BatchJobs", "404", "the CRD must be installed"]);
    let calls = || plane.audit().unwrap().iter().filter(|event| event.user == OPERATOR).count();
    let before = calls();
    std::thread::sleep(COUNTED);
    // A renewal of the lease every two seconds, and a few tries of the watch.
    let made = calls() - before;
    assert!(made <= 20, "{made} calls of the API server in {COUNTED:?}");
    install_crd(&plane);
    operator.wait_until_ready(MENDED_WITHIN);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_api_server_that_is_away() {
    let stage = Stage::new("start-away");
    let mut plane = bare();
    namespace(&stage, &plane);
    install_crd(&plane);
    plane.stop_apiserver();
    let operator = start(&stage, &plane);
    wait_for_reason(&operator, &["kube-system", "Connection refused"]);
    let before = operator.log().lines().count();
    std::thread::sleep(COUNTED);
    let lines = operator.log().lines().count() - before;
    assert!(lines <= 10, "{lines} lines in {COUNTED:?}:\n{}", operator.log());
    plane.start_apiserver().unwrap();
    operator.wait_until_ready(MENDED_WITHIN);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_expired_certificate() {
    let stage = Stage::new("start-expired");
    let mut plane = bare();
    namespace(&stage, &plane);
    install_crd(&plane);
    plane.expire_certificate().unwrap();
    let operator = start(&stage, &plane);
    wait_for_reason(&operator, &["kube-system", "certificate", "expired"]);
    plane.renew_certificate().unwrap();
    operator.wait_until_ready(MENDED_WITHIN);
}
