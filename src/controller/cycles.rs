//! Finds cycles among objects that wait for one another: one walk for all objects.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::task::yield_now;

use super::Guarded;
use super::rings::rings;
use super::verdicts::Ring;
use crate::api::BatchJob;
use crate::key::Key;
use crate::plan::waits;

/// How many objects are read between two pauses.
const SLICE: usize = 1_024;

/// The result of a search in one namespace.
#[derive(Debug, Default)]
pub struct Cycles {
    /// The objects that wait.
    pub seen: Vec<Key>,
    /// The sets of objects that wait for one another.
    pub rings: Vec<Ring>,
}

/// Whether the object can be read and waits.
pub fn is_waiting(guarded: &Guarded) -> bool {
    guarded.0.as_ref().is_ok_and(waits)
}

/// Searches these objects, and groups the results by namespace.
pub async fn cycles(objects: &[Arc<Guarded>]) -> BTreeMap<String, Cycles> {
    let objects: Vec<&BatchJob> = objects.iter().filter_map(|guarded| guarded.0.as_ref().ok()).collect();
    let mut found: BTreeMap<String, Cycles> = BTreeMap::new();
    let mut places = HashMap::with_capacity(objects.len());
    for (place, object) in objects.iter().enumerate() {
        if place % SLICE == SLICE - 1 {
            yield_now().await;
        }
        let key = Key::of(*object);
        places.insert(place_of(object), place);
        found.entry(key.namespace.clone()).or_default().seen.push(key);
    }
    let next = |node: usize, place: usize| {
        let object: &BatchJob = objects[node];
        let dependency = object.spec.depends_on.as_ref()?.get(place)?;
        let (namespace, _) = place_of(object);
        Some(dependency.name.as_deref().and_then(|name| places.get(&(namespace, name)).copied()))
    };
    for ring in rings(objects.len(), next).await.rings {
        let keys: Vec<_> = ring.into_iter().map(|place| Key::of(objects[place])).collect();
        let Some(cycles) = keys.first().and_then(|key| found.get_mut(&key.namespace)) else { continue };
        cycles.rings.push(keys.into_iter().map(|key| (key.name, key.uid)).collect());
    }
    found
}

fn place_of(object: &BatchJob) -> (&str, &str) {
    let metadata = &object.metadata;
    (metadata.namespace.as_deref().unwrap_or_default(), metadata.name.as_deref().unwrap_or_default())
}
