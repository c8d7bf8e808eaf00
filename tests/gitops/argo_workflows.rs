//! The example for Argo Workflows in a cluster: its own executor, with the rights that the example gives, and how many jobs
//! come of that.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Config};

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(20);

fn module() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gitops/go/argoworkflows")
}

/// The tests of tests/gitops/go/argoworkflows for a cluster, as one program.
fn executor() -> PathBuf {
    let program = plane().dir().join("argoworkflows.test");
    let mut go = Command::new("go");
    go.args(["test", "-c", "-trimpath", "-tags=cluster", "-o"]).arg(&program).current_dir(module());
    go.env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly").env("GOWORK", "off");
    let output = go.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// One of its tests, as the ServiceAccount of the example.
fn passes(stage: &Stage, executor: &Path, test: &str) {
    let user = format!("system:serviceaccount:{}:batchjobs", stage.namespace);
    let (kubeconfig, cache) = {
        let plane = plane();
        (plane.kubeconfig_for(&user, &[]).unwrap(), plane.dir().join("executor-cache"))
    };
    let mut command = Command::new(executor);
    command.args(["-test.v", "-test.timeout=1m", "-test.run", &format!("^{test}$")]).current_dir(module());
    command.env("KUBECONFIG", kubeconfig).env("KUBECACHEDIR", cache).env("NAMESPACE", &stage.namespace);
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains(&format!("--- PASS: {test}")), "{out}\n{err}");
}

#[test]
#[ignore = "needs Go and a control plane: cargo xtask test"]
fn argo_workflows_makes_one_job_of_one_step_however_often_its_executor_is_lost() {
    let config = Config { queues: vec!["HighPriority".to_owned()], ..Config::default() };
    let stage = Stage::with("argo-workflows", &config);
    stage.kubectl(&["apply", "--filename", "examples/argo-workflows/rbac.yaml"]).unwrap();
    stage.double.set_behaviour("broken", Behaviour::fails(3));
    stage.double.set_behaviour("endless", Behaviour::forever());
    let executor = executor();
    let _operator = Operator::ready(&stage, &[]);

    passes(&stage, &executor, "TestTheSuccessorOfALostExecutorWaitsForTheSameObject");
    passes(&stage, &executor, "TestActionCreateFailsWhereTheObjectExists");
    assert_eq!((stage.list().len(), stage.double.accepted()), (1, 1));

    passes(&stage, &executor, "TestAJobThatFailsFailsTheStep");
    passes(&stage, &executor, "TestAStepWhoseJobDoesNotEnd");
    // A BatchJob that is deleted before its submission has no job to end.
    stage.wait(SOON, "the job that does not end is submitted", || stage.double.accepted() == 3);
    passes(&stage, &executor, "TestTheExitHandlerDeletesWhatHasNotEnded");
    let ended = || stage.list().len() == 2;
    stage.wait(SOON, "the object that had not ended is gone", ended);
    let phases = stage.list().into_iter().filter_map(|object| object.status.and_then(|status| status.phase));
    let mut phases: Vec<_> = phases.collect();
    phases.sort_by_key(|phase| *phase == Phase::Failed);
    assert_eq!(phases, [Phase::Succeeded, Phase::Failed]);
    let terminated: Vec<_> = stage.double.jobs().iter().map(|job| job.is_terminated).collect();
    assert_eq!(terminated, [false, false, true]);
}
