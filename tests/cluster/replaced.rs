//! A manifest that is put in place of the object, as `kubectl replace`, `helm upgrade --force` and Argo CD's `Replace=true`
//! do it: the operator's finalizer and claim are gone with it. The job is ended with its object all the same, and no second
//! job runs.

use std::time::Duration;

use aws_batch_operator::api::{BatchJob, CLAIM_ANNOTATION, FINALIZER, Phase};
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::{HASTY, Stage, plane};
use crate::start::permissions::grant;

const SOON: Duration = Duration::from_secs(20);
/// Longer than a request may be on its way, and a job may hide.
const RESOLVED: Duration = Duration::from_mins(1);
/// The life of a signature and the window, less what may pass between a claim and its request.
const NO_SOONER_MS: i64 = 8_500;

/// The manifest as it lies in Git.
fn manifest(policy: &str) -> Value {
    json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": "job" },
        "spec": { "jobQueue": "q", "jobDefinition": "long", "submissionPolicy": policy },
    })
}

fn stage(name: &str) -> Stage {
    let stage = Stage::hasty(name);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage
}

fn replace(stage: &Stage, manifest: &Value) {
    let file = plane().dir().join(format!("replaced-{}.json", stage.namespace));
    std::fs::write(&file, manifest.to_string()).unwrap();
    stage.kubectl(&["replace", "-f", &file.display().to_string()]).unwrap();
}

fn is_held(object: &BatchJob) -> bool {
    object.metadata.finalizers.iter().flatten().any(|finalizer| finalizer == FINALIZER)
}

fn bears_a_claim(object: &BatchJob) -> bool {
    object.metadata.annotations.iter().flatten().any(|(name, _)| name == CLAIM_ANNOTATION)
}

fn wait_until_held(stage: &Stage) {
    stage.wait(SOON, "it has its finalizer", || is_held(&stage.get("job")));
}

/// Deletes the object, and sees that its one job has ended.
fn delete_and_judge(stage: &Stage) {
    stage.kubectl(&["delete", "bj", "job", "--timeout=60s"]).unwrap();
    let jobs: Vec<_> = stage.double.jobs().into_iter().map(|job| (job.status, job.is_terminated)).collect();
    assert_eq!(jobs, [("FAILED".to_owned(), true)]);
}

