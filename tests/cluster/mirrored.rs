//! Statuses of jobs of any kind, offered to a real API server: it takes each of them.

#[allow(dead_code, reason = "shared with the tests that need no cluster")]
#[path = "../it/fuzz/endpoint.rs"]
pub mod endpoint;
#[path = "../it/fuzz/jobs.rs"]
mod jobs;
#[allow(dead_code, reason = "shared with the tests that need no cluster")]
#[path = "../it/plan/memory.rs"]
mod memory;
#[allow(dead_code, reason = "shared with the tests that need no cluster")]
#[path = "../it/plan/remote.rs"]
mod remote;
#[allow(dead_code, reason = "shared with the tests that need no cluster")]
#[path = "../it/plan/scene.rs"]
mod scene;

use aws_batch_operator::aws::Batch;
use aws_batch_operator::job::JobId;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use crate::stage::Stage;
use endpoint::{client, server};
use jobs::Chance;
use scene::{JOB, created};

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn two_hundred_statuses_of_jobs_of_any_kind_are_taken() {
    let stage = Stage::new("mirrored");
    stage.create("example", json!({ "jobQueue": "q", "jobDefinition": "d", "suspend": true }));
    let (url, body) = server();
    let (mut chance, tags, id) = (Chance::of(2026), json!(remote::tags()), JobId::new(JOB).unwrap());
    let jobs: Vec<_> = (0..200).map(|_| chance.job(JOB, &tags)).collect();
    *body.lock().unwrap() = json!({ "jobs": jobs }).to_string().into_bytes();
    let jobs = stage.runtime.block_on(client(&url).describe(&[id])).unwrap();
    let params = PatchParams { dry_run: true, ..PatchParams::default() };
    let mut taken = 0;
    for job in jobs {
        let seen = created().submitted().now(80).saw(job.clone()).inspected(vec![0, 2], Some(job));
        let Some(status) = seen.plan().status else { continue };
        let patch = json!([{ "op": "add", "path": "/status", "value": status }]);
        let patch: Patch<()> = Patch::Json(serde_json::from_value(patch).unwrap());
        let answer = stage.runtime.block_on(stage.api().patch_status("example", &params, &patch));
        answer.unwrap_or_else(|refusal| panic!("{refusal}\n{status:#?}"));
        taken += 1;
    }
    assert!(taken > 150, "{taken}");
}
