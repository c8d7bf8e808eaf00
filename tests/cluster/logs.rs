//! Where to read on, through kubectl: of jobs of several containers and of jobs on Amazon EKS, how they ended and where
//! their logs are, or why there are none.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Containers, Definition};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(30);

/// A job of these containers, which has its name from its definition. The last container fails, if any does, and logs to
/// a group of its own.
fn create(stage: &Stage, name: &str, containers: fn(Vec<String>) -> Containers, behaviour: Behaviour) {
    let definition = Definition {
        containers: containers(["web", "audit"].map(str::to_owned).to_vec()),
        log_groups: [("audit".to_owned(), "/teams/audit".to_owned())].into(),
        behaviour: Some(behaviour),
        ..Definition::default()
    };
    stage.double.set_definition(name, definition);
    let retries = json!({ "attempts": 2 });
    stage.create(name, json!({ "jobQueue": "q", "jobDefinition": name, "retryStrategy": retries }));
}

fn fails(reason: &str) -> Behaviour {
    Behaviour { reason: Some(reason.to_owned()), ..Behaviour::fails(3) }
}

/// What a person gets who asks for this path.
fn get(stage: &Stage, name: &str, path: &str) -> String {
    stage.kubectl(&["get", "bj", name, "-o", &format!("jsonpath={{.status.{path}}}")]).unwrap()
}

