//! Jobs that AWS no longer tells of, and objects that no longer tell of their job.

use std::time::{Duration, Instant};

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_aws_does_not_tell_of_is_unknown_after_five_minutes_and_never_sent_again() {
    let stage = Stage::new("vanished");
    let mut operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("gone", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("gone", Phase::Running, SOON);
    stage.double.forget_jobs();
    operator.kill();
    let _again = Operator::ready(&stage, &[]);
    stage
        .kubectl(&["patch", "bj", "gone", "--type=merge", "-p", r#"{"metadata":{"labels":{"a":"b"}}}"#])
        .unwrap();
    let looks = stage.double.count("DescribeJobs");
    stage.wait(SOON, "three looks", || stage.double.count("DescribeJobs") > looks + 3);
    assert_eq!(stage.get("gone").status.unwrap().phase, Some(Phase::Running), "absent is not gone");
    let ended = stage.wait_for_phase("gone", Phase::Unknown, Duration::from_mins(6)).status.unwrap();
    let failed = ended.conditions.iter().find(|condition| condition.type_ == "Failed").unwrap();
    assert_eq!((failed.status.as_str(), failed.reason.as_str()), ("True", "JobVanished"));
    assert_eq!(stage.double.count("SubmitJob"), 1);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn answers_with_nothing_in_them_make_no_job_vanish_and_no_deletion_leave_one_behind() {
    let stage = Stage::new("told-nothing");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("runs", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("runs", Phase::Running, SOON);
    stage.double.set_faults(vec![Fault::always("DescribeJobs", Kind::Empty, When::Before)]);
    let begun = Instant::now();
    stage.wait(Duration::from_mins(7), "longer than a job may be missing", || {
        begun.elapsed() > Duration::from_secs(330)
    });
    let status = stage.get("runs").status.unwrap();
    assert_eq!(status.phase, Some(Phase::Running));
    assert!(status.conditions.iter().any(|it| it.type_ == "Observed" && it.status == "False"), "{status:?}");
    stage.double.clear_faults();
    stage.kubectl(&["delete", "bj", "runs", "--timeout=60s"]).unwrap();
    assert!(stage.double.jobs().iter().all(|job| job.is_terminated), "its job is ended");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_comes_back_without_its_status_finds_its_job_by_its_tag() {
    let stage = Stage::new("restored");
    let mut operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("back", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("back", Phase::Running, SOON);
    let id = || stage.kubectl(&["get", "bj", "back", "-o", "jsonpath={.status.jobId}"]).unwrap();
    let before = id();
    operator.stop();
    // As a backup of before the status, with the object's UID, leaves it.
    let no_status = ["--subresource=status", "--type=merge", "-p", r#"{"status":null}"#];
    stage.kubectl(&[&["patch", "bj", "back"][..], &no_status].concat()).unwrap();
    assert_eq!(id(), "");
    let _again = Operator::ready(&stage, &[]);
    stage.kubectl(&["wait", "--for=jsonpath={.status.phase}=Running", "bj/back", "--timeout=20s"]).unwrap();
    assert_eq!(id(), before);
    let told = || stage.kubectl(&["describe", "bj", "back"]).unwrap().contains("of an earlier submission");
    stage.wait(SOON, "an Event says so", told);
    assert_eq!(stage.double.count("SubmitJob"), 1);
    stage.assert_exactly_once();
}
