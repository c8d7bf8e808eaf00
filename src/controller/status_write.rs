//! The body of a status write. For a patch, the API server would write the whole object as JSON and read it again. A
//! replaced status needs no more than this: the API server keeps spec and metadata as they are.

use std::borrow::Cow;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use serde::Serialize;

use crate::api::{BatchJob, BatchJobStatus};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    api_version: Cow<'a, str>,
    kind: Cow<'a, str>,
    metadata: ObjectMeta,
    status: &'a BatchJobStatus,
}

/// The status for this version of the object. The API server refuses the status for any other version.
pub fn status_write(object: &BatchJob, status: &BatchJobStatus) -> serde_json::Result<Vec<u8>> {
    let ObjectMeta { namespace, name, uid, resource_version, .. } = object.metadata.clone();
    serde_json::to_vec(&Body {
        api_version: BatchJob::api_version(&()),
        kind: BatchJob::kind(&()),
        metadata: ObjectMeta { namespace, name, uid, resource_version, ..ObjectMeta::default() },
        status,
    })
}
