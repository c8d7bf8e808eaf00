//! An object of the watch as the cache holds it: packed, with the members beside it by which it is found. An object that
//! cannot be decoded must not stop the others.

use std::borrow::Cow;
use std::fmt;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::packed::Packed;
use super::trim::trim;
use crate::api::BatchJob;
use crate::plan::waits;

/// A BatchJob in the cache.
#[derive(Clone, Debug)]
pub struct Cached {
    /// Namespace, name, UID and resource version.
    metadata: ObjectMeta,
    is_waiting: bool,
    /// All other members, or why the object cannot be decoded.
    object: Result<Packed, Box<str>>,
}

impl Cached {
    /// The object, or why the object cannot be decoded.
    pub fn object(&self) -> Result<BatchJob, String> {
        let packed = self.object.as_ref().map_err(ToString::to_string)?;
        let BatchJob { metadata, spec, status } = packed.unpack().map_err(|error| error.to_string())?;
        let ObjectMeta { namespace, name, uid, resource_version, .. } = self.metadata.clone();
        let metadata = ObjectMeta { namespace, name, uid, resource_version, ..metadata };
        Ok(BatchJob { metadata, spec, status })
    }

    /// Whether the object can be decoded and waits for others, or might.
    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    fn invalid(mut metadata: ObjectMeta, error: &serde_json::Error) -> Self {
        Self { metadata: names(&mut metadata), is_waiting: false, object: Err(error.to_string().into()) }
    }
}

impl From<BatchJob> for Cached {
    fn from(mut object: BatchJob) -> Self {
        trim(&mut object);
        let (is_waiting, metadata) = (waits(&object), names(&mut object.metadata));
        match Packed::new(object) {
            Ok(packed) => Self { metadata, is_waiting, object: Ok(packed) },
            Err(error) => Self::invalid(metadata, &error),
        }
    }
}

impl<'de> Deserialize<'de> for Cached {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Members::OfObject.deserialize(deserializer)?;
        BatchJob::deserialize(&object).map(Self::from).or_else(|error| {
            let metadata = ObjectMeta::deserialize(&object["metadata"]).map_err(serde::de::Error::custom)?;
            Ok(Self::invalid(metadata, &error))
        })
    }
}

/// The members of an object as the API server sends them, without managedFields. These are half of the JSON, and most of
/// the work of decoding.
#[derive(Clone, Copy)]
enum Members {
    OfObject,
    OfMetadata,
}

impl<'de> DeserializeSeed<'de> for Members {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = match (self, name.as_str()) {
                (Self::OfObject, "metadata") => map.next_value_seed(Self::OfMetadata)?,
                (Self::OfMetadata, "managedFields") => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                _ => map.next_value()?,
            };
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

impl Resource for Cached {
    type DynamicType = ();
    type Scope = NamespaceResourceScope;

    fn kind((): &()) -> Cow<'_, str> {
        BatchJob::kind(&())
    }

    fn group((): &()) -> Cow<'_, str> {
        BatchJob::group(&())
    }

    fn version((): &()) -> Cow<'_, str> {
        BatchJob::version(&())
    }

    fn plural((): &()) -> Cow<'_, str> {
        BatchJob::plural(&())
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

/// Takes the members by which an object is found.
fn names(metadata: &mut ObjectMeta) -> ObjectMeta {
    ObjectMeta {
        namespace: metadata.namespace.take(),
        name: metadata.name.take(),
        uid: metadata.uid.take(),
        resource_version: metadata.resource_version.take(),
        ..ObjectMeta::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_that_cannot_be_decoded_has_a_name_and_says_why() {
        let object = json!({
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": {
                "namespace": "team", "name": "a", "uid": "u", "labels": { "large": "x".repeat(60_000) },
                "managedFields": "of no form that anybody knows",
            },
            "spec": { "jobQueue": "q", "jobDefinition": "d" }, "status": { "phase": 7 },
        });
        let cached: Cached = serde_json::from_value(object).unwrap();
        assert!(!cached.is_waiting());
        let (error, metadata) = (cached.object().unwrap_err(), cached.meta());
        assert!(error.contains("invalid type: integer `7`"), "{error}");
        assert_eq!(
            serde_json::to_value(metadata).unwrap(),
            json!({ "namespace": "team", "name": "a", "uid": "u" })
        );
    }
}
