//! What reads show late, and what they show no more.

use std::time::Duration;

use aws_sdk_batch::Client;
use aws_sdk_batch::types::{JobStatus, KeyValuesPair};
use batch_double::{Behaviour, Lag};

use super::{client, double, submit};

async fn described(client: &Client, id: &str) -> Option<JobStatus> {
    let jobs = client.describe_jobs().jobs(id).send().await.unwrap();
    jobs.jobs().first().map(|job| job.status().unwrap().clone())
}

async fn listed(client: &Client) -> usize {
    let by_name = KeyValuesPair::builder().name("JOB_NAME").values("JOB").build();
    let jobs = client.list_jobs().job_queue("q").filters(by_name).send().await.unwrap();
    jobs.job_summary_list().len()
}

#[tokio::test]
async fn a_new_job_is_not_seen_before_the_lag_is_over() {
    let double = double();
    let client = client(&double);
    double.set_lag(Lag { list_ms: 60_000, describe_ms: 30_000 });
    let id = submit(&client).await.unwrap().job_id().unwrap().to_owned();
    assert_eq!((described(&client, &id).await, listed(&client).await), (None, 0));
    double.advance(Duration::from_secs(31));
    assert_eq!((described(&client, &id).await, listed(&client).await), (Some(JobStatus::Running), 0));
    double.advance(Duration::from_secs(30));
    assert_eq!(listed(&client).await, 1);
}

#[tokio::test]
async fn a_new_state_is_not_seen_before_the_lag_is_over() {
    let double = double();
    let client = client(&double);
    let id = submit(&client).await.unwrap().job_id().unwrap().to_owned();
    double.advance(Duration::from_mins(1));
    double.set_lag(Lag { list_ms: 0, describe_ms: 30_000 });
    client.terminate_job().job_id(&id).reason("enough").send().await.unwrap();
    double.advance(Duration::from_secs(20));
    let job = client.describe_jobs().jobs(&id).send().await.unwrap().jobs()[0].clone();
    assert_eq!((job.status(), job.is_terminated()), (Some(&JobStatus::Running), Some(false)));
    double.advance(Duration::from_secs(20));
    assert_eq!(described(&client, &id).await, Some(JobStatus::Failed));
}

#[tokio::test]
async fn a_finished_job_is_forgotten_after_a_week() {
    let double = double();
    let client = client(&double);
    double.set_behaviour("d", Behaviour::runs(1));
    let id = submit(&client).await.unwrap().job_id().unwrap().to_owned();
    double.advance(Duration::from_hours(144));
    assert_eq!(described(&client, &id).await, Some(JobStatus::Succeeded));
    double.advance(Duration::from_hours(48));
    assert_eq!((described(&client, &id).await, listed(&client).await), (None, 0));
    assert_eq!(double.jobs()[0].status, "SUCCEEDED", "the handle forgets nothing");
}

#[tokio::test]
async fn jobs_that_are_forgotten_at_once_are_in_no_read() {
    let double = double();
    let client = client(&double);
    let id = submit(&client).await.unwrap().job_id().unwrap().to_owned();
    double.forget_jobs();
    assert_eq!((described(&client, &id).await, listed(&client).await), (None, 0));
    submit(&client).await.unwrap();
    assert_eq!((listed(&client).await, double.accepted()), (1, 2));
}
