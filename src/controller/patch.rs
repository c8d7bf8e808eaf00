//! The writes. Each names one version of one object, and has a deadline.

use std::time::Duration;

use kube::api::{DeleteParams, Patch, PatchParams, Preconditions};
use kube::{Api, Client, ResourceExt};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Error;
use super::trim::trim;
use crate::api::{BatchJob, BatchJobStatus, CLAIM_ANNOTATION, FIELD_MANAGER, FINALIZER};
use crate::plan::Claim;

/// The longest time for one call of the API server, up to the last byte.
const DEADLINE: Duration = Duration::from_secs(5);

/// Adds claim and finalizer in one write. If the object has changed, the write fails: only one of several claims
/// succeeds.
pub async fn claim(client: &Client, object: &BatchJob, claim: &Claim) -> Result<BatchJob, Error> {
    let mut finalizers: Vec<&str> = object.finalizers().iter().map(String::as_str).collect();
    if !finalizers.contains(&FINALIZER) {
        finalizers.push(FINALIZER);
    }
    let patch = json!({ "metadata": {
        "resourceVersion": object.resource_version(),
        "annotations": { CLAIM_ANNOTATION: claim.to_annotation() },
        "finalizers": finalizers,
    }});
    let api = api(client, object);
    let (name, params) = (object.name_any(), params());
    let patch = Patch::Merge(&patch);
    let call = api.patch(&name, &params, &patch);
    let written = within("write_claim", call, Error::WriteClaim).await?;
    let bears = |object: &BatchJob| {
        object.annotations().get(CLAIM_ANNOTATION) == Some(&claim.to_annotation())
            && object.finalizers().iter().any(|finalizer| finalizer == FINALIZER)
    };
    // An admission webhook can remove what the patch adds. Without the record nothing may be sent.
    if bears(&written) { Ok(written) } else { Err(Error::ClaimTaken) }
}

/// Replaces the whole status. The patch is a conflict if it names another version than the stored one.
pub async fn status(client: &Client, object: &BatchJob, status: &BatchJobStatus) -> Result<BatchJob, Error> {
    let operations = json!([
        { "op": "replace", "path": "/metadata/resourceVersion", "value": object.resource_version() },
        { "op": "add", "path": "/status", "value": status },
    ]);
    let api = api(client, object);
    let (name, params) = (object.name_any(), params());
    let patch = json_patch(operations);
    let call = api.patch_status(&name, &params, &patch);
    within("write_status", call, Error::WriteStatus).await
}

pub async fn add_finalizer(client: &Client, object: &BatchJob) -> Result<BatchJob, Error> {
    let ours = [FINALIZER.to_owned()];
    let patch = json!({ "metadata": {
        "resourceVersion": object.resource_version(),
        "finalizers": object.finalizers().iter().chain(&ours).collect::<Vec<_>>(),
    }});
    let api = api(client, object);
    let (name, params) = (object.name_any(), params());
    let patch = Patch::Merge(&patch);
    let call = api.patch(&name, &params, &patch);
    within("add_finalizer", call, Error::AddFinalizer).await
}

pub async fn remove_finalizer(client: &Client, object: &BatchJob) -> Result<BatchJob, Error> {
    let others: Vec<_> = object.finalizers().iter().filter(|finalizer| *finalizer != FINALIZER).collect();
    let patch = json!({ "metadata": {
        "resourceVersion": object.resource_version(),
        "finalizers": others,
    }});
    let api = api(client, object);
    let (name, params) = (object.name_any(), params());
    let patch = Patch::Merge(&patch);
    let call = api.patch(&name, &params, &patch);
    within("remove_finalizer", call, Error::RemoveFinalizer).await
}

/// Deletes this object only if its UID and its version still match.
pub async fn delete(client: &Client, object: &BatchJob) -> Result<(), Error> {
    let this_one = Preconditions { uid: object.uid(), resource_version: object.resource_version() };
    let params = DeleteParams { preconditions: Some(this_one), ..DeleteParams::default() };
    match timeout(DEADLINE, api(client, object).delete(&object.name_any(), &params)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(kube::Error::Api(status))) if status.is_conflict() || status.is_not_found() => {
            Err(Error::Changed)
        }
        Ok(Err(source)) => Err(Error::Delete(source)),
        Err(_) => Err(Error::TimedOut("delete")),
    }
}

fn api(client: &Client, object: &BatchJob) -> Api<BatchJob> {
    Api::namespaced(client.clone(), &object.namespace().unwrap_or_default())
}

fn params() -> PatchParams {
    PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() }
}

fn json_patch(operations: Value) -> Patch<()> {
    Patch::Json(serde_json::from_value(operations).expect("the operations above are a JSON patch"))
}

/// A conflict is no failure of the step: the object has changed.
async fn within(
    step: &'static str,
    call: impl Future<Output = kube::Result<BatchJob>>,
    error: impl FnOnce(kube::Error) -> Error,
) -> Result<BatchJob, Error> {
    match timeout(DEADLINE, call).await {
        Ok(Ok(mut object)) => {
            trim(&mut object);
            Ok(object)
        }
        Ok(Err(kube::Error::Api(status))) if status.is_conflict() || status.is_not_found() => {
            Err(Error::Changed)
        }
        Ok(Err(source)) => Err(error(source)),
        Err(_) => Err(Error::TimedOut(step)),
    }
}
