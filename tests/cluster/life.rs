//! The life of one object as a person sees it, through kubectl.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_minimal_job_runs_and_the_status_tells_the_story() {
    let stage = Stage::new("minimal");
    let _operator = Operator::ready(&stage, &[]);
    let manifest = format!("{}/examples/minimal.yaml", env!("CARGO_MANIFEST_DIR"));
    stage.double.set_behaviour("sleep60", Behaviour::runs(1000));
    stage.kubectl(&["apply", "-f", &manifest]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Submitted", "bj/example", "--timeout=20s"]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Complete", "bj/example", "--timeout=20s"]).unwrap();
    let status = stage.get("example").status.unwrap();
    assert_eq!((status.phase, status.exit_code, status.attempts), (Some(Phase::Succeeded), Some(0), Some(1)));
    assert_eq!((status.succeeded, status.failed), (Some(1), Some(0)));
    assert!(status.job_definition.unwrap().ends_with(":job-definition/sleep60:1"));
    assert!(status.started_at.unwrap().0 <= status.stopped_at.unwrap().0);
    assert!(status.logs.unwrap().stream.unwrap().starts_with("sleep60/default/"));
    let events = stage.kubectl(&["describe", "bj", "example"]).unwrap();
    for reason in ["Accepted", "JobSucceeded"] {
        assert!(events.contains(reason), "{events}");
    }
    let selected =
        stage.kubectl(&["get", "bj", "--field-selector", "status.phase=Succeeded", "-o", "name"]).unwrap();
    assert_eq!(selected.trim(), "batchjob.awsbatch.dev/example");
    stage.kubectl(&["delete", "bj", "example", "--timeout=5s"]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_failed_job_is_failed_and_says_why() {
    let stage = Stage::new("failing");
    let _operator = Operator::ready(&stage, &[]);
    let reason = Some("OutOfMemoryError: container killed".to_owned());
    stage.double.set_behaviour("bad", Behaviour { reason, ..Behaviour::fails(137) });
    stage.create(
        "bad",
        json!({ "jobQueue": "q", "jobDefinition": "bad", "retryStrategy": { "attempts": 2 } }),
    );
    stage.kubectl(&["wait", "--for=condition=Failed", "bj/bad", "--timeout=20s"]).unwrap();
    let status = stage.get("bad").status.unwrap();
    assert_eq!((status.exit_code, status.attempts), (Some(137), Some(2)));
    assert!(status.reason.unwrap().contains("OutOfMemoryError"));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_array_runs_while_its_children_run_and_counts_them() {
    let stage = Stage::new("array");
    let _operator = Operator::ready(&stage, &[]);
    let failing_indexes = [1, 3].into();
    stage.double.set_behaviour("some", Behaviour { failing_indexes, ..Behaviour::runs(4000) });
    stage.create(
        "some",
        json!({ "jobQueue": "q", "jobDefinition": "some", "arrayProperties": { "size": 10 } }),
    );
    let running = stage.wait_for_phase("some", Phase::Running, SOON).status.unwrap();
    assert_eq!(running.job_status.as_deref(), Some("PENDING"));
    let ended = stage.wait_for_phase("some", Phase::Failed, SOON).status.unwrap();
    assert_eq!((ended.succeeded, ended.failed), (Some(0), Some(1)), "the whole job");
    let children = ended.array.unwrap().status_summary.unwrap();
    assert_eq!((children["SUCCEEDED"], children["FAILED"]), (8, 2));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn deleting_an_object_ends_its_job_first() {
    let stage = Stage::new("deletion");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("long", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("long", Phase::Running, SOON);
    stage.kubectl(&["delete", "bj", "long", "--timeout=20s"]).unwrap();
    let jobs = stage.double.jobs();
    assert_eq!(
        (jobs.len(), jobs[0].status.as_str()),
        (1, "FAILED"),
        "the object went when the job had ended"
    );
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_retained_job_runs_on_and_its_object_goes_at_once() {
    let stage = Stage::new("retained");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("long", json!({ "jobQueue": "q", "jobDefinition": "long", "deletionPolicy": "Retain" }));
    stage.wait_for_phase("long", Phase::Running, SOON);
    stage.kubectl(&["delete", "bj", "long", "--timeout=5s"]).unwrap();
    assert_eq!(stage.double.jobs()[0].status, "RUNNING");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn many_deletions_share_calls() {
    let stage = Stage::new("deletions");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create_many(100, &json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_until_submitted(100, SOON);
    let api = stage.api();
    let all = kube::api::ListParams::default();
    let _ = stage.runtime.block_on(api.delete_collection(&kube::api::DeleteParams::default(), &all)).unwrap();
    stage.wait(Duration::from_secs(30), "all are gone", || stage.list().is_empty());
    assert!(stage.double.jobs().iter().all(|job| job.status == "FAILED"));
    let calls = stage.double.count("TerminateJobs");
    assert!(calls <= 20, "{calls} calls to end 100 jobs");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn suspend_holds_a_job_back_and_managed_by_leaves_it_alone() {
    let stage = Stage::new("held");
    let _operator = Operator::ready(&stage, &[]);
    stage.create("held", json!({ "jobQueue": "q", "jobDefinition": "quick", "suspend": true }));
    stage.create(
        "other",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "managedBy": "someone.example/else" }),
    );
    stage.wait_for_phase("held", Phase::Suspended, SOON);
    assert_eq!(stage.double.accepted(), 0);
    stage.patch("held", &json!({ "spec": { "suspend": false } }));
    stage.wait_for_phase("held", Phase::Succeeded, SOON);
    assert_eq!(stage.double.accepted(), 1);
    let other = stage.get("other");
    assert_eq!((other.metadata.finalizers, other.status.unwrap().conditions), (None, Vec::new()));
    stage.kubectl(&["delete", "bj", "other", "--timeout=5s"]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn suspend_comes_too_late_for_a_job_that_was_submitted_and_says_so() {
    let stage = Stage::new("too-late");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("brief", Behaviour::runs(6_000));
    stage.create("late", json!({ "jobQueue": "q", "jobDefinition": "brief" }));
    stage.wait_for_phase("late", Phase::Running, SOON);
    stage.kubectl(&["patch", "bj", "late", "--type=merge", "-p", r#"{"spec":{"suspend":true}}"#]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Suspended=false", "bj/late", "--timeout=20s"]).unwrap();
    let path = r#"jsonpath={.status.conditions[?(@.type=="Suspended")].reason}"#;
    assert_eq!(stage.kubectl(&["get", "bj", "late", "-o", path]).unwrap(), "AlreadySubmitted");
    stage.wait_for_phase("late", Phase::Succeeded, SOON);
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_created_again_under_its_name_is_another_one() {
    let stage = Stage::new("again");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    let spec = json!({ "jobQueue": "q", "jobDefinition": "long" });
    stage.create("twin", spec.clone());
    let first = stage.wait_for_phase("twin", Phase::Running, SOON).status.unwrap().job_id;
    stage.kubectl(&["delete", "bj", "twin", "--timeout=20s"]).unwrap();
    stage.create("twin", spec);
    let second = stage.wait_for_phase("twin", Phase::Running, SOON).status.unwrap().job_id;
    assert_ne!(first, second);
    assert_eq!(stage.double.accepted(), 2);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_links_lead_to_the_console_of_the_partition() {
    let stage = Stage::new("partitions");
    for (region, domain) in
        [("cn-north-1", "console.amazonaws.cn"), ("us-gov-west-1", "console.amazonaws-us-gov.com")]
    {
        let mut operator = Operator::start_with(&stage, &[], |command| {
            command.env("AWS_REGION", region);
        });
        stage.create(region, json!({ "jobQueue": "q", "jobDefinition": "quick" }));
        stage.wait_for_phase(region, Phase::Succeeded, SOON);
        let path = "jsonpath={.status.consoleURL} {.status.logs.url}";
        let shown = stage.kubectl(&["get", "bj", region, "-o", path]).unwrap();
        let links: Vec<_> = shown.split(' ').collect();
        assert!(links[0].starts_with(&format!("https://{domain}/batch/home?region={region}#")), "{shown}");
        assert!(
            links[1].starts_with(&format!("https://{domain}/cloudwatch/home?region={region}#")),
            "{shown}"
        );
        operator.stop();
    }
}
