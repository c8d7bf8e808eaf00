//! Whatever DescribeJobs says of a job: from the socket through the SDK and the planner comes a status that the API server
//! takes, of at most 4 KiB, with one line where one is promised.

use aws_batch_operator::aws::Batch;
use aws_batch_operator::job::JobId;
use serde_json::json;

use super::endpoint::{client, server};
use super::jobs::Chance;
use crate::plan::bounds::{assert_fits, schema};
use crate::plan::remote::tags;
use crate::plan::scene::{JOB, created};

/// Jobs in one answer.
const AT_ONCE: u64 = 100;

#[tokio::test]
async fn ten_thousand_jobs_of_any_kind_make_statuses_that_the_api_server_takes() {
    let ((url, body), id, schema) = (server(), JobId::new(JOB).unwrap(), schema());
    let (aws, tags) = (client(&url), json!(tags()));
    let mut ended = 0;
    for answer in 0..100 {
        let mut chance = Chance::of(answer);
        let jobs: Vec<_> = (0..AT_ONCE).map(|_| chance.job(JOB, &tags)).collect();
        *body.lock().unwrap() = json!({ "jobs": jobs }).to_string().into_bytes();
        let jobs = aws.describe(std::slice::from_ref(&id)).await.unwrap();
        assert_eq!(jobs.len(), usize::try_from(AT_ONCE).unwrap());
        for (number, job) in jobs.into_iter().enumerate() {
            ended += usize::from(job.status.is_terminal());
            let seen = created().submitted().now(80).saw(job.clone());
            let scene = match number % 4 {
                0 => seen,
                1 => seen.deleted(),
                2 => created().annotation("awsbatch.dev/adopt", JOB).finalizer().saw(job),
                _ => seen.inspected((0..10_000).step_by(2).collect(), Some(job)),
            };
            assert_fits(&scene, &schema);
        }
    }
    assert!((1_000..9_000).contains(&ended), "{ended} have ended");
}
