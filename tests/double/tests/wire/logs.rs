//! CloudWatch Logs through its SDK, which is made of AWS's own model: requests, answers and refusals.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Builder, Credentials, Region, retry::RetryConfig};
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatchlogs::operation::RequestId;
use aws_sdk_cloudwatchlogs::operation::get_log_events::{GetLogEventsError, GetLogEventsOutput};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use batch_double::{Double, Fault, Kind, When};

use super::{double, submit};

fn client(double: &Double, token: Option<&str>) -> aws_sdk_cloudwatchlogs::Client {
    let credentials = Credentials::new("id", "secret", token.map(str::to_owned), None, "test");
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::disabled())
        .endpoint_url(double.url());
    aws_sdk_cloudwatchlogs::Client::from_conf(config.build())
}

async fn read(
    client: &aws_sdk_cloudwatchlogs::Client,
    stream: &str,
) -> Result<GetLogEventsOutput, SdkError<GetLogEventsError>> {
    let asked = client.get_log_events().log_group_name("/aws/batch/job").log_stream_name(stream);
    asked.start_from_head(true).send().await
}

#[tokio::test]
async fn the_lines_of_a_job_are_read_by_the_stream_that_describe_jobs_names() {
    let double = double();
    let batch = super::client(&double);
    let id = submit(&batch).await.unwrap().job_id().unwrap().to_owned();
    let described = batch.describe_jobs().jobs(&id).send().await.unwrap();
    let stream = described.jobs()[0].container().unwrap().log_stream_name().unwrap();
    let page = read(&client(&double, None), stream).await.unwrap();
    let event = &page.events()[0];
    assert_eq!((event.message(), event.timestamp()), (Some("started"), described.jobs()[0].started_at()));
    assert!(event.ingestion_time() >= event.timestamp());
    let tokens = [page.next_forward_token().unwrap(), page.next_backward_token().unwrap()];
    assert!(tokens[0].starts_with("f/") && tokens[1].starts_with("b/"), "{tokens:?}");
}

#[tokio::test]
async fn a_batch_that_is_put_is_read_page_by_page_until_the_token_stays() {
    let double = double();
    let client = client(&double, None);
    client.create_log_group().log_group_name("/mine").send().await.unwrap();
    client.create_log_stream().log_group_name("/mine").log_stream_name("s").send().await.unwrap();
    let now = jiff::Timestamp::UNIX_EPOCH.as_millisecond() + 1;
    let event = |n: i64| InputLogEvent::builder().timestamp(now).message(format!("{n}")).build().unwrap();
    let put = client.put_log_events().log_group_name("/mine").log_stream_name("s");
    let put = put.set_log_events(Some((0..5).map(event).collect())).send().await.unwrap();
    assert_eq!(put.rejected_log_events_info().unwrap().too_old_log_event_end_index(), Some(5));
    let events =
        (0..5).map(|n| batch_double::Event { timestamp: now, message: n.to_string(), ingestion_time: None });
    let (group, stream) = ("/mine".to_owned(), "s".to_owned());
    double.write_log(batch_double::Written { group, stream, region: None, events: events.collect() });
    let pages = client.get_log_events().log_group_name("/mine").log_stream_name("s").start_from_head(true);
    let mut pages = pages.limit(2).into_paginator().send();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().events().len());
    }
    assert_eq!(sizes, [2, 2, 1, 0], "the SDK's own paginator knows the end");
}

#[tokio::test]
async fn a_refusal_has_its_code_in_the_body_and_a_request_id() {
    let double = double();
    let error = read(&client(&double, None), "nothing").await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    assert!(error.request_id().is_some());
    let error = error.into_service_error();
    assert!(error.is_resource_not_found_exception());
    assert_eq!(error.message(), Some("The specified log stream does not exist."));
}

#[tokio::test]
async fn a_session_that_has_ended_and_each_fault_are_what_a_client_sees() {
    let double = double();
    double.end_session("old", 1);
    let code = |error: SdkError<GetLogEventsError>| {
        let status = error.raw_response().unwrap().status().as_u16();
        (status, error.code().unwrap_or("no code").to_owned())
    };
    let ended = read(&client(&double, Some("old")), "s").await.unwrap_err();
    assert_eq!(code(ended), (400, "ExpiredTokenException".to_owned()));
    let holds = read(&client(&double, Some("new")), "s").await.unwrap_err();
    assert_eq!(code(holds), (400, "ResourceNotFoundException".to_owned()));
    for (kind, expected) in [
        (Kind::Throttled, (400, "ThrottlingException")),
        (Kind::Denied, (400, "AccessDeniedException")),
        (Kind::Unavailable, (503, "ServiceUnavailable")),
    ] {
        double.set_faults(vec![Fault::next("GetLogEvents", kind, When::Before, 1)]);
        let error = read(&client(&double, None), "s").await.unwrap_err();
        assert_eq!(code(error), (expected.0, expected.1.to_owned()), "{kind:?}");
    }
}

#[tokio::test]
async fn batch_refuses_a_session_that_has_ended_too() {
    let double = double();
    double.end_session("old", 1);
    let credentials =
        aws_sdk_batch::config::Credentials::new("id", "secret", Some("old".into()), None, "test");
    let config = super::config(&double).credentials_provider(credentials).build();
    let error = submit(&aws_sdk_batch::Client::from_conf(config)).await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 403);
    assert_eq!(error.into_service_error().code(), Some("ExpiredTokenException"));
}

#[test]
fn the_logs_are_steered_over_http() {
    let double = double();
    let put = |what: &str, body: &str| {
        let answer = super::raw::exchange(&double, &format!("PUT /control/{what}"), "", body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{what}: {answer}");
    };
    put("logs", r#"{"pageEvents":2,"readsPerSecond":null}"#);
    put("log", r#"{"group":"/mine","stream":"s","events":[{"timestamp":1,"message":"a"}]}"#);
    put("session/old", "1");
    let shown = super::raw::exchange(&double, "GET /control/logs", "", "");
    assert!(shown.contains(r#""pageEvents":2"#), "{shown}");
    assert!(double.wait_for_requests("GetLogEvents", 0, Duration::ZERO));
}
