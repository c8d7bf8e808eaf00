//! Events as the API server takes them: one for each text, however long the name of its object is, and whoever deletes Events
//! meanwhile. Knows nothing of plans.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::ObjectReference;
use k8s_openapi::api::events::v1::Event;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use kube::api::{Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::json;

use crate::api::FIELD_MANAGER;
use crate::clock;
use crate::text::one_short_line;

/// Longest name of an object, in bytes.
const NAME_MAX: usize = 253;

/// Longest name of the process that tells, in bytes.
const INSTANCE_MAX: usize = 128;

/// A text that was not repeated for so long is an Event of its own when it comes again.
const SERIES_ENDS_AFTER: SignedDuration = SignedDuration::from_mins(6);

/// What one Event is to say.
#[derive(Debug)]
pub struct Told {
    /// When it was so; it may be written later.
    pub at: Timestamp,
    pub about: ObjectReference,
    pub is_warning: bool,
    pub reason: String,
    pub note: String,
}

/// Where repetitions of a text are counted.
struct Series {
    name: String,
    count: i32,
    last: Timestamp,
}

/// Writes Events of one process.
pub struct Events {
    client: Client,
    instance: String,
    told: HashMap<u64, Series>,
}

impl Events {
    /// A writer under this name.
    pub fn new(client: Client, identity: &str) -> Self {
        Self { client, instance: one_short_line(identity, INSTANCE_MAX), told: HashMap::new() }
    }

    /// Writes one Event, or counts it where the same was told a short time ago.
    pub async fn write(&mut self, told: &Told) -> kube::Result<()> {
        let (now, at) = (clock::now(), told.at);
        self.told.retain(|_, series| now.duration_since(series.last) < SERIES_ENDS_AFTER);
        let namespace = told.about.namespace.as_deref().unwrap_or("default");
        let api: Api<Event> = Api::namespaced(self.client.clone(), namespace);
        let key = key(told);
        if let Some(series) = self.told.get_mut(&key) {
            (series.count, series.last) = (series.count.saturating_add(1), at);
            match api.patch(&series.name, &PatchParams::default(), &repeated(series)).await {
                // Somebody has deleted it, with all others perhaps.
                Err(kube::Error::Api(status)) if status.is_not_found() => {}
                other => return other.map(|_| ()),
            }
        }
        let event = first(told, &self.instance, now);
        let name = event.metadata.name.clone().unwrap_or_default();
        api.create(&PostParams::default(), &event).await?;
        self.told.insert(key, Series { name, count: 1, last: at });
        Ok(())
    }
}

/// The text belongs to it: the API server lets nobody change the note of an Event.
fn key(told: &Told) -> u64 {
    let about = &told.about;
    let mut hasher = DefaultHasher::new();
    (&about.kind, &about.namespace, &about.name, &about.uid, &told.reason, &told.note).hash(&mut hasher);
    hasher.finish()
}

fn repeated(series: &Series) -> Patch<serde_json::Value> {
    let last = MicroTime(series.last);
    Patch::Merge(json!({ "series": { "count": series.count, "lastObservedTime": last } }))
}

fn first(told: &Told, instance: &str, now: Timestamp) -> Event {
    Event {
        metadata: ObjectMeta {
            namespace: told.about.namespace.clone(),
            name: Some(name(told.about.name.as_deref().unwrap_or(FIELD_MANAGER), now)),
            ..ObjectMeta::default()
        },
        action: Some("Reconcile".to_owned()),
        event_time: Some(MicroTime(told.at)),
        note: Some(told.note.clone()),
        reason: Some(told.reason.clone()),
        regarding: Some(told.about.clone()),
        reporting_controller: Some(FIELD_MANAGER.to_owned()),
        reporting_instance: Some(instance.to_owned()),
        type_: Some(if told.is_warning { "Warning" } else { "Normal" }.to_owned()),
        ..Event::default()
    }
}

/// The object's name and the time, as other programs name Events; the name gives way where both are too long.
fn name(object: &str, now: Timestamp) -> String {
    let time = format!(".{:x}", now.as_nanosecond());
    let object: String = object.chars().take(NAME_MAX - time.len()).collect();
    format!("{}{time}", object.trim_end_matches(['.', '-']))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::mpsc;

    use http::{Method, Request, Response, StatusCode};
    use kube::client::Body;

    use super::*;

    #[test]
    fn the_longest_name_of_an_object_makes_a_name_of_an_event() {
        let now: Timestamp = "2026-11-28T12:00:00.123456789Z".parse().unwrap();
        for length in [1, 235, 236, 237, 253] {
            for object in ["x".repeat(length), format!("{}x", "-".repeat(length - 1)), "a.b".repeat(84)] {
                let name = name(&object, now);
                assert!(name.len() <= NAME_MAX && !name.contains("-."), "{name}");
            }
        }
        assert_eq!(name("train", now), format!("train.{:x}", now.as_nanosecond()));
    }

    /// The writes of each of these notes, when PATCH is answered so.
    async fn writes(notes: &[&str], patched: StatusCode) -> Vec<Method> {
        let (asked, written) = mpsc::channel();
        let service = tower::service_fn(move |request: Request<Body>| {
            asked.send(request.method().clone()).unwrap();
            let status = if request.method() == Method::PATCH { patched } else { StatusCode::CREATED };
            let is_good = status.is_success();
            let body = if is_good {
                json!({ "metadata": {} })
            } else {
                json!({ "code": 404, "reason": "NotFound" })
            };
            let answer = Response::builder().status(status).body(Body::from(body.to_string().into_bytes()));
            async move { Ok::<_, Infallible>(answer.unwrap()) }
        });
        let mut events = Events::new(Client::new(service, "default"), "operator-0");
        for note in notes {
            let (reason, note) = ("Refused".to_owned(), (*note).to_owned());
            let (at, about) = (clock::now(), ObjectReference::default());
            let told = Told { at, about, is_warning: true, reason, note };
            events.write(&told).await.unwrap();
        }
        drop(events);
        written.try_iter().collect()
    }

    #[tokio::test]
    async fn a_repeated_text_is_counted_and_another_one_is_an_event_of_its_own() {
        let written = writes(&["no queue", "no queue", "no definition"], StatusCode::OK).await;
        assert_eq!(written, [Method::POST, Method::PATCH, Method::POST]);
    }

    #[tokio::test]
    async fn a_text_whose_event_somebody_has_deleted_is_told_again() {
        let written = writes(&["no queue", "no queue"], StatusCode::NOT_FOUND).await;
        assert_eq!(written, [Method::POST, Method::PATCH, Method::POST]);
    }
}
