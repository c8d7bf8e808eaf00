//! Replies of AWS through the real SDK, from a socket: each call ends with an answer or a fault.

use std::time::{Duration, Instant};

use aws_batch_operator::aws::Batch;
use aws_batch_operator::job::{EndKind, JobId};
use serde_json::{Value, json};

use super::endpoint::{client, server};
use super::mutate::mutated;

fn described() -> Value {
    let container =
        json!({ "exitCode": 1, "reason": "r", "logStreamName": "l", "taskArn": "t", "image": "i" });
    let attempt = json!({ "container": container, "startedAt": 1, "stoppedAt": 2, "statusReason": "s",
        "taskProperties": [{ "taskArn": "t", "containers": [container] }] });
    json!({ "jobs": [{ "jobId": "j", "jobName": "n", "jobArn": "a", "jobQueue": "q", "jobDefinition": "d",
        "status": "FAILED", "statusReason": "s", "createdAt": 1_700_000_000_000_i64, "startedAt": 1, "stoppedAt": 2,
        "attempts": [attempt], "container": container, "tags": { "awsbatch.dev/uid": "u" },
        "arrayProperties": { "size": 2, "index": 1, "statusSummary": { "FAILED": 2 } },
        "nodeProperties": { "mainNode": 0, "numNodes": 2, "nodeRangeProperties": [{ "targetNodes": "0:1" }] },
        "nodeDetails": { "nodeIndex": 0, "isMainNode": true }, "isTerminated": false, "isCancelled": false,
        "ecsProperties": { "taskProperties": [{ "containers": [container], "taskArn": "t" }] },
        "eksAttempts": [{ "containers": [container], "podName": "p", "startedAt": 1, "stoppedAt": 2 }],
        "eksProperties": { "podProperties": { "containers": [container], "podName": "p" } } }] })
}

fn listed() -> Value {
    json!({ "jobSummaryList": [{ "jobId": "j", "jobName": "n", "jobArn": "a", "status": "RUNNING", "createdAt": 1,
        "container": { "exitCode": 1, "reason": "r" }, "arrayProperties": { "size": 2, "index": 1 } }], "nextToken": "t" })
}

#[tokio::test]
async fn no_reply_makes_us_panic_or_wait() {
    let (url, body) = server();
    let (aws, id) = (client(&url), JobId::new("j").unwrap());
    let ended = json!({ "errors": [{ "job": "j", "code": "AccessDenied", "message": "m" }] });
    let bases = [described(), listed(), ended];
    let (begun, mut answers, mut faults) = (Instant::now(), 0, 0);
    for seed in 0..1_500_u64 {
        let kind = usize::try_from(seed % 3).unwrap();
        *body.lock().unwrap() = mutated(&bases[kind], seed);
        let ids = [id.clone()];
        let is_answer = match kind {
            0 => aws.describe(&ids).await.is_ok(),
            1 => aws.list("q", "n", None).await.is_ok(),
            _ => aws.end(EndKind::Terminate, &ids, "r").await.is_ok(),
        };
        if is_answer {
            answers += 1;
        } else {
            faults += 1;
        }
    }
    assert!(answers > 200 && faults > 200, "{answers} answers, {faults} faults");
    assert!(begun.elapsed() < Duration::from_mins(2), "{:?}", begun.elapsed());
}
