//! Objects as the watch brings them: whatever is no BatchJob is told so, and never stops us.

use std::time::{Duration, Instant};

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::controller::Cached;
use aws_batch_operator::job::JobStatus;
use serde_json::{Value, json};

use super::mutate::mutated;
use crate::plan::remote::job;
use crate::plan::scene::{UID, created};

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
    let (begun, mut taken, mut cached) = (Instant::now(), 0, 0);
    for seed in 0..5_000 {
        let text = mutated(&base, seed);
        taken += usize::from(serde_json::from_slice::<BatchJob>(&text).is_ok());
        cached += usize::from(serde_json::from_slice::<Cached>(&text).is_ok());
    }
    assert!(taken > 500 && cached > taken, "{taken}, {cached}: the mutations are too mild, or too wild");
    assert!(begun.elapsed() < Duration::from_mins(2), "{:?}", begun.elapsed());
}

/// Whoever may edit a BatchJob may write anything into it; a plan that panics would end the operator for everybody.
#[test]
fn no_object_makes_the_planner_panic() {
    let claim = json!({ "v": 1, "uid": UID, "at": "2026-11-24T12:00:00Z", "holder": "operator-1" });
    let recovered =
        created().claim_text(&claim.to_string()).looked(9, vec![job(JobStatus::Running)]).settled();
    let deadlines =
        json!({ "activeDeadlineSeconds": 9, "queueDeadlineSeconds": 9, "ttlSecondsAfterFinished": 9 });
    let ended = recovered.clone().spec(deadlines.clone()).seen(JobStatus::Failed).settled();
    let bases = [recovered, ended, created().claim_text(&claim.to_string()).spec(deadlines), created()];
    let mut planned = 0;
    for seed in 0..8_000 {
        let mut object = serde_json::to_value(&bases[seed / 2 % bases.len()].object).unwrap();
        let seed = u64::try_from(seed).unwrap();
        let mut claim = claim.clone();
        // The claim is a text of its own inside of the object.
        if seed % 2 == 0 {
            claim = serde_json::from_slice(&mutated(&claim, seed)).unwrap_or(claim);
            object["metadata"]["annotations"]["awsbatch.dev/claim"] = json!(claim.to_string());
        }
        let Ok(object) = serde_json::from_slice::<BatchJob>(&mutated(&object, seed)) else { continue };
        let mut scene = created().now(1_000);
        scene.object = object;
        for scene in [
            scene.clone(),
            scene.clone().looked(999, vec![]),
            scene.clone().looked(999, vec![job(JobStatus::Running)]),
            scene.clone().seen(JobStatus::Runnable),
            scene.seen(JobStatus::Succeeded),
        ] {
            scene.plan();
            scene.deleted().plan();
        }
        planned += 1;
    }
    assert!(planned > 1_000, "{planned}: the mutations are too wild");
}
