//! `helm install --wait` by Helm 4, with the example chart: it returns when AWS has accepted the job, and fails fast when
//! AWS refuses it.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Config};

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const CHART: &str = "examples/gitops/helm";

/// Helm 4 in the namespace of the stage; it would wait for five minutes.
fn helm(stage: &Stage, arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = root.join("target/tools/go/helm4/helm4");
    assert!(program.exists(), "no {}: `cargo xtask gen` puts it there", program.display());
    let kubeconfig = plane().kubeconfig();
    let mut command = Command::new(program);
    command.args(arguments).args(["--wait", "--timeout", "5m", "--namespace", &stage.namespace]);
    command.arg("--kubeconfig").arg(kubeconfig).current_dir(root).output().unwrap()
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn stage(name: &str) -> Stage {
    let config = Config { queues: vec!["HighPriority".to_owned()], ..Config::default() };
    let stage = Stage::with(name, &config);
    stage.double.set_behaviour("sleep20", Behaviour::forever());
    stage
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask test"]
fn helm_returns_when_the_job_is_accepted_and_a_changed_spec_is_another_job() {
    let stage = stage("helm-accepted");
    let _operator = Operator::ready(&stage, &[]);
    succeeds(&helm(&stage, &["install", "train", CHART]));
    let [first] = stage.list().try_into().unwrap();
    let phase = first.status.unwrap().phase;
    assert!(matches!(phase, Some(Phase::Submitted | Phase::Running)), "{phase:?}");

    succeeds(&helm(&stage, &["upgrade", "train", CHART]));
    assert_eq!(stage.double.accepted(), 1, "nothing has changed");
    succeeds(&helm(&stage, &["upgrade", "train", CHART, "--set-string", "job.parameters.epochs=20"]));
    let gone = || stage.list().len() == 1;
    stage.wait(Duration::from_secs(20), "the old one is gone", gone);
    let [second] = stage.list().try_into().unwrap();
    assert_ne!(first.metadata.name, second.metadata.name);
    let ended: Vec<bool> = stage.double.jobs().iter().map(|job| job.is_terminated).collect();
    assert_eq!(ended, [true, false]);
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask test"]
fn helm_fails_fast_when_the_queue_does_not_exist() {
    let stage = stage("helm-refused");
    let _operator = Operator::ready(&stage, &[]);
    let begun = Instant::now();
    let output = helm(&stage, &["install", "train", CHART, "--set", "job.jobQueue=typo"]);
    let (took, said) = (begun.elapsed(), String::from_utf8_lossy(&output.stderr));
    assert!(!output.status.success() && said.contains("BatchJob"), "{said}");
    assert!(took < Duration::from_mins(1), "{took:?}: {said}");
    assert_eq!(stage.double.accepted(), 0);
}
