//! Objects as the watch brings them: whatever is no BatchJob is told so, and never stops us.

use std::time::{Duration, Instant};

use aws_batch_operator::api::BatchJob;
use kube::core::DeserializeGuard;
use serde_json::{Value, json};

use super::mutate::mutated;

#[test]
fn no_object_makes_us_panic() {
    let spec: Value = serde_json::from_str(include_str!("../full-spec.json")).unwrap();
    let base = json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": "a", "namespace": "n", "uid": "u", "resourceVersion": "1", "generation": 1,
            "annotations": { "awsbatch.dev/claim": "{}" }, "finalizers": ["awsbatch.dev/job"] },
        "spec": spec,
        "status": { "phase": "Running", "jobId": "j", "attempts": 1, "exitCode": 1,
            "array": { "size": 2, "failedIndexes": "0", "statusSummary": { "FAILED": 1 } },
            "conditions": [{ "type": "Submitted", "status": "True", "reason": "Accepted", "message": "",
                "lastTransitionTime": "2026-11-24T12:00:00Z" }] } });
    serde_json::from_value::<BatchJob>(base.clone()).unwrap();
    let (begun, mut taken, mut guarded) = (Instant::now(), 0, 0);
    for seed in 0..5_000 {
        let text = mutated(&base, seed);
        taken += usize::from(serde_json::from_slice::<BatchJob>(&text).is_ok());
        guarded += usize::from(serde_json::from_slice::<DeserializeGuard<BatchJob>>(&text).is_ok());
    }
    assert!(taken > 500 && guarded > taken, "{taken}, {guarded}: the mutations are too mild, or too wild");
    assert!(begun.elapsed() < Duration::from_mins(2), "{:?}", begun.elapsed());
}