/// Waits until the status says that the answer is not known.
fn wait_until_unconfirmed(stage: &Stage) {
    let reason = "--for=jsonpath={.status.conditions[?(@.type=='Submitted')].reason}=Unconfirmed";
    stage.kubectl(&["wait", "bj/job", reason, "--timeout=20s"]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_running_job_whose_object_is_replaced_ends_with_its_object() {
    let stage = stage("replaced-running");
    let _operator = Operator::ready(&stage, &HASTY);
    let manifest = manifest("EffectivelyOnce");
    stage.create_object(manifest.clone());
    stage.wait_for_phase("job", Phase::Running, SOON);
    replace(&stage, &manifest);
    wait_until_held(&stage);
    assert!(!bears_a_claim(&stage.get("job")), "the manifest has taken it away");
    assert!(
        plane().audit().unwrap().iter().any(|event| {
            event.verb == "update" && event.namespace == stage.namespace && event.code == 200
        })
    );
    delete_and_judge(&stage);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_is_replaced_again_and_again_is_written_to_once_each_time() {
    let stage = stage("replaced-often");
    let _operator = Operator::ready(&stage, &HASTY);
    let manifest = manifest("EffectivelyOnce");
    stage.create_object(manifest.clone());
    stage.wait_for_phase("job", Phase::Running, SOON);
    let writes = || stage.writes().get("").copied().unwrap_or(0);
    let before = writes();
    for time in 1..=3 {
        replace(&stage, &manifest);
        wait_until_held(&stage);
        assert_eq!(writes(), before + time);
    }
    assert_eq!(stage.double.accepted(), 1);
    delete_and_judge(&stage);
}

/// SubmitJob has no clear answer, and the object is replaced while it is in doubt. `is_restarted`: all that the process
/// knew of it is gone as well.
fn replace_in_doubt(name: &str, when: When, policy: &str, is_restarted: bool) -> (Stage, Operator) {
    let stage = stage(name);
    stage.double.set_faults(vec![
        Fault::next("SubmitJob", Kind::Drop, when, 1),
        Fault::always("ListJobs", Kind::Unavailable, When::Before),
    ]);
    let mut operator = Operator::ready(&stage, &HASTY);
    let manifest = manifest(policy);
    stage.create_object(manifest.clone());
    wait_until_unconfirmed(&stage);
    if is_restarted {
        operator.kill();
    }
    replace(&stage, &manifest);
    assert!(!bears_a_claim(&stage.get("job")));
    stage.double.clear_faults();
    let operator = if is_restarted { Operator::ready(&stage, &HASTY) } else { operator };
    (stage, operator)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_whose_answer_was_lost_is_found_though_its_object_was_replaced() {
    for (policy, is_restarted) in [("EffectivelyOnce", false), ("AtMostOnce", true)] {
        let name = format!("replaced-found-{policy}").to_lowercase();
        let (stage, _operator) = replace_in_doubt(&name, When::After, policy, is_restarted);
        stage.wait_for_phase("job", Phase::Running, RESOLVED);
        assert_eq!(stage.double.count("SubmitJob"), 1, "{name}");
        stage.assert_exactly_once();
        wait_until_held(&stage);
        delete_and_judge(&stage);
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_request_that_was_lost_is_made_again_no_sooner_because_its_object_was_replaced() {
    for (suffix, is_restarted) in [("", false), ("-restarted", true)] {
        let name = format!("replaced-lost{suffix}");
        let (stage, _operator) = replace_in_doubt(&name, When::Before, "EffectivelyOnce", is_restarted);
        stage.wait_for_phase("job", Phase::Running, RESOLVED);
        let sent: Vec<i64> = stage.double.requests_of("SubmitJob").iter().map(|request| request.at).collect();
        assert!(sent.len() == 2 && sent[1] - sent[0] >= NO_SOONER_MS, "{name}: {sent:?}");
        stage.assert_exactly_once();
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_request_that_was_lost_is_not_made_again_at_most_once_though_its_object_was_replaced() {
    for (suffix, is_restarted) in [("", false), ("-restarted", true)] {
        let name = format!("replaced-at-most-once{suffix}");
        let (stage, _operator) = replace_in_doubt(&name, When::Before, "AtMostOnce", is_restarted);
        stage.wait_for_phase("job", Phase::Unknown, RESOLVED);
        assert_eq!((stage.double.count("SubmitJob"), stage.double.accepted()), (1, 0));
        stage.kubectl(&["delete", "bj", "job", "--timeout=5s"]).unwrap();
    }
}

/// An operator of that user.
fn start(stage: &Stage, user: &str) -> Operator {
    let kubeconfig = plane().kubeconfig_for(user, &[]).unwrap();
    let operator = Operator::start_with(stage, &HASTY, |command| {
        command.env("KUBECONFIG", kubeconfig);
    });
    operator.wait_until_ready(SOON);
    operator
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_no_status_tells_of_is_not_run_twice_though_its_object_was_replaced() {
    let (stage, user) = (stage("replaced-untold"), "without-replaced-untold");
    grant("clusterrole", &stage.namespace, user, Some(("batchjobs/status", "update")));
    grant("role", &stage.namespace, user, None);
    let mut operator = start(&stage, user);
    let manifest = manifest("EffectivelyOnce");
    stage.create_object(manifest.clone());
    stage.wait(SOON, "its status is refused", || operator.log().contains("failed to write status"));
    replace(&stage, &manifest);
    // A finalizer without a claim is all that speaks for the job, once nobody remembers it.
    wait_until_held(&stage);
    operator.kill();
    grant("clusterrole", &stage.namespace, user, None);
    let _again = start(&stage, user);
    stage.wait_for_phase("job", Phase::Running, RESOLVED);
    stage.assert_exactly_once();
    delete_and_judge(&stage);
}
