//! What the operator sends.

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::plan::Step;
use kube::ResourceExt;
use kube::api::{Patch, PatchParams, Request};
use serde_json::json;

use crate::life::Life;
use crate::work::repeat;

#[test]
fn hundred_requests_of_submit_job() {
    let Step::Submit(submit) = Life::new().pass().step else { panic!("it is not submitted") };
    let body = || submit.submission.body().to_string();
    assert!(body().contains("containerOverrides"));
    repeat(|| (), |()| (0..100).map(|_| body().len()).sum::<usize>());
}

#[test]
fn hundred_patches_of_a_status() {
    let life = Life::running();
    assert!(String::from_utf8(patch(&life.object)).unwrap().contains("jobId"));
    repeat(|| (), |()| (0..100).map(|_| patch(&life.object).len()).sum::<usize>());
}

/// In the shape of `controller/patch`, which alone writes.
fn patch(object: &BatchJob) -> Vec<u8> {
    let operations = json!([
        { "op": "replace", "path": "/metadata/resourceVersion", "value": object.resource_version() },
        { "op": "add", "path": "/status", "value": object.status },
    ]);
    let patch = Patch::<()>::Json(serde_json::from_value(operations).unwrap());
    let request = Request::new("/apis/awsbatch.dev/v1alpha1/namespaces/data-science/batchjobs");
    let request = request.patch_subresource("status", &object.name_any(), &PatchParams::default(), &patch);
    request.unwrap().into_body()
}