/// The job of several containers logs where it should: the container's stream, in its group, with the link to both.
#[track_caller]
fn assert_logs_of(stage: &Stage, name: &str, container: &str, group: &str) {
    assert_eq!(get(stage, name, "logs.group"), group);
    let stream = get(stage, name, "logs.stream");
    let task = get(stage, name, "lastAttempt.taskArn").rsplit('/').next().unwrap().to_owned();
    assert_eq!(stream, format!("{name}/{container}/{task}"), "of the task of the last attempt");
    let place = |text: &str| text.replace('/', "$252F");
    let link = format!("#logsV2:log-groups/log-group/{}/log-events/{}", place(group), place(&stream));
    assert_eq!(
        get(stage, name, "logs.url"),
        format!("https://console.aws.amazon.com/cloudwatch/home?region=us-east-1{link}")
    );
    let id = get(stage, name, "jobId");
    let page = format!("https://console.aws.amazon.com/batch/home?region=us-east-1#jobs/detail/{id}");
    assert_eq!(get(stage, name, "consoleURL"), page);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_of_several_containers_shows_the_one_that_failed_and_its_log() {
    let stage = Stage::new("several-fail");
    let _operator = Operator::ready(&stage, &[]);
    create(&stage, "bad", Containers::Task, fails("DockerTimeoutError: no container"));
    stage.wait_for_phase("bad", Phase::Failed, SOON);
    assert_eq!((get(&stage, "bad", "exitCode"), get(&stage, "bad", "attempts")), ("3".into(), "2".into()));
    assert_eq!(get(&stage, "bad", "lastAttempt.exitCode"), "3", "the other was stopped with it: 137");
    assert_eq!(get(&stage, "bad", "lastAttempt.reason"), "DockerTimeoutError: no container");
    assert_eq!(
        get(&stage, "bad", "reason"),
        "Essential container in task exited: DockerTimeoutError: no container"
    );
    assert_logs_of(&stage, "bad", "audit", "/teams/audit");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_of_several_containers_that_succeeds_shows_the_first_and_its_log() {
    let stage = Stage::new("several-do-well");
    let _operator = Operator::ready(&stage, &[]);
    create(&stage, "good", Containers::Task, Behaviour::default());
    stage.wait_for_phase("good", Phase::Succeeded, SOON);
    assert_eq!((get(&stage, "good", "exitCode"), get(&stage, "good", "attempts")), ("0".into(), "1".into()));
    assert_logs_of(&stage, "good", "web", "/aws/batch/job");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_of_several_containers_that_is_tried_again_shows_its_latest_attempt() {
    let stage = Stage::new("several-again");
    let _operator = Operator::ready(&stage, &[]);
    let behaviour = Behaviour { failing_attempts: 1, ..Behaviour::runs(4_000) };
    create(&stage, "again", Containers::Task, behaviour);
    let is = |path: &str, value: &str| get(&stage, "again", path) == value;
    stage.wait(SOON, "it runs again", || is("attempts", "1") && is("phase", "Running"));
    assert_eq!(get(&stage, "again", "exitCode"), "1", "of the attempt that has ended");
    let failed = get(&stage, "again", "lastAttempt.taskArn");
    let stream = get(&stage, "again", "logs.stream");
    assert!(stream.starts_with("again/web/"), "none of those that run has failed: {stream}");
    stage.wait_for_phase("again", Phase::Succeeded, SOON);
    assert_eq!(
        (get(&stage, "again", "exitCode"), get(&stage, "again", "attempts")),
        ("0".into(), "2".into())
    );
    assert_eq!(get(&stage, "again", "logs.stream"), stream, "it was the latest attempt's while that ran");
    assert_ne!(get(&stage, "again", "lastAttempt.taskArn"), failed);
    assert_logs_of(&stage, "again", "web", "/aws/batch/job");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_on_eks_shows_how_it_ended_and_where_to_look_for_the_log_that_it_has_not() {
    let stage = Stage::new("on-eks");
    let _operator = Operator::ready(&stage, &[]);
    create(&stage, "pod", Containers::Pod, Behaviour { running_ms: 4_000, ..fails("OOMKilled") });
    stage.wait(SOON, "it runs again", || {
        get(&stage, "pod", "attempts") == "1" && get(&stage, "pod", "phase") == "Running"
    });
    assert_eq!((get(&stage, "pod", "exitCode"), get(&stage, "pod", "logs")), ("3".into(), String::new()));
    let pod = |member: &str| get(&stage, "pod", &format!("pod.{member}"));
    let second = pod("name");
    assert!(second.starts_with("aws-batch.") && second.ends_with('1'), "of the attempt that runs: {second}");
    assert_eq!((pod("namespace"), pod("node")), ("batch-jobs".into(), "ip-10-0-0-1.ec2.internal".into()));
    assert!(pod("cluster").ends_with(":cluster/batch"), "{}", pod("cluster"));
    stage.wait_for_phase("pod", Phase::Failed, SOON);
    assert_eq!(pod("name"), second, "of the last attempt");
    assert_eq!((get(&stage, "pod", "exitCode"), get(&stage, "pod", "attempts")), ("3".into(), "2".into()));
    assert_eq!(
        (get(&stage, "pod", "reason"), get(&stage, "pod", "failed")),
        ("OOMKilled".into(), "1".into())
    );
    let last = get(&stage, "pod", "lastAttempt");
    let last: serde_json::Value = serde_json::from_str(&last).unwrap();
    assert_eq!((&last["exitCode"], &last["reason"]), (&json!(3), &json!("OOMKilled")));
    assert!(last["startedAt"].as_str() < last["stoppedAt"].as_str(), "{last}");
    assert_eq!(get(&stage, "pod", "logs"), "", "AWS Batch keeps none");
    let explained = stage.kubectl(&["explain", "bj.status.logs"]).unwrap();
    let explained = explained.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["Absent", "Amazon EKS", "`kubectl logs`", "`status.pod`", "Fluent Bit"] {
        assert!(explained.contains(words), "{words}: {explained}");
    }
    let page = get(&stage, "pod", "consoleURL");
    assert!(page.ends_with(&format!("#jobs/detail/{}", get(&stage, "pod", "jobId"))), "{page}");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_on_eks_that_succeeds_says_so_and_has_no_log_either() {
    let stage = Stage::new("on-eks-well");
    let _operator = Operator::ready(&stage, &[]);
    create(&stage, "pod", Containers::Pod, Behaviour::default());
    stage.wait_for_phase("pod", Phase::Succeeded, SOON);
    assert_eq!((get(&stage, "pod", "exitCode"), get(&stage, "pod", "attempts")), ("0".into(), "1".into()));
    assert_eq!(
        (get(&stage, "pod", "logs"), get(&stage, "pod", "lastAttempt.taskArn")),
        (String::new(), String::new())
    );
}
