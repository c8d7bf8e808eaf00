//! Our calls at a real socket: what goes out, how often, and what each kind of failure is taken for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_batch_operator::api::BatchJobSpec;
use aws_batch_operator::batch::aws::{Aws, Settings};
use aws_batch_operator::batch::{Accepted, Batch, EndKind, Fault, FaultKind, Fence, JobStatus, Submission};
use aws_batch_operator::clock::Clock;
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, Region};
use batch_double::{Behaviour, Config, Double, Fault as Played, Kind, Lag, When};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(1);

fn double() -> Double {
    Double::start(&Config::default()).unwrap()
}

fn aws(double: &Double) -> Aws {
    fenced(double, Fence::open())
}

fn fenced(double: &Double, fence: Fence) -> Aws {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(double.url());
    Aws::new(config, Settings { attempt_timeout: TIMEOUT, fence, clock: Clock::system() })
}

fn submission(spec: Value) -> Submission {
    Submission {
        name: "example".to_owned(),
        spec: serde_json::from_value::<BatchJobSpec>(spec).unwrap(),
        tags: [("awsbatch.dev/uid".to_owned(), "uid-1".to_owned())].into(),
        signed_at: aws_batch_operator::clock::now(),
    }
}

fn minimal() -> Submission {
    submission(json!({ "jobQueue": "HighPriority", "jobDefinition": "sleep60" }))
}

fn soon() -> Timestamp {
    aws_batch_operator::clock::now() + SignedDuration::from_secs(5)
}

async fn submit(double: &Double) -> Result<Accepted, Fault> {
    aws(double).submit(&minimal(), soon()).await
}

#[tokio::test]
async fn every_member_of_a_spec_reaches_the_request_unchanged() {
    let double = double();
    let spec: Value = serde_json::from_str(include_str!("full-spec.json")).unwrap();
    // The double knows no multi-node jobs beside containers; what it refuses has reached it all the same.
    let _ = aws(&double).submit(&submission(spec.clone()), soon()).await;
    let mut expected = spec;
    expected["jobName"] = json!("example");
    expected["tags"] = json!({ "awsbatch.dev/uid": "uid-1" });
    assert_eq!(double.requests()[0].body, expected);
}

#[tokio::test]
async fn the_request_is_signed_with_the_claims_time() {
    let double = double();
    let mut submission = minimal();
    submission.signed_at -= SignedDuration::from_secs(200);
    aws(&double).submit(&submission, soon()).await.unwrap();
    let signed = double.requests()[0].signed_at.clone().unwrap();
    assert_eq!(signed, submission.signed_at.strftime("%Y%m%dT%H%M%SZ").to_string());
}

#[tokio::test]
async fn a_request_that_was_held_up_for_minutes_is_refused_by_aws() {
    let double = double();
    let mut submission = minimal();
    submission.signed_at -= SignedDuration::from_secs(301);
    let fault = aws(&double).submit(&submission, soon()).await.unwrap_err();
    assert_eq!((fault.kind, double.accepted()), (FaultKind::Denied, 0));
}

#[tokio::test]
async fn nothing_goes_out_after_its_time() {
    let double = double();
    let past = aws_batch_operator::clock::now() - SignedDuration::from_millis(1);
    let fault = aws(&double).submit(&minimal(), past).await.unwrap_err();
    assert_eq!((fault.kind, double.calls()), (FaultKind::NotSent, 0));
}

#[tokio::test]
async fn nothing_goes_out_while_the_fence_is_shut() {
    let double = double();
    let is_open = Arc::new(AtomicBool::new(true));
    let fence = Fence::new({
        let is_open = is_open.clone();
        move || is_open.load(Ordering::SeqCst)
    });
    let aws = fenced(&double, fence);
    let id = aws.submit(&minimal(), soon()).await.unwrap().id;
    is_open.store(false, Ordering::SeqCst);
    let calls = double.calls();
    let faults = [
        aws.submit(&minimal(), soon()).await.map(|_| ()).unwrap_err(),
        aws.describe(std::slice::from_ref(&id)).await.map(|_| ()).unwrap_err(),
        aws.list("HighPriority", "example", None).await.map(|_| ()).unwrap_err(),
        aws.end(EndKind::Terminate, std::slice::from_ref(&id), "test").await.map(|_| ()).unwrap_err(),
        aws.end(EndKind::Cancel, &[id], "test").await.map(|_| ()).unwrap_err(),
    ];
    for fault in faults {
        assert_eq!(fault.kind, FaultKind::NotSent, "{fault}");
    }
    assert_eq!(double.calls(), calls);
}

