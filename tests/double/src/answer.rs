//! From a request to an answer: which operation it is, what the service does, and the log of both. Faults strike here;
//! what they make of an answer is
//! `delivery`'s.

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::Value;

use crate::check::limits;
use crate::end::{Ending, end_many, end_one};
use crate::fault::{Fault, Kind, When};
use crate::log::Entry;
use crate::message::{Protocol, Stamp};
use crate::reply::{Refusal, Reply};
use crate::shared::Shared;
use crate::{describe, identity, list, logs, preflight, signature, submit};

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
    /// What every answer of AWS bears.
    pub stamp: Stamp,
}

/// Carries out the call, unless a fault is there before it, and writes it to the log.
pub fn answer(shared: &mut Shared, call: &Call) -> Answer {
    let now = shared.now();
    let stamp = Stamp {
        request_id: shared.world.issue_id(now),
        date_ms: shared.clock_ms().saturating_add(shared.date_off_ms),
        protocol: protocol(call),
    };
    let Some(operation) = operation(call) else {
        return Answer { reply: Some(Err(Refusal::unknown_operation())), fault: None, stamp };
    };
    let fault = shared.script.strike(operation);
    let reply = match &fault {
        Some(Fault { when: When::Before, kind, .. }) if *kind != Kind::Stale => None,
        _ => Some(reply(shared, operation, call, (&stamp.request_id, age(fault.as_ref())))),
    };
    let entry = entry(operation, call, reply.as_ref(), fault.as_ref(), now);
    shared.log.write(entry);
    Answer { reply, fault, stamp }
}

fn operation(call: &Call) -> Option<&'static str> {
    if call.method != Method::POST {
        return None;
    }
    match protocol(call) {
        Protocol::Query => return identity::is_asked(&call.body).then_some(identity::OPERATION),
        Protocol::Json => {
            let target = header(call, logs::TARGET_HEADER)?.strip_prefix(logs::TARGET)?;
            return logs::OPERATIONS.into_iter().find(|operation| *operation == target);
        }
        Protocol::RestJson => {}
    }
    OPERATIONS.into_iter().find(|(path, _)| *path == call.path).map(|(_, operation)| operation)
}

fn protocol(call: &Call) -> Protocol {
    match call.path.as_str() {
        "/" if call.headers.contains_key(logs::TARGET_HEADER) => Protocol::Json,
        "/" => Protocol::Query,
        _ => Protocol::RestJson,
    }
}

fn header<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.headers.get(name)?.to_str().ok()
}

/// How old a view a fault shows.
fn age(fault: Option<&Fault>) -> i64 {
    let stale = fault.filter(|fault| fault.kind == Kind::Stale);
    stale.map_or(0, |fault| i64::try_from(fault.delay_ms).unwrap_or(i64::MAX))
}

fn reply(shared: &mut Shared, operation: &str, call: &Call, (request_id, age): (&str, i64)) -> Reply {
    let clock_ms = shared.clock_ms();
    signature::check(&call.headers, clock_ms, shared.fresh_ms)?;
    shared.sessions.check(&call.headers, shared.now())?;
    if logs::OPERATIONS.contains(&operation) {
        return read_or_write_logs(shared, operation, call);
    }
    if shared.limit.as_mut().is_some_and(|limit| !limit.take(clock_ms)) {
        return Err(Refusal::throttled());
    }
    if operation == identity::OPERATION {
        return Ok(identity::identity(&shared.world.catalogue.home));
    }
    let refuse = |text: &str| Refusal::client(text, request_id);
    if call.body.len() > limits::BODY && operation == "SubmitJob" {
        return Err(refuse("Request payload is larger than 30 KiB"));
    }
    let request = json(call)?;
    perform(shared, operation, &request, age).map_err(|text| refuse(&text))
}

fn json(call: &Call) -> Result<Value, Refusal> {
    let unreadable = |_| Refusal::new(400, Some("SerializationException"), "the body is not JSON");
    serde_json::from_slice(&call.body).map_err(unreadable)
}

/// Logs have limits of their own, and each Region has its own: which one is meant, the signature says.
fn read_or_write_logs(shared: &mut Shared, operation: &str, call: &Call) -> Reply {
    let request = json(call)?;
    let home = shared.world.catalogue.home.region.clone();
    let region = signature::region(&call.headers).unwrap_or(home);
    let now = shared.now();
    shared.logs.perform(&shared.world, (operation, &region), &request, now)
}

fn perform(shared: &mut Shared, operation: &str, request: &Value, age: i64) -> Result<Value, String> {
    let now = shared.now();
    let lag = shared.lag;
    let world = &mut shared.world;
    match operation {
        "SubmitJob" => {
            let id = world.issue_id(now);
            submit::submit(world, request, &id, now)
        }
        "DescribeJobs" => describe::describe(world, request, now - lag.describe_ms - age),
        "ListJobs" => list::list(world, request, now - lag.list_ms - age),
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
        invocation_id: header(call, "amz-sdk-invocation-id").map(str::to_owned),
        signed_at: header(call, "x-amz-date").map(str::to_owned),
        body: call.body.clone(),
        outcome: match fault {
            Some(fault) => format!("{:?} {:?}", fault.kind, fault.when),
            None => status.to_string(),
        },
        job_id,
    }
}
