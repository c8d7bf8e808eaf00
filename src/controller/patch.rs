//! The writes. Each names one version of one object, and has a deadline.

use std::time::Duration;

use kube::api::{DeleteParams, Patch, PatchParams, PostParams, Preconditions, Request, ValidationDirective};
use kube::{Api, Client, Resource, ResourceExt};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Error;
use super::status_write::status_write;
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
    let written = within("write_claim", merge(client, object, &patch), Error::WriteClaim).await?;
    let bears = |object: &BatchJob| {
        object.annotations().get(CLAIM_ANNOTATION) == Some(&claim.to_annotation())
            && object.finalizers().iter().any(|finalizer| finalizer == FINALIZER)
    };
    // An admission webhook can remove what the patch adds. Without the record nothing may be sent.
    if bears(&written) { Ok(written) } else { Err(Error::ClaimTaken) }
}

/// Replaces the whole status of this version of the object.
pub async fn status(client: &Client, object: &BatchJob, status: &BatchJobStatus) -> Result<BatchJob, Error> {
    let path = BatchJob::url_path(&(), object.metadata.namespace.as_deref());
    let params = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
    let call = async {
        let body = status_write(object, status).map_err(kube::Error::SerdeError)?;
        let request = Request::new(path).replace_subresource("status", &object.name_any(), &params, body);
        client.request(request.map_err(kube::Error::BuildRequest)?).await
    };
    within("write_status", call, Error::WriteStatus).await
}

pub async fn add_finalizer(client: &Client, object: &BatchJob) -> Result<BatchJob, Error> {
    let ours = [FINALIZER.to_owned()];
    let patch = json!({ "metadata": {
        "resourceVersion": object.resource_version(),
        "finalizers": object.finalizers().iter().chain(&ours).collect::<Vec<_>>(),
    }});
    within("add_finalizer", merge(client, object, &patch), Error::AddFinalizer).await
}

pub async fn remove_finalizer(client: &Client, object: &BatchJob) -> Result<BatchJob, Error> {
    let others: Vec<_> = object.finalizers().iter().filter(|finalizer| *finalizer != FINALIZER).collect();
    let patch = json!({ "metadata": {
        "resourceVersion": object.resource_version(),
        "finalizers": others,
    }});
    within("remove_finalizer", merge(client, object, &patch), Error::RemoveFinalizer).await
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

/// These patches have no unknown members. To look for some, the API server would use its slower parser.
async fn merge(client: &Client, object: &BatchJob, patch: &Value) -> kube::Result<BatchJob> {
    let params = PatchParams {
        field_manager: Some(FIELD_MANAGER.to_owned()),
        field_validation: Some(ValidationDirective::Ignore),
        ..PatchParams::default()
    };
    api(client, object).patch(&object.name_any(), &params, &Patch::Merge(patch)).await
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
