//! Deadlines on a job that has started, on one that waits, and on an object that AWS never gets.

use std::time::Duration;

use aws_batch_operator::api::{BatchJobStatus, Phase};
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(40);

fn reason_of(status: &BatchJobStatus, kind: &str) -> Option<String> {
    let condition = status.conditions.iter().find(|condition| condition.type_ == kind)?;
    (condition.status == "True").then(|| condition.reason.clone())
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_queue_deadline_ends_nothing_that_starts_just_before_it() {
    let stage = Stage::new("queue-deadline-race");
    let _operator = Operator::ready(&stage, &["--min-poll-interval", "3s"]);
    // STARTING a moment before the deadline, and the tracker has not seen it then.
    let behaviour = Behaviour { runnable_ms: 4_400, starting_ms: 100, ..Behaviour::runs(8_000) };
    stage.double.set_behaviour("racing", behaviour);
    stage.create_many(20, &json!({ "jobQueue": "q", "jobDefinition": "racing", "queueDeadlineSeconds": 5 }));
    stage.wait(SOON, "all have ended", || {
        stage
            .list()
            .iter()
            .all(|job| job.status.as_ref().and_then(|s| s.phase).is_some_and(Phase::is_terminal))
    });
    let ended = |job: &&aws_batch_operator::api::BatchJob| {
        job.status.as_ref().unwrap().phase != Some(Phase::Succeeded)
    };
    let wrong: Vec<_> =
        stage.list().iter().filter(ended).map(|job| job.status.clone().unwrap().reason).collect();
    assert!(wrong.is_empty(), "{} of 20 were ended: {:?}", wrong.len(), wrong.first());
    assert_eq!(stage.double.count("TerminateJobs"), 0, "whatever has started is left alone");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_was_interrupted_keeps_its_retries_after_the_queue_deadline() {
    let stage = Stage::new("queue-deadline-retry");
    let _operator = Operator::ready(&stage, &[]);
    let reason = Some("Host EC2 (i-0) terminated.".to_owned());
    let spot = Behaviour { failing_attempts: 1, runnable_ms: 3_000, reason, ..Behaviour::runs(4_000) };
    stage.double.set_behaviour("spot", spot);
    let spec = json!({ "jobQueue": "q", "jobDefinition": "spot", "queueDeadlineSeconds": 5, "retryStrategy": { "attempts": 3 } });
    let mut array = spec.clone();
    array["arrayProperties"] = json!({ "size": 2 });
    stage.create("single", spec);
    stage.create("array", array);
    stage.wait(SOON, "the single job waits for its second attempt", || {
        let status = stage.get("single").status.unwrap_or_default();
        status.phase == Some(Phase::Submitted) && status.attempts == Some(1)
    });
    for name in ["single", "array"] {
        stage.wait_for_phase(name, Phase::Succeeded, SOON);
    }
    assert_eq!(stage.double.count("CancelJobs") + stage.double.count("TerminateJobs"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_deleted_job_under_cancel_keeps_its_retries_too() {
    let stage = Stage::new("cancel-retry");
    let _operator = Operator::ready(&stage, &[]);
    let spot = Behaviour { failing_attempts: 1, runnable_ms: 4_000, ..Behaviour::runs(2_000) };
    stage.double.set_behaviour("spot", spot);
    stage.create("kept", json!({ "jobQueue": "q", "jobDefinition": "spot", "deletionPolicy": "Cancel", "retryStrategy": { "attempts": 2 } }));
    stage.wait(SOON, "it waits for its second attempt", || {
        stage.get("kept").status.is_some_and(|s| s.attempts == Some(1) && s.phase == Some(Phase::Submitted))
    });
    stage.kubectl(&["delete", "bj", "kept", "--wait=false"]).unwrap();
    stage.wait(SOON, "it says what it waits for", || {
        stage.find("kept").is_none_or(|job| {
            reason_of(&job.status.unwrap(), "Reconciling").as_deref() == Some("Terminating")
        })
    });
    stage.wait(SOON, "the object goes with the end of the job", || stage.find("kept").is_none());
    assert_eq!((stage.double.jobs()[0].status.as_str(), stage.double.count("CancelJobs")), ("SUCCEEDED", 0));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_never_starts_is_cancelled_and_says_so() {
    let stage = Stage::new("queue-deadline");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour(
        "stuck",
        Behaviour::stuck("UNDETERMINED - Batch job is blocked, root cause is undetermined."),
    );
    stage.create("single", json!({ "jobQueue": "q", "jobDefinition": "stuck", "queueDeadlineSeconds": 4 }));
    stage.create("array", json!({ "jobQueue": "q", "jobDefinition": "stuck", "queueDeadlineSeconds": 4, "arrayProperties": { "size": 2 } }));
    stage.wait(SOON, "it says why it waits", || {
        let status = stage.get("single").status.unwrap_or_default();
        status.conditions.iter().any(|c| c.type_ == "Schedulable" && c.reason == "Undetermined")
    });
    for name in ["single", "array"] {
        stage.kubectl(&["wait", "--for=condition=Finished", &format!("bj/{name}"), "--timeout=40s"]).unwrap();
        let status = stage.get(name).status.unwrap();
        assert_eq!(reason_of(&status, "Failed").as_deref(), Some("QueueDeadlineExceeded"), "{name}");
    }
    assert_eq!(stage.double.count("TerminateJobs"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_queue_with_a_typo_ends_at_the_submit_deadline() {
    let stage = Stage::new("submit-deadline");
    stage.double.set_faults(vec![Fault::always("SubmitJob", Kind::Refused, When::Before)]);
    let _operator = Operator::ready(&stage, &[]);
    stage.create("typo", json!({ "jobQueue": "q", "jobDefinition": "quick", "submitDeadlineSeconds": 5 }));
    stage.kubectl(&["wait", "--for=condition=Finished", "bj/typo", "--timeout=40s"]).unwrap();
    let status = stage.get("typo").status.unwrap();
    assert_eq!(reason_of(&status, "Finished").as_deref(), Some("SubmitDeadlineExceeded"));
    assert_eq!((status.succeeded, status.failed, status.job_id), (Some(0), Some(1), None));
    assert_eq!(stage.double.accepted(), 0);
    stage.kubectl(&["delete", "bj", "typo", "--timeout=5s"]).unwrap();
}
