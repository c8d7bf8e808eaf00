//! What is read: jobs by id and by name.

use aws_batch_operator::batch::{Batch, FaultKind, JobStatus};
use batch_double::{Behaviour, Fault as Played, Kind, Lag, When};

use super::{aws, double, minimal, soon};

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
