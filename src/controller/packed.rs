//! A BatchJob as compressed JSON. Most objects of a cluster rest, and as structures one takes three times as many bytes.

use std::fmt;
use std::sync::LazyLock;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use lz4_flex::block::{compress_prepend_size_with_dict, decompress_size_prepended_with_dict};

use crate::api::{BatchJob, BatchJobSpec, BatchJobStatus};

/// A text that resembles all objects: the compression refers to its parts. The names of members make up half of an object.
static RESEMBLES: LazyLock<Vec<u8>> = LazyLock::new(|| include_str!("resembles.json").trim_end().into());

/// The members of an object but for `apiVersion` and `kind`, which are those of all objects.
type Parts = (ObjectMeta, BatchJobSpec, Option<BatchJobStatus>);

/// An object, packed.
#[derive(Clone)]
pub struct Packed(Box<[u8]>);

impl Packed {
    pub fn new(object: BatchJob) -> serde_json::Result<Self> {
        let BatchJob { metadata, spec, status } = object;
        let parts: Parts = (metadata, spec, status);
        let json = serde_json::to_vec(&parts)?;
        Ok(Self(compress_prepend_size_with_dict(&json, &RESEMBLES).into()))
    }

    pub fn unpack(&self) -> serde_json::Result<BatchJob> {
        let json =
            decompress_size_prepended_with_dict(&self.0, &RESEMBLES).map_err(serde::de::Error::custom)?;
        let (metadata, spec, status) = serde_json::from_slice::<Parts>(&json)?;
        Ok(BatchJob { metadata, spec, status })
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object() -> BatchJob {
        let id = "5e1c1b1e-7d5c-4b5e-9a55-0123456789ab";
        serde_json::from_value(json!({
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": { "namespace": "data-science", "name": "forecast", "uid": "0a1b2c3d", "generation": 3 },
            "spec": { "jobQueue": "HighPriority", "jobDefinition": "forecast:7", "parameters": { "day": "\u{0}ü" } },
            "status": {
                "phase": "Running", "jobId": id, "jobArn": format!("arn:aws:batch:us-east-1:123456789012:job/{id}"),
                "conditions": [{
                    "type": "Submitted", "status": "True", "reason": "Accepted", "message": format!("AWS accepted the job as {id}"),
                    "lastTransitionTime": "2026-11-24T12:00:00Z", "observedGeneration": 3,
                }],
            },
        }))
        .unwrap()
    }

    #[test]
    fn an_object_comes_back_as_it_was_and_takes_half_the_bytes_of_its_json() {
        for status in [object().status, None] {
            let object = BatchJob { status, ..object() };
            let (packed, json) =
                (Packed::new(object.clone()).unwrap(), serde_json::to_value(&object).unwrap());
            assert_eq!(serde_json::to_value(packed.unpack().unwrap()).unwrap(), json);
            assert!(packed.0.len() * 2 < json.to_string().len(), "{packed:?} of {}", json.to_string().len());
        }
    }

    #[test]
    fn bytes_that_are_no_object_are_an_error() {
        assert!(Packed(Box::default()).unpack().is_err());
    }
}
