//! SubmitJob: what goes out, and when nothing does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_batch_operator::aws::sdk::Aws;
use aws_batch_operator::aws::{Batch, Permit};
use aws_batch_operator::clock::{self, Clock};
use aws_batch_operator::job::{EndKind, FaultKind};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{aws, bare, double, minimal, settings, soon, submission, submit};

#[tokio::test]
async fn every_member_of_a_spec_reaches_the_request_unchanged() {
    let double = double();
    let spec: Value = serde_json::from_str(include_str!("../full-spec.json")).unwrap();
    // The double knows no multi-node jobs beside containers; what it refuses has reached it all the same.
    let _ = aws(&double).submit(&submission(spec.clone()), soon()).await;
    let mut expected = spec;
    expected["jobName"] = json!("example");
    expected["tags"] = json!({ "awsbatch.dev/uid": "uid-1" });
    assert_eq!(double.requests()[0].body, expected);
}

#[tokio::test]
async fn nothing_goes_out_after_its_time() {
    let double = double();
    let past = Permit::always(Clock::system()).until(clock::now() - SignedDuration::from_millis(1));
    let fault = aws(&double).submit(&minimal(), past).await.unwrap_err();
    assert_eq!((fault.kind, double.calls()), (FaultKind::NotSent, 0));
}

#[tokio::test]
async fn the_time_for_sending_is_read_from_the_clock_that_was_given() {
    let double = double();
    let ahead = Clock::new(|| clock::now() + SignedDuration::from_mins(1));
    let late = Permit::always(ahead).until(clock::now() + SignedDuration::from_secs(5));
    let fault = aws(&double).submit(&minimal(), late).await.unwrap_err();
    assert_eq!((fault.kind, double.calls()), (FaultKind::NotSent, 0));
}

#[tokio::test]
async fn nothing_goes_out_without_a_permit() {
    let double = double();
    let is_open = Arc::new(AtomicBool::new(true));
    let permit = Permit::new(Clock::system(), {
        let is_open = is_open.clone();
        move || is_open.load(Ordering::SeqCst)
    });
    let aws = aws(&double).permitted(permit.clone());
    let id = aws.submit(&minimal(), permit.clone()).await.unwrap().id;
    is_open.store(false, Ordering::SeqCst);
    let calls = double.calls();
    let faults = [
        aws.submit(&minimal(), permit).await.map(|_| ()).unwrap_err(),
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

#[tokio::test]
async fn a_refused_connection_is_surely_not_sent() {
    let mut double = double();
    double.stop_listening();
    assert_eq!(submit(&double).await.unwrap_err().kind, FaultKind::NotSent);
}

#[tokio::test]
async fn no_credentials_are_surely_not_sent() {
    let double = double();
    let fault = Aws::new(bare(&double.url()), settings()).submit(&minimal(), soon()).await.unwrap_err();
    assert!(matches!(fault.kind, FaultKind::NotSent | FaultKind::NoCredentials), "{fault}");
    assert_eq!(double.calls(), 0);
}
