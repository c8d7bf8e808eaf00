//! The time that a request is signed with: for SubmitJob the claim's, in every request of a client's life.

use aws_batch_operator::aws::sdk::{Aws, Settings};
use aws_batch_operator::aws::{Batch, Permit};
use aws_batch_operator::clock::{self, Clock};
use aws_batch_operator::job::{Denial, FaultKind, JobId};
use aws_sdk_batch::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use jiff::SignedDuration;
use jiff::fmt::strtime;

use super::scripted::{Answer, Scripted};
use super::{aws, claimed_ago, config, date, double, minimal, settings, soon};

const ACCEPTED: &str = r#"{"jobId":"1","jobName":"example","jobArn":"arn"}"#;

#[tokio::test]
async fn the_request_is_signed_with_the_claims_time() {
    let double = double();
    let submission = claimed_ago(SignedDuration::from_secs(200));
    aws(&double).submit(&submission, soon()).await.unwrap();
    assert_eq!(double.requests()[0].signed_at.clone().unwrap(), date(&submission));
}

/// As in a process that was frozen between claim and send: the next claims are fresh.
#[tokio::test]
async fn after_a_late_answer_each_request_is_still_signed_with_its_own_claims_time() {
    let double = double();
    let aws = aws(&double);
    let submissions = [200, 100, 0, 0].map(|age| claimed_ago(SignedDuration::from_secs(age)));
    for submission in &submissions {
        aws.submit(submission, soon()).await.unwrap();
    }
    let signed: Vec<_> = double.requests().into_iter().map(|request| request.signed_at.unwrap()).collect();
    assert_eq!(signed, submissions.each_ref().map(date));
}

#[tokio::test]
async fn whatever_date_an_answer_bears_the_next_request_is_signed_with_its_claims_time() {
    let elsewhere = clock::now() + SignedDuration::from_hours(3);
    let header = strtime::format("%a, %d %b %Y %H:%M:%S GMT", elsewhere).unwrap();
    let server = Scripted::start(move |_| {
        let headers = vec![("date", header.clone()), ("x-amzn-requestid", "1".to_owned())];
        Answer(200, headers, ACCEPTED.to_owned())
    });
    let aws = Aws::new(config(&server.url), settings());
    let submissions = [30, 0, 20].map(|age| claimed_ago(SignedDuration::from_secs(age)));
    for submission in &submissions {
        aws.submit(submission, soon()).await.unwrap();
    }
    let signed: Vec<_> = server.asked().iter().map(|asked| asked.headers["x-amz-date"].clone()).collect();
    assert_eq!(signed, submissions.each_ref().map(date));
}

#[tokio::test]
async fn a_request_that_was_held_up_for_minutes_is_refused_by_aws() {
    let double = double();
    let fault = aws(&double).submit(&claimed_ago(SignedDuration::from_secs(301)), soon()).await.unwrap_err();
    assert_eq!((fault.kind, double.accepted()), (FaultKind::Denied, 0));
    assert_eq!(fault.denial(), Some(Denial::Time), "{fault}");
}

#[tokio::test]
async fn a_client_whose_clock_is_two_hours_behind_is_refused_every_time() {
    let double = double();
    let behind = SignedDuration::from_hours(2);
    let clock = Clock::new(move || clock::now() - behind);
    let aws = Aws::new(config(&double.url()), Settings { permit: Permit::always(clock), ..settings() });
    for _ in 0..3 {
        let submitted = aws.submit(&claimed_ago(behind), soon()).await.unwrap_err();
        let described = aws.describe(&[JobId::nobody()]).await.unwrap_err();
        for fault in [submitted, described] {
            assert!(fault.denial() == Some(Denial::Time), "{fault}");
        }
    }
    assert_eq!(double.accepted(), 0);
}

/// Alters the signed time, as an SDK might that corrects our clock.
#[derive(Debug)]
struct Corrected;

impl Intercept for Corrected {
    fn name(&self) -> &'static str {
        "Corrected"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().insert("x-amz-date", "20260102T030405Z");
        Ok(())
    }
}

#[tokio::test]
async fn a_request_with_another_time_than_its_claims_does_not_go_out() {
    let double = double();
    let aws = Aws::new(config(&double.url()).interceptor(Corrected), settings());
    let fault = aws.submit(&minimal(), soon()).await.unwrap_err();
    assert_eq!((fault.kind, double.calls()), (FaultKind::NotSent, 0), "{fault}");
    assert!(fault.message.contains("20260102T030405Z"), "{fault}");
}
