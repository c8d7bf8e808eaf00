//! From a request to an answer: the operations of AWS Batch, their log, and the faults that strike them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{HeaderMap, Request, Response};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::end::{Ending, end_many, end_one};
use crate::fault::{Kind, When};
use crate::reply::{Refusal, Reply};
use crate::shared::{Logged, Shared, wall_ms};
use crate::steer::steer;
use crate::wire::{Body, Cut, plain, play};
use crate::{describe, list, submit};

/// The operations, by path.
const OPERATIONS: [(&str, &str); 7] = [
    ("/v1/submitjob", "SubmitJob"),
    ("/v1/describejobs", "DescribeJobs"),
    ("/v1/listjobs", "ListJobs"),
    ("/v1/terminatejob", "TerminateJob"),
    ("/v1/canceljob", "CancelJob"),
    ("/v1/terminatejobs", "TerminateJobs"),
    ("/v1/canceljobs", "CancelJobs"),
];

/// How far a signature's date may be from the clock.
const SIGNATURE_MS: i64 = 300_000;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// Answers one request; an error cuts the connection.
pub async fn handle(shared: Arc<Mutex<Shared>>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let headers = request.headers().clone();
    let bytes = request.into_body().collect().await.map_err(|_| Cut)?.to_bytes();
    let Some((_, operation)) = OPERATIONS.into_iter().find(|(known, _)| *known == path) else {
        return Ok(plain(steer(&mut lock(&shared), &method, &path, &bytes)));
    };
    let half_of_the_call = Duration::from_millis(lock(&shared).delay_ms / 2);
    sleep(half_of_the_call).await;
    let (answer, fault) = {
        let mut shared = lock(&shared);
        let fault = shared.script.strike(operation);
        let answer = match fault {
            Some((_, When::Before)) => None,
            _ => Some(answer(&mut shared, operation, &headers, &bytes)),
        };
        record(&mut shared, operation, (&headers, &bytes), answer.as_ref(), fault);
        (answer, fault.map(|(kind, _)| kind))
    };
    sleep(half_of_the_call).await;
    match fault {
        None => Ok(plain(answer.unwrap_or_else(|| Ok(json!({}))))),
        Some(kind) => play(kind, answer).await,
    }
}

fn answer(shared: &mut Shared, operation: &str, headers: &HeaderMap, bytes: &Bytes) -> Reply {
    check_signature(headers)?;
    let now = shared.now();
    if shared.limit.as_mut().is_some_and(|limit| !limit.take(now)) {
        return Err(Refusal::throttled());
    }
    let id = new_id(now);
    let request: Value = match serde_json::from_slice(bytes) {
        Ok(request) => request,
        Err(_) => return Err(Refusal::client("the body is not JSON", &id)),
    };
    match operation {
        "SubmitJob" => submit::submit(shared, &request, bytes.len(), &id),
        "DescribeJobs" => describe::describe(shared, &request, &id),
        "ListJobs" => list::list(shared, &request, &id),
        "TerminateJob" => end_one(shared, Ending::Terminate, &request, &id),
        "CancelJob" => end_one(shared, Ending::Cancel, &request, &id),
        "TerminateJobs" => end_many(shared, Ending::Terminate, &request, &id),
        _ => end_many(shared, Ending::Cancel, &request, &id),
    }
}

/// AWS refuses a request without a signature, and one whose date is five minutes from its own clock.
fn check_signature(headers: &HeaderMap) -> Result<(), Refusal> {
    if !headers.contains_key("authorization") {
        return Err(Refusal::denied("MissingAuthenticationTokenException", "Missing Authentication Token"));
    }
    let date = headers.get("x-amz-date").and_then(|date| date.to_str().ok()).unwrap_or_default();
    let signed_at = jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", date).and_then(|time| time.to_datetime());
    let signed_at = signed_at.and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC));
    match signed_at {
        Ok(at) if (at.timestamp().as_millisecond() - wall_ms()).abs() <= SIGNATURE_MS => Ok(()),
        _ => Err(Refusal::denied("InvalidSignatureException", &format!("Signature expired: {date}"))),
    }
}

/// Writes the request to the log, with what the service did and the fault that struck.
fn record(
    shared: &mut Shared,
    operation: &'static str,
    (headers, bytes): (&HeaderMap, &Bytes),
    answer: Option<&Reply>,
    fault: Option<(Kind, When)>,
) {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let done = match answer {
        Some(Ok(_)) => "200".to_owned(),
        Some(Err(refusal)) => refusal.status.to_string(),
        None => "none".to_owned(),
    };
    let job_id = match (operation, answer) {
        ("SubmitJob", Some(Ok(body))) => body["jobId"].as_str().map(str::to_owned),
        _ => None,
    };
    let at = shared.now();
    shared.record(Logged {
        seq: 0,
        at,
        operation,
        invocation_id: header("amz-sdk-invocation-id"),
        signed_at: header("x-amz-date"),
        body: serde_json::from_slice(bytes).unwrap_or_default(),
        outcome: fault.map_or(done, |(kind, when)| format!("{kind:?} {when:?}")),
        job_id,
    });
}

/// An id in the form of AWS's, unique in this process.
fn new_id(now: i64) -> String {
    let number = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    format!("{:08x}-{:04x}-4000-8000-{number:012x}", now >> 16 & 0xffff_ffff, now & 0xffff)
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
