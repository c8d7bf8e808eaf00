//! How often something happened to one object within an hour. Floods are found by such counts.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// The times of the last hour, by the UID of the object.
#[derive(Debug, Default)]
pub struct Recent(BTreeMap<String, VecDeque<Timestamp>>);

impl Recent {
    /// Notes that it happens now. Returns how often it has happened to the object in the last hour.
    pub fn note(&mut self, uid: &str, now: Timestamp) -> usize {
        let times = self.0.entry(uid.to_owned()).or_default();
        times.push_back(now);
        while times.front().is_some_and(|first| *first + HOUR < now) {
            times.pop_front();
        }
        times.len()
    }
}
