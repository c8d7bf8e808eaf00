//! Every fault, before and after acceptance: what the SDK makes of it, and what the service did.

use std::time::Duration;

use aws_sdk_batch::config::retry::RetryConfig;
use aws_sdk_batch::config::timeout::TimeoutConfig;
use aws_sdk_batch::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_batch::operation::submit_job::{SubmitJobError, SubmitJobOutput};
use batch_double::{Fault, Kind, When};

use super::{client, config, double, submit};

/// What a call came to, in one word: a status for what the SDK could read as an error.
fn outcome(result: Result<SubmitJobOutput, SdkError<SubmitJobError>>) -> String {
    match result {
        Ok(output) if output.job_id() == Some("") => "no id".to_owned(),
        Ok(_) => "accepted".to_owned(),
        Err(SdkError::ServiceError(error)) => {
            let code = error.err().code().unwrap_or("no code").to_owned();
            format!("{} {code}", error.raw().status().as_u16())
        }
        Err(SdkError::DispatchFailure(_)) => "dispatch".to_owned(),
        Err(SdkError::TimeoutError(_)) => "timeout".to_owned(),
        Err(SdkError::ResponseError(_)) => "response".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test]
async fn each_kind_is_what_a_client_sees_and_acceptance_is_apart_from_it() {
    for (kind, expected) in [
        (Kind::Throttled, "429 TooManyRequestsException"),
        (Kind::ThrottledBare, "429 no code"),
        (Kind::Refused, "400 ClientException"),
        (Kind::RefusedBare, "400 no code"),
        (Kind::Denied, "403 AccessDeniedException"),
        (Kind::DeniedBare, "403 no code"),
        (Kind::ServerError, "500 ServerException"),
        (Kind::Unavailable, "503 ServiceUnavailable"),
        (Kind::UnknownOperation, "404 UnknownOperationException"),
        (Kind::Drop, "dispatch"),
        (Kind::Truncated, "response"),
        (Kind::Empty, "no id"),
        (Kind::Hollow, "no id"),
        (Kind::Html, "200 no code"),
        (Kind::Hang, "timeout"),
        (Kind::Slow, "timeout"),
        (Kind::SlowBody, "timeout"),
    ] {
        for (when, accepted) in [(When::Before, 0), (When::After, 1)] {
            let double = double();
            let client = client(&double);
            double.set_faults(vec![Fault::next("SubmitJob", kind, when, 1)]);
            assert_eq!(outcome(submit(&client).await), expected, "{kind:?} {when:?}");
            assert_eq!((double.accepted(), double.calls()), (accepted, 1), "{kind:?} {when:?}");
            let log = &double.requests()[0];
            assert_eq!(log.outcome, format!("{kind:?} {when:?}"));
            assert_eq!(log.job_id.is_some(), accepted == 1);
            assert_eq!(outcome(submit(&client).await), "accepted", "the next call is well");
        }
    }
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one_for_who_waits() {
    for kind in [Kind::Slow, Kind::SlowBody] {
        let double = double();
        double.set_faults(vec![Fault::next("SubmitJob", kind, When::After, 1).late_by_ms(200)]);
        let answer = submit(&client(&double)).await.unwrap();
        assert_eq!(answer.job_id(), Some(double.jobs()[0].id.as_str()), "{kind:?}");
    }
}

#[tokio::test]
async fn a_fault_says_what_it_is_told_to() {
    let double = double();
    let text = "JobQueue q is in INVALID state";
    double.set_faults(vec![Fault::always("SubmitJob", Kind::Refused, When::Before).saying(text)]);
    let error = submit(&client(&double)).await.unwrap_err().into_service_error();
    assert!(error.message().unwrap().contains(text), "{error}");
}

#[tokio::test]
async fn a_fault_of_one_operation_spares_the_others() {
    let double = double();
    let client = client(&double);
    double.set_faults(vec![Fault::always("DescribeJobs", Kind::Unavailable, When::Before)]);
    submit(&client).await.unwrap();
    client.describe_jobs().jobs("nobody").send().await.unwrap_err();
    double.clear_faults();
    client.describe_jobs().jobs("nobody").send().await.unwrap();
}

#[tokio::test]
async fn connections_that_are_closed_unread_carry_no_request() {
    let double = double();
    double.set_faults(vec![Fault::next("connect", Kind::Drop, When::Before, 1)]);
    let client = client(&double);
    assert_eq!(outcome(submit(&client).await), "dispatch");
    assert_eq!((double.calls(), double.accepted()), (0, 0));
    assert_eq!(outcome(submit(&client).await), "accepted");
}

#[tokio::test]
async fn the_tries_of_one_sdk_call_share_an_id_and_may_make_many_jobs() {
    let double = double();
    double.set_faults(vec![Fault::next("SubmitJob", Kind::Drop, When::After, 2)]);
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let config = config(&double).retry_config(retries).timeout_config(TimeoutConfig::disabled());
    submit(&aws_sdk_batch::Client::from_conf(config.build())).await.unwrap();
    let requests = double.requests_of("SubmitJob");
    assert_eq!((requests.len(), double.accepted()), (3, 3), "which is why nobody should let it");
    assert!(requests[0].invocation_id.is_some());
    assert!(requests.iter().all(|request| request.invocation_id == requests[0].invocation_id));
}

#[tokio::test]
async fn chance_strikes_about_as_often_as_it_should() {
    let double = double();
    let client = client(&double);
    double.set_faults(vec![Fault::sometimes("SubmitJob", Kind::Denied, When::Before, 0.3)]);
    for _ in 0..300 {
        let _ = submit(&client).await;
    }
    assert!((60..120).contains(&(300 - double.accepted())), "{}", double.accepted());
    assert_eq!(double.counts().iter().map(|count| count.count).sum::<u64>(), 300);
}
