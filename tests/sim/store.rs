//! The store of an API server: objects with resource versions, generations and finalizers, and the log for watches.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

/// One line of the log: the event for watches, and its version.
#[derive(Clone, Debug)]
pub enum Change {
    Applied(Value),
    Deleted(Value),
    /// The store was restored to an earlier state, so every watch must list again.
    Restored,
}

/// Why a write is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotFound,
    Conflict,
}

/// The objects of one namespace, by name.
#[derive(Clone, Debug, Default)]
pub struct Objects(BTreeMap<String, Value>);

/// The state of the API server.
#[derive(Debug, Default)]
pub struct Store {
    objects: Objects,
    log: Vec<(Timestamp, Change)>,
    version: u64,
    created: u64,
}

impl Objects {
    pub fn iter(&self) -> impl Iterator<Item = &Value> {
        self.0.values()
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn follow(&mut self, change: &Change) {
        match change {
            Change::Applied(object) => drop(self.0.insert(name(object), object.clone())),
            Change::Deleted(object) => drop(self.0.remove(&name(object))),
            Change::Restored => {}
        }
    }
}

impl Store {
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    pub fn log(&self) -> &[(Timestamp, Change)] {
        &self.log
    }

    /// The objects after the first `length` changes of the log, for a list from an old cache.
    pub fn objects_after(&self, length: usize) -> Objects {
        if self.log[..length].iter().any(|(_, change)| matches!(change, Change::Restored)) {
            return self.objects.clone();
        }
        let mut objects = Objects::default();
        self.log[..length].iter().for_each(|(_, change)| objects.follow(change));
        objects
    }

    pub fn create(&mut self, mut object: Value, now: Timestamp) -> Result<Value, Refusal> {
        if self.objects.get(&name(&object)).is_some() {
            return Err(Refusal::Conflict);
        }
        self.created += 1;
        let metadata = &mut object["metadata"];
        if metadata["namespace"].is_null() {
            metadata["namespace"] = json!("sim");
        }
        metadata["uid"] = json!(format!("uid-{}", self.created));
        metadata["generation"] = json!(1);
        metadata["creationTimestamp"] = json!(whole_seconds(now));
        // The CRD's default.
        object["status"] = json!({ "observedGeneration": -1, "phase": "Pending" });
        Ok(self.write(object, now))
    }

    /// Replaces the stored object by `wanted`. A version in `wanted` must equal the stored one.
    pub fn replace(&mut self, mut wanted: Value, now: Timestamp) -> Result<Value, Refusal> {
        let stored = self.objects.get(&name(&wanted)).ok_or(Refusal::NotFound)?;
        let version = &wanted["metadata"]["resourceVersion"];
        if !version.is_null() && *version != stored["metadata"]["resourceVersion"] {
            return Err(Refusal::Conflict);
        }
        wanted["metadata"]["resourceVersion"] = stored["metadata"]["resourceVersion"].clone();
        if wanted == *stored {
            return Ok(wanted);
        }
        if wanted["spec"] != stored["spec"] {
            let generation = stored["metadata"]["generation"].as_u64().unwrap_or(0) + 1;
            wanted["metadata"]["generation"] = json!(generation);
        }
        let is_gone = !wanted["metadata"]["deletionTimestamp"].is_null() && !has_finalizers(&wanted);
        if is_gone {
            // The log shows a removed object in its last state, still with the finalizer that this write removes.
            let last = stored.clone();
            self.remove(last, now);
            return Ok(wanted);
        }
        Ok(self.write(wanted, now))
    }

    pub fn delete(&mut self, name: &str, preconditions: &Value, now: Timestamp) -> Result<Value, Refusal> {
        let mut object = self.objects.get(name).ok_or(Refusal::NotFound)?.clone();
        for member in ["uid", "resourceVersion"] {
            if !preconditions[member].is_null() && preconditions[member] != object["metadata"][member] {
                return Err(Refusal::Conflict);
            }
        }
        if !has_finalizers(&object) {
            return Ok(self.remove(object, now));
        }
        if object["metadata"]["deletionTimestamp"].is_null() {
            object["metadata"]["deletionTimestamp"] = json!(whole_seconds(now));
            object = self.write(object, now);
        }
        Ok(object)
    }

    /// Removes an object in spite of its finalizers: the end of a deletion that was checked before they were added.
    pub fn take_away(&mut self, name: &str, uid: &Value, now: Timestamp) {
        if let Some(object) = self.objects.get(name).filter(|object| object["metadata"]["uid"] == *uid) {
            self.remove(object.clone(), now);
        }
    }

    /// Restores an earlier state, as after a restore of the database. Versions keep growing.
    pub fn restore(&mut self, earlier: Objects, now: Timestamp) {
        self.objects = earlier;
        self.log.push((now, Change::Restored));
    }

    fn write(&mut self, mut object: Value, now: Timestamp) -> Value {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.objects.0.insert(name(&object), object.clone());
        self.log.push((now, Change::Applied(object.clone())));
        object
    }

    fn remove(&mut self, mut object: Value, now: Timestamp) -> Value {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        self.objects.0.remove(&name(&object));
        self.log.push((now, Change::Deleted(object.clone())));
        object
    }
}

pub fn name(object: &Value) -> String {
    object["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

/// Whether a removed object had a finalizer that its deletion did not wait for.
pub fn was_torn(gone: &Value) -> bool {
    has_finalizers(gone) && gone["metadata"]["deletionTimestamp"].is_null()
}

pub fn has_finalizers(object: &Value) -> bool {
    object["metadata"]["finalizers"].as_array().is_some_and(|finalizers| !finalizers.is_empty())
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap()
}
