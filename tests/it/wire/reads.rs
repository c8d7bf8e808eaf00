//! What is read: jobs by id and by name, and answers that are not whole.

use std::time::Duration;

use aws_batch_operator::aws::sdk::Aws;
use aws_batch_operator::aws::{Batch, NamedJob};
use aws_batch_operator::job::{EndKind, FaultKind, JobId, JobStatus};
use batch_double::{Behaviour, Config, Double, Fault as Played, Kind, Lag, When};
use jiff::{SignedDuration, Timestamp};

use super::scripted::{Answer, Scripted};
use super::{aws, config, double, minimal, settings, soon};

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
    assert_eq!((jobs[0].status, jobs[0].tags.get("awsbatch.dev/uid")), (JobStatus::Runnable, Some("uid-1")));
    assert_eq!(jobs[0].started_at, None, "the SDK's 0 for a missing time is no time");
}

#[tokio::test]
async fn the_names_of_a_queue_are_told_newest_first_with_what_is_left_out() {
    let double = Double::start(&Config { limit: None, ..Config::default() }).unwrap();
    let aws = aws(&double);
    for _ in 0..101 {
        aws.submit(&minimal(), soon()).await.unwrap();
        double.advance(Duration::from_millis(5));
    }
    let created_at = |n: usize| Timestamp::from_millisecond(double.jobs()[n].created_at).unwrap();
    let named = |n| NamedJob { name: "example".to_owned(), created_at: created_at(n) };
    let before = async |at| aws.created_before("HighPriority", at).await.unwrap();
    let newest = before(created_at(100) + SignedDuration::from_millis(1)).await;
    assert_eq!((newest.jobs.len(), newest.is_all), (100, false));
    assert_eq!((&newest.jobs[0], &newest.jobs[99]), (&named(100), &named(1)));
    let oldest = before(created_at(1)).await;
    assert_eq!((oldest.jobs, oldest.is_all), (vec![named(0)], true));
}

#[tokio::test]
async fn a_list_of_names_that_may_hide_a_job_is_unclear() {
    for body in [
        r#"{"jobSummaryList":[{"jobId":"1","createdAt":2},{"jobName":"example","createdAt":1}]}"#,
        r#"{"jobSummaryList":[{"jobName":"example"}]}"#,
        r#"{"jobSummaryList":[{"jobName":"example","createdAt":1},{"jobName":"other","createdAt":2}]}"#,
    ] {
        let (aws, _) = answered_with(body);
        let fault = aws.created_before("q", Timestamp::UNIX_EPOCH).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unclear, "{body}");
    }
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
async fn what_is_cut_out_of_a_read_is_unclear_and_not_empty() {
    let double = double();
    let aws = aws(&double);
    let accepted = aws.submit(&minimal(), soon()).await.unwrap();
    for kind in [Kind::Empty, Kind::Html, Kind::Truncated] {
        double.set_faults(vec![Played::next("*", kind, When::After, 2)]);
        let listed = aws.list("HighPriority", "example", None).await.unwrap_err();
        let described = aws.describe(std::slice::from_ref(&accepted.id)).await.unwrap_err();
        for fault in [listed, described] {
            assert_eq!(fault.kind, FaultKind::Unclear, "{kind:?}: {fault}");
        }
    }
    assert_eq!(aws.list("HighPriority", "nothing", None).await.unwrap().jobs.len(), 0);
    assert_eq!(aws.describe(&[JobId::nobody()]).await.unwrap().len(), 0);
}

/// A client whose every call is answered with 200 and this body.
fn answered_with(body: &'static str) -> (Aws, JobId) {
    let server =
        Scripted::start(move |_| Answer(200, vec![("x-amzn-requestid", "1".to_owned())], body.to_owned()));
    (Aws::new(config(&server.url), settings()), JobId::nobody())
}

#[tokio::test]
async fn a_job_without_an_id_or_a_state_makes_the_answer_unclear_and_is_not_left_out() {
    for body in [
        r#"{"jobs":[{"jobId":"1","status":"RUNNING"},{"status":"RUNNING"}]}"#,
        r#"{"jobs":[{"jobId":"1","status":"RUNNING"},{"jobId":"2"}]}"#,
    ] {
        let (aws, id) = answered_with(body);
        let fault = aws.describe(&[id]).await.unwrap_err();
        assert!(fault.kind == FaultKind::Unclear && fault.answered, "{body}: {fault}");
    }
    let (aws, _) = answered_with(r#"{"jobSummaryList":[{"jobId":"1"},{"jobName":"example"}]}"#);
    assert_eq!(aws.list("q", "example", None).await.unwrap_err().kind, FaultKind::Unclear);
}

#[tokio::test]
async fn an_end_is_believed_only_when_the_answer_is_whole() {
    for body in ["[]", "null", "\"ok\"", r#"{"errors":[{"code":"AccessDenied"}]}"#, r#"{"errors":{}}"#] {
        for kind in [EndKind::Terminate, EndKind::Cancel] {
            let (aws, id) = answered_with(body);
            assert_eq!(aws.end(kind, &[id], "test").await.unwrap_err().kind, FaultKind::Unclear, "{body}");
        }
    }
    let (aws, id) = answered_with("{}");
    assert!(aws.end(EndKind::Terminate, &[id], "test").await.unwrap().is_empty());
}
