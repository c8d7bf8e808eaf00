//! Why a job does not run, and what a person selects and waits for.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Queue};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_nothing_can_run_says_why_until_it_runs() {
    let stage = Stage::new("stuck");
    let _operator = Operator::ready(&stage, &[]);
    let stuck = Behaviour::stuck("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - no instance has 900 vCPUs");
    stage.double.set_behaviour("stuck", Behaviour { stuck_ms: 6_000, ..stuck });
    stage.create("large", json!({ "jobQueue": "q", "jobDefinition": "stuck" }));
    stage.kubectl(&["wait", "--for=condition=Schedulable=false", "bj/large", "--timeout=20s"]).unwrap();
    let wide = stage.kubectl(&["get", "bj", "large", "-o", "wide"]).unwrap();
    assert!(wide.contains("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"), "{wide}");
    let told = || stage.kubectl(&["describe", "bj", "large"]).unwrap().contains("cannot be scheduled");
    stage.wait(SOON, "an Event says so", told);
    let status = stage.wait_for_phase("large", Phase::Succeeded, SOON).status.unwrap();
    assert!(status.conditions.iter().all(|condition| condition.type_ != "Schedulable"));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_disabled_queue_is_named_and_the_job_runs_once_it_is_enabled() {
    let stage = Stage::new("disabled");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_queue("off", Queue { enabled: false, ..Queue::default() });
    stage.create("waits", json!({ "jobQueue": "off", "jobDefinition": "quick" }));
    let said = || {
        let status = stage.get("waits").status.unwrap_or_default();
        status.reason.is_some_and(|reason| reason.contains("JobQueue off is not in ENABLED state"))
    };
    stage.wait(SOON, "the queue is named", said);
    stage.double.set_queue("off", Queue::default());
    stage.wait_for_phase("waits", Phase::Succeeded, SOON);
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn jobs_are_selected_by_queue_and_phase_and_shown_with_what_matters() {
    let stage = Stage::new("selected");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("bad", Behaviour::fails(3));
    stage.create("good", json!({ "jobQueue": "one", "jobDefinition": "quick" }));
    stage.create("bad", json!({ "jobQueue": "two", "jobDefinition": "bad" }));
    stage.kubectl(&["wait", "--for=condition=Submitted", "bj/good", "bj/bad", "--timeout=20s"]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Complete", "bj/good", "--timeout=20s"]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Failed", "bj/bad", "--timeout=20s"]).unwrap();
    let names = |selector: &str| {
        stage.kubectl(&["get", "bj", "--field-selector", selector, "-o", "name"]).unwrap().trim().to_owned()
    };
    assert_eq!(names("status.phase=Failed"), "batchjob.awsbatch.dev/bad");
    assert_eq!(names("spec.jobQueue=one"), "batchjob.awsbatch.dev/good");
    assert_eq!(names("spec.jobQueue=one,status.phase=Failed"), "");
    let table = stage.kubectl(&["get", "bj", "bad"]).unwrap();
    let head: Vec<_> = table.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(head, ["NAME", "PHASE", "STATUS", "QUEUE", "EXIT", "STARTED", "AGE"]);
    let row: Vec<_> = table.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(row[..5], ["bad", "Failed", "FAILED", "two", "3"]);
    let wide = stage.kubectl(&["get", "bj", "bad", "-o", "wide"]).unwrap();
    assert!(wide.contains("JOB ID") && wide.contains("REASON"), "{wide}");
}
