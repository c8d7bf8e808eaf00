//! One call of each operation, and each kind of refusal, through the SDK.

use aws_sdk_batch::error::ProvideErrorMetadata;
use aws_sdk_batch::operation::RequestId;
use aws_sdk_batch::types::JobStatus;
use batch_double::{Config, Double};

use super::{client, double, submit};

#[tokio::test]
async fn a_job_is_submitted_told_of_and_terminated() {
    let double = double();
    let client = client(&double);
    let submitted = submit(&client).await.unwrap();
    let id = submitted.job_id().unwrap();
    assert!(submitted.job_arn().unwrap().ends_with(id));
    let jobs = client.describe_jobs().jobs(id).jobs("nobody").send().await.unwrap();
    let job = &jobs.jobs()[0];
    assert_eq!((job.status(), jobs.jobs().len()), (Some(&JobStatus::Running), 1));
    assert_eq!(job.tags().unwrap()["uid"], "1");
    assert!(job.container().unwrap().log_stream_name().unwrap().starts_with("d/default/"));
    client.terminate_job().job_id(id).reason("enough").send().await.unwrap();
    assert!(double.jobs()[0].is_terminated);
    client.cancel_job().job_id("nobody").reason("enough").send().await.unwrap();
}

#[tokio::test]
async fn a_bulk_end_answers_for_each_job() {
    let double = double();
    let client = client(&double);
    let id = submit(&client).await.unwrap().job_id().unwrap().to_owned();
    let ended = client.terminate_jobs().jobs(&id).jobs("no id!").reason("enough").send().await.unwrap();
    assert_eq!(ended.successful(), std::slice::from_ref(&id));
    assert_eq!(ended.errors()[0].job(), Some("no id!"));
    let ended = client.cancel_jobs().jobs(&id).reason("enough").send().await.unwrap();
    assert_eq!(ended.successful(), [id]);
}

#[tokio::test]
async fn an_array_tells_of_its_children() {
    let double = double();
    let client = client(&double);
    let array = aws_sdk_batch::types::ArrayProperties::builder().size(10_000).build();
    let submitted = client.submit_job().job_name("array").job_queue("q").job_definition("d");
    let submitted = submitted.array_properties(array).send().await.unwrap();
    let id = submitted.job_id().unwrap();
    let child = format!("{id}:9999");
    let jobs = client.describe_jobs().jobs(id).jobs(child).send().await.unwrap();
    let parent = jobs.jobs()[0].array_properties().unwrap();
    assert_eq!((parent.size(), parent.status_summary().unwrap()["RUNNING"]), (Some(10_000), 10_000));
    assert_eq!(jobs.jobs()[0].status(), Some(&JobStatus::Pending));
    assert_eq!(jobs.jobs()[1].array_properties().unwrap().index(), Some(9999));
    let children = client.list_jobs().array_job_id(id).max_results(3).into_paginator().items().send();
    assert_eq!(children.try_collect().await.unwrap().len(), 10_000, "page after page");
}

#[tokio::test]
async fn queues_and_definitions_are_told() {
    let double = double();
    let client = client(&double);
    let queues = client.describe_job_queues().job_queues("q").send().await.unwrap();
    assert_eq!(queues.job_queues()[0].job_queue_name(), Some("q"));
    let definitions = client.describe_job_definitions().job_definition_name("d").send().await.unwrap();
    assert_eq!(definitions.job_definitions()[0].revision(), Some(1));
}

#[tokio::test]
async fn a_refusal_has_awss_code_words_and_a_request_id() {
    let config = Config { queues: vec!["known".to_owned()], ..Config::default() };
    let double = Double::start(&config).unwrap();
    let error = submit(&client(&double)).await.unwrap_err();
    let request_id = error.request_id().unwrap().to_owned();
    let error = error.into_service_error();
    assert!(error.is_client_exception());
    let text = format!("Error executing request, Exception : JobQueue q not found., RequestId: {request_id}");
    assert_eq!(error.message(), Some(text.as_str()));
}

#[tokio::test]
async fn calls_beyond_the_limit_are_throttled() {
    let double = double();
    let client = client(&double);
    double.set_limit(Some(3));
    for _ in 0..3 {
        submit(&client).await.unwrap();
    }
    let error = submit(&client).await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 429);
    assert_eq!(error.into_service_error().code(), Some("TooManyRequestsException"));
    assert_eq!(double.accepted(), 3);
    double.set_limit(None);
    submit(&client).await.unwrap();
}
