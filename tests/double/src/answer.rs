//! From a request to an answer: which operation it is, what the service does, and the log of both. Faults strike here;
//! how they sound on the wire is `wire`'s.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::Value;

use crate::check::limits;
use crate::end::{Ending, end_many, end_one};
use crate::fault::{Fault, When};
use crate::log::Entry;
use crate::reply::{Refusal, Reply};
use crate::shared::{Shared, wall_ms};
use crate::{describe, list, preflight, signature, submit};

/// The operations, by path.
const OPERATIONS: [(&str, &str); 9] = [
    ("/v1/submitjob", "SubmitJob"),
    ("/v1/describejobs", "DescribeJobs"),
    ("/v1/listjobs", "ListJobs"),
    ("/v1/terminatejob", "TerminateJob"),
    ("/v1/canceljob", "CancelJob"),
    ("/v1/terminatejobs", "TerminateJobs"),
    ("/v1/canceljobs", "CancelJobs"),
    ("/v1/describejobqueues", "DescribeJobQueues"),
    ("/v1/describejobdefinitions", "DescribeJobDefinitions"),
];

/// A request as it came.
#[derive(Debug)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// What is to be sent back.
#[derive(Debug)]
pub struct Answer {
    /// What the service says; `None`: a fault struck before it did anything.
    pub reply: Option<Reply>,
    /// What goes wrong on the way.
    pub fault: Option<Fault>,
    /// The id of this request.
    pub request_id: String,
}

/// Carries out the call, unless a fault is there before it, and writes it to the log.
pub fn answer(shared: &mut Shared, call: &Call) -> Answer {
    let request_id = new_id(shared.now());
    let known = OPERATIONS.into_iter().find(|(path, _)| *path == call.path && call.method == Method::POST);
    let Some((_, operation)) = known else {
        let refusal = Refusal::new(404, Some("UnknownOperationException"), "there is no such operation");
        return Answer { reply: Some(Err(refusal)), fault: None, request_id };
    };
    let fault = shared.script.strike(operation);
    let reply = match &fault {
        Some(Fault { when: When::Before, .. }) => None,
        _ => Some(reply(shared, operation, call, &request_id)),
    };
    let entry = entry(operation, call, reply.as_ref(), fault.as_ref(), shared.now());
    shared.log.write(entry);
    Answer { reply, fault, request_id }
}

fn reply(shared: &mut Shared, operation: &str, call: &Call, request_id: &str) -> Reply {
    signature::check(&call.headers, wall_ms(), shared.fresh_ms)?;
    if shared.limit.as_mut().is_some_and(|limit| !limit.take(wall_ms())) {
        return Err(Refusal::throttled());
    }
    let refuse = |text: &str| Refusal::client(text, request_id);
    if call.body.len() > limits::BODY && operation == "SubmitJob" {
        return Err(refuse("Request payload is larger than 30 KiB"));
    }
    let Ok(request) = serde_json::from_slice(&call.body) else {
        return Err(Refusal::new(400, Some("SerializationException"), "the body is not JSON"));
    };
    perform(shared, operation, &request).map_err(|text| refuse(&text))
}

fn perform(shared: &mut Shared, operation: &str, request: &Value) -> Result<Value, String> {
    let now = shared.now();
    let lag = shared.lag;
    let world = &mut shared.world;
    match operation {
        "SubmitJob" => submit::submit(world, request, &new_id(now), now),
        "DescribeJobs" => describe::describe(world, request, now - lag.describe_ms),
        "ListJobs" => list::list(world, request, now - lag.list_ms),
        "TerminateJob" => end_one(world, Ending::Terminate, request, now),
        "CancelJob" => end_one(world, Ending::Cancel, request, now),
        "TerminateJobs" => end_many(world, Ending::Terminate, request, now),
        "CancelJobs" => end_many(world, Ending::Cancel, request, now),
        "DescribeJobQueues" => preflight::queues(&world.catalogue, request),
        _ => preflight::definitions(&world.catalogue, request),
    }
}

fn entry(
    operation: &'static str,
    call: &Call,
    reply: Option<&Reply>,
    fault: Option<&Fault>,
    at: i64,
) -> Entry {
    let header = |name: &str| call.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = match reply {
        Some(Err(refusal)) => refusal.status,
        _ => 200,
    };
    let job_id = match (operation, reply) {
        ("SubmitJob", Some(Ok(body))) => body["jobId"].as_str().map(str::to_owned),
        _ => None,
    };
    Entry {
        at,
        operation,
        invocation_id: header("amz-sdk-invocation-id"),
        signed_at: header("x-amz-date"),
        body: call.body.clone(),
        outcome: match fault {
            Some(fault) => format!("{:?} {:?}", fault.kind, fault.when),
            None => status.to_string(),
        },
        job_id,
    }
}

/// An id in the form of AWS's, unique in this process.
/// An id that no job has.
pub fn new_id(now: i64) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:08x}-{:04x}-4000-8000-{number:012x}", now >> 16 & 0xffff_ffff, now & 0xffff)
}
