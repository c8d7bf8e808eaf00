//! Finds cycles among objects that wait for one another: one walk for all objects.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::task::yield_now;

use super::cached::Cached;
use super::rings::rings;
use super::verdicts::Ring;
use crate::key::Key;
use crate::plan::names;

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

/// An object that waits, and the names in its `dependsOn`.
type Waiting = (Key, Vec<String>);

/// Searches these objects, and groups the results by namespace.
pub async fn cycles(objects: &[Arc<Cached>]) -> BTreeMap<String, Cycles> {
    let waiting = waiting(objects).await;
    let mut found: BTreeMap<String, Cycles> = BTreeMap::new();
    let mut places = HashMap::with_capacity(waiting.len());
    for (place, (key, _)) in waiting.iter().enumerate() {
        if place % SLICE == SLICE - 1 {
            yield_now().await;
        }
        places.insert((key.namespace.as_str(), key.name.as_str()), place);
        found.entry(key.namespace.clone()).or_default().seen.push(key.clone());
    }
    let next = |node: usize, place: usize| {
        let (key, names) = &waiting[node];
        let name = names.get(place)?;
        Some(places.get(&(key.namespace.as_str(), name.as_str())).copied())
    };
    for ring in rings(waiting.len(), next).await.rings {
        let keys: Vec<_> = ring.into_iter().map(|place| waiting[place].0.clone()).collect();
        let Some(cycles) = keys.first().and_then(|key| found.get_mut(&key.namespace)) else { continue };
        cycles.rings.push(keys.into_iter().map(|key| (key.name, key.uid)).collect());
    }
    found
}

async fn waiting(objects: &[Arc<Cached>]) -> Vec<Waiting> {
    let mut waiting = Vec::with_capacity(objects.len());
    for slice in objects.chunks(SLICE) {
        let decoded = slice.iter().filter_map(|cached| cached.object().ok());
        waiting.extend(decoded.map(|object| (Key::of(&object), names(&object).map(str::to_owned).collect())));
        yield_now().await;
    }
    waiting
}
