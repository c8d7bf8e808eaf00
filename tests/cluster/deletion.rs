//! Deletion of whole namespaces, in doubt, against AWS's will, and by each policy; judged by the jobs that go on.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{HASTY, Stage, plane};

const SOON: Duration = Duration::from_secs(20);

/// How many jobs have not ended.
fn alive(stage: &Stage) -> usize {
    let jobs = stage.double.jobs();
    jobs.iter().filter(|job| !["FAILED", "SUCCEEDED"].contains(&job.status.as_str())).count()
}

/// kubectl's answer about one object.
fn shown(stage: &Stage, name: &str, path: &str) -> String {
    stage.kubectl(&["get", "bj", name, "-o", &format!("jsonpath={path}")]).unwrap()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_namespace_with_five_hundred_running_jobs_goes_and_so_do_they() {
    const JOBS: u64 = 500;
    let stage = Stage::with_lease_apart("doomed");
    stage.double.set_behaviour("long", Behaviour::forever());
    let operator = Operator::ready(&stage, &[]);
    stage.create_many(500, &json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_until_submitted(500, Duration::from_mins(1));
    plane().run(&["delete", "namespace", "doomed", "--timeout=90s"]).unwrap();
    assert_eq!((alive(&stage), stage.double.accepted()), (0, 500));
    let terminated: u64 = stage.double.count("TerminateJobs");
    assert!((JOBS / 50..=JOBS / 5).contains(&terminated), "{terminated} calls to end {JOBS} jobs");
    assert_eq!(stage.double.count("ListJobs"), 0, "nothing was in doubt");
    assert!(!operator.log().contains("cannot write Events"), "a namespace that goes takes none");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_aws_does_not_end_prints_the_command_that_lets_its_object_go() {
    let stage = Stage::new("undying");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.double.set_faults(vec![Fault::always("TerminateJobs", Kind::Denied, When::Before)]);
    stage.create("stuck", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("stuck", Phase::Running, SOON);
    stage.kubectl(&["delete", "bj", "stuck", "--wait=false"]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Stalled", "bj/stuck", "--timeout=20s"]).unwrap();
    let message = shown(&stage, "stuck", r#"{.status.conditions[?(@.type=="Stalled")].message}"#);
    let (_, command) = message.split_once("kubectl ").unwrap();
    let (command, _) = command.split_once(". AWS").unwrap();
    let arguments: Vec<_> = command.split(' ').map(|word| word.trim_matches('\'')).collect();
    stage.kubectl(&arguments).unwrap();
    stage.kubectl(&["wait", "--for=delete", "bj/stuck", "--timeout=10s"]).unwrap();
    assert_eq!(alive(&stage), 1, "and the job runs on");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn cancel_ends_what_has_not_started_and_waits_for_what_has() {
    let stage = Stage::new("cancel");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("stuck", Behaviour::stuck("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"));
    stage.double.set_behaviour("long", Behaviour::forever());
    for definition in ["stuck", "long"] {
        let spec = json!({ "jobQueue": "q", "jobDefinition": definition, "deletionPolicy": "Cancel" });
        stage.create(definition, spec);
    }
    stage.kubectl(&["wait", "--for=condition=Schedulable=false", "bj/stuck", "--timeout=20s"]).unwrap();
    stage.wait_for_phase("long", Phase::Running, SOON);
    stage.kubectl(&["delete", "bj", "stuck", "--timeout=20s"]).unwrap();
    stage.kubectl(&["delete", "bj", "long", "--wait=false"]).unwrap();
    let waits = "jsonpath={.status.conditions[?(@.type==\"Reconciling\")].reason}=Terminating";
    stage.kubectl(&["wait", &format!("--for={waits}"), "bj/long", "--timeout=20s"]).unwrap();
    assert_eq!(shown(&stage, "long", "{.status.phase}"), "Running", "it waits for the end of its job");
    assert_eq!(stage.double.count("CancelJobs"), 1, "what has started is not asked to be cancelled");
    // The policy may change during the deletion too.
    let patch = r#"{"spec":{"deletionPolicy":"Terminate"}}"#;
    stage.kubectl(&["patch", "bj", "long", "--type=merge", "-p", patch]).unwrap();
    stage.kubectl(&["wait", "--for=delete", "bj/long", "--timeout=20s"]).unwrap();
    assert_eq!(alive(&stage), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_deleted_in_doubt_finds_its_job_first_and_ends_it() {
    let stage = Stage::hasty("doubtful");
    let _operator = Operator::ready(&stage, &HASTY);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.double.set_faults(vec![
        Fault::next("SubmitJob", Kind::Drop, When::After, 1),
        Fault::next("ListJobs", Kind::Unavailable, When::Before, 1),
    ]);
    stage.create("lost", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    assert!(stage.double.wait_for_requests("ListJobs", 1, SOON));
    stage.kubectl(&["delete", "bj", "lost", "--timeout=60s"]).unwrap();
    assert_eq!((stage.double.accepted(), alive(&stage)), (1, 0));
}