/// Plays the fault before and after acceptance: one request each, and this is what it is taken for.
async fn check(kind: Kind, before: FaultKind, after: FaultKind) {
    for (when, expected, accepted) in [(When::Before, before, 0), (When::After, after, 1)] {
        let double = double();
        double.set_faults(vec![Played::next("SubmitJob", kind, when, 1)]);
        let fault = submit(&double).await.unwrap_err();
        assert_eq!(fault.kind, expected, "{kind:?} {when:?}: {fault}");
        assert_eq!(double.count("SubmitJob"), 1, "{kind:?} {when:?} was sent more than once");
        assert_eq!(double.accepted(), accepted, "{kind:?} {when:?}");
    }
}

#[tokio::test]
async fn what_may_have_been_carried_out_is_unclear() {
    for kind in [
        Kind::ServerError,
        Kind::Unavailable,
        Kind::Drop,
        Kind::Truncated,
        Kind::Empty,
        Kind::Html,
        Kind::Hang,
    ] {
        check(kind, FaultKind::Unclear, FaultKind::Unclear).await;
    }
}

#[tokio::test]
async fn what_aws_says_no_to_is_surely_not_accepted() {
    for (kind, expected) in [
        (Kind::Throttled, FaultKind::Throttled),
        (Kind::ThrottledBare, FaultKind::Throttled),
        (Kind::Refused, FaultKind::Refused),
        (Kind::Denied, FaultKind::Denied),
    ] {
        check(kind, expected, expected).await;
    }
}

#[tokio::test]
async fn a_refused_connection_is_surely_not_sent() {
    let mut double = double();
    double.stop_listening();
    assert_eq!(submit(&double).await.unwrap_err().kind, FaultKind::NotSent);
}

#[tokio::test]
async fn no_credentials_are_surely_not_sent() {
    let double = double();
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(double.url());
    let fault =
        Aws::new(config, Settings { attempt_timeout: TIMEOUT, fence: Fence::open(), clock: Clock::system() })
            .submit(&minimal(), soon())
            .await
            .unwrap_err();
    assert!(matches!(fault.kind, FaultKind::NotSent | FaultKind::NoCredentials), "{fault}");
    assert_eq!(double.calls(), 0);
}

#[tokio::test]
async fn a_job_is_found_by_name_and_told_by_id() {
    let double = double();
    let aws = aws(&double);
    double
        .set_behaviour("sleep60", Behaviour { submitted_ms: 0, runnable_ms: 60_000, ..Behaviour::default() });
    let accepted = aws.submit(&minimal(), soon()).await.unwrap();
    let page = aws.list("HighPriority", "EXAMPLE", None).await.unwrap();
    assert_eq!(page.jobs.iter().map(|job| &job.id).collect::<Vec<_>>(), [&accepted.id]);
    let jobs = aws.describe(std::slice::from_ref(&accepted.id)).await.unwrap();
    assert_eq!((jobs[0].status, jobs[0].tags["awsbatch.dev/uid"].as_str()), (JobStatus::Runnable, "uid-1"));
    assert_eq!(jobs[0].started_at, None, "the SDK's 0 for a missing time is no time");
}

#[tokio::test]
async fn a_job_that_reads_do_not_show_yet_is_absent_and_no_error() {
    let double = double();
    let aws = aws(&double);
    let accepted = aws.submit(&minimal(), soon()).await.unwrap();
    double.set_lag(Lag { list_ms: 60_000, describe_ms: 60_000 });
    assert!(aws.list("HighPriority", "example", None).await.unwrap().jobs.is_empty());
    assert!(aws.describe(&[accepted.id]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_listing_that_is_cut_out_is_unclear_and_not_empty() {
    let double = double();
    let aws = aws(&double);
    aws.submit(&minimal(), soon()).await.unwrap();
    for kind in [Kind::Empty, Kind::Html, Kind::Truncated] {
        double.set_faults(vec![Played::next("ListJobs", kind, When::After, 1)]);
        let fault = aws.list("HighPriority", "example", None).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unclear, "{kind:?}: {fault}");
    }
    assert_eq!(aws.list("HighPriority", "nothing", None).await.unwrap().jobs.len(), 0);
}

#[tokio::test]
async fn a_bulk_end_tells_of_each_job() {
    let double = double();
    let aws = aws(&double);
    let accepted = aws.submit(&minimal(), soon()).await.unwrap();
    let odd = aws_batch_operator::batch::JobId::new("not an id!").unwrap();
    let errors = aws.end(EndKind::Terminate, &[accepted.id, odd.clone()], "test").await.unwrap();
    assert_eq!(
        errors.iter().map(|(id, fault)| (id, fault.kind)).collect::<Vec<_>>(),
        [(&odd, FaultKind::Refused)]
    );
    assert!(double.jobs()[0].is_terminated);
}
