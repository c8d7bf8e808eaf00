//! Others in the same account, queue and namespace: what is not ours is never taken for ours, and ours never for theirs.

use std::time::Duration;

use aws_batch_operator::api::BatchJobSpec;
use aws_batch_operator::aws::sdk::{Aws, Settings};
use aws_batch_operator::aws::{Batch, Permit};
use aws_batch_operator::clock::{self, Clock};
use aws_batch_operator::job::Submission;
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, Region};
use batch_double::{Behaviour, Config, Fault, Kind, When};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use serde_json::{Value, json};
use stand::{Jobs, TAG_UID, uid_of};

use crate::operator::Operator;
use crate::stage::Stage;

const FAST: [&str; 6] = ["--visibility-window", "3s", "--signature-life", "6s", "--read-rate", "1000"];

fn long(name: &str) -> Value {
    json!({ "jobName": name, "jobQueue": "q", "jobDefinition": "long" })
}

/// Submits jobs of that name, as anyone in the account may.
fn submit_foreign(stage: &Stage, name: &str, number: usize) {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(stage.double.url());
    let settings =
        Settings { attempt_timeout: Duration::from_secs(10), permit: Permit::always(Clock::system()) };
    let aws = Aws::new(config, settings);
    let submission = Submission {
        name: name.to_owned(),
        spec: serde_json::from_value::<BatchJobSpec>(long(name)).unwrap(),
        tags: [(TAG_UID.to_owned(), "a-stranger".to_owned())].into(),
        signed_at: Timestamp::UNIX_EPOCH,
    };
    let one = |_| async {
        let submission = Submission { signed_at: clock::now(), ..submission.clone() };
        drop(aws.submit(&submission, Permit::always(Clock::system())).await.unwrap());
    };
    stage.runtime.block_on(stream::iter((0..number).map(one)).buffer_unordered(32).collect::<Vec<()>>());
}

/// Fails unless AWS has exactly one job of each object of the stages, the one that its status names.
fn assert_one_each(stages: &[&Stage], double: &Stage) {
    let jobs = double.double.jobs();
    let jobs = Jobs::new(&jobs);
    for object in stages.iter().flat_map(|stage| stage.list()) {
        let ids: Vec<_> = jobs.of(&object.metadata.uid.unwrap()).iter().map(|job| job.id.clone()).collect();
        assert_eq!(ids, [object.status.unwrap().job_id.unwrap()], "{:?}", object.metadata.name);
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn ten_thousand_foreign_jobs_of_the_same_name_hide_nothing() {
    let stage = Stage::with("crowd", &Config { limit: None, fresh_ms: 5_000, ..Config::default() });
    stage.double.set_behaviour("long", Behaviour::forever());
    let _operator = Operator::ready(&stage, &FAST);
    submit_foreign(&stage, "crowded", 5_000);
    // The answers to one that was accepted and to one that was not are lost.
    stage.double.set_faults(vec![
        Fault::next("SubmitJob", Kind::Drop, When::After, 1),
        Fault::next("SubmitJob", Kind::Drop, When::Before, 1),
    ]);
    stage.create("accepted", long("crowded"));
    stage.wait(Duration::from_secs(10), "the first was sent", || stage.double.accepted() > 5_000);
    stage.create("lost", long("crowded"));
    let struck =
        || stage.double.requests_of("SubmitJob").iter().filter(|r| r.outcome.contains("Drop")).count();
    stage.wait(Duration::from_secs(10), "both answers were lost", || struck() == 2);
    submit_foreign(&stage, "crowded", 5_000);
    stage.wait_until_submitted(2, Duration::from_mins(2));
    assert_one_each(&[&stage], &stage);
    let jobs = stage.double.jobs();
    assert_eq!(Jobs::new(&jobs).of("a-stranger").len(), 10_000);
    // Nobody else's job is ended with ours.
    stage.kubectl(&["delete", "bj", "--all", "--timeout=60s"]).unwrap();
    let ended = stage.double.jobs().into_iter().filter(|job| job.is_terminated);
    assert!(ended.into_iter().all(|job| uid_of(&job) != "a-stranger"));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn another_clusters_operator_in_the_same_queue_is_left_alone() {
    let (ours, theirs) = (Stage::hasty("cluster-a"), Stage::hasty("cluster-b"));
    ours.double.set_behaviour("long", Behaviour::forever());
    ours.double.set_faults(vec![
        Fault::sometimes("SubmitJob", Kind::Drop, When::After, 0.3),
        Fault::sometimes("SubmitJob", Kind::ServerError, When::Before, 0.3),
    ]);
    let flags = |cluster| [&["--cluster-id", cluster, "--submit-rate", "15"], &FAST[..4]].concat();
    let _first = Operator::ready(&ours, &flags("a"));
    let _second = Operator::start_with(&theirs, &flags("b"), |command| {
        command.env("AWS_ENDPOINT_URL_BATCH", ours.double.url());
    });
    // The same names in the same queue.
    let spec = json!({ "jobQueue": "q", "jobDefinition": "long" });
    ours.create_many(30, &spec);
    theirs.create_many(30, &spec);
    ours.wait_until_submitted(30, Duration::from_mins(1));
    theirs.wait_until_submitted(30, Duration::from_mins(1));
    assert_one_each(&[&ours, &theirs], &ours);
    ours.kubectl(&["delete", "bj", "--all", "--timeout=60s"]).unwrap();
    let ended: Vec<_> = ours.double.jobs().into_iter().filter(|job| job.is_terminated).collect();
    assert_eq!(ended.len(), 30);
    assert!(ended.iter().all(|job| job.tags["awsbatch.dev/cluster"] == "a"));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn two_objects_with_one_job_name_have_a_job_each() {
    let stage = Stage::hasty("same-name");
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.double.set_faults(vec![
        Fault::next("SubmitJob", Kind::Drop, When::After, 2),
        Fault::next("SubmitJob", Kind::Drop, When::Before, 2),
    ]);
    let _operator = Operator::ready(&stage, &FAST);
    for name in ["a", "b", "c", "d"] {
        stage.create(name, long("shared"));
    }
    stage.wait_until_submitted(4, Duration::from_mins(1));
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_copy_with_the_claim_of_its_original_is_an_object_of_its_own() {
    let stage = Stage::new("copied");
    stage.double.set_behaviour("long", Behaviour::forever());
    let _operator = Operator::ready(&stage, &FAST);
    stage.create("original", long("copied"));
    stage.wait_until_submitted(1, Duration::from_secs(20));
    let original = stage.get("original");
    // As `kubectl get -o yaml | sed | kubectl create` makes it: annotations and finalizers are copied.
    stage.create_object(json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "spec": original.spec,
        "metadata": { "name": "copy", "annotations": original.metadata.annotations, "finalizers": original.metadata.finalizers },
    }));
    stage.wait_until_submitted(2, Duration::from_secs(20));
    stage.assert_exactly_once();
    assert_eq!(
        stage.double.count("ListJobs"),
        0,
        "another's claim is no claim: there is nothing to look for"
    );
}
