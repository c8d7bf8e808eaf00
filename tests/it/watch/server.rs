//! What an API server in memory keeps, as a watch sees it: listings in pages, streams that break, and a history that is
//! forgotten. The objects, and the answers to writes, are the simulation's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::clock;
use axum::body::Body;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;

use super::rest::{Rest, failure};
use super::store::{Objects, Store};

/// What happens when the page of that number of a listing is asked for: changes, and a refusal.
pub type OnPage = Box<dyn FnMut(&mut Cluster, usize) -> Option<StatusCode> + Send>;

/// What keeps a listing or a watch back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// No answer comes.
    Hangs,
    /// It is not allowed.
    Forbids,
}

/// What the server keeps, and how it is.
pub struct Cluster {
    pub rest: Rest,
    /// So many changes, from the first on, are forgotten.
    forgotten: usize,
    /// The latest listing: its version and its objects.
    listed: (usize, Objects),
    /// How often all streams were broken.
    pub breaks: usize,
    /// How often all streams were told how far they have come.
    pub bookmarks: usize,
    /// No connection.
    pub is_down: bool,
    pub on_page: OnPage,
    /// What becomes of listings and watches of that namespace.
    pub gate: Option<(&'static str, Gate)>,
    /// How many writes of BatchJobs wait for their answer, and the most that did at one time.
    pub writes: (usize, usize),
    /// The place and the size of each page that was asked for.
    pub pages: Vec<(usize, usize)>,
}

impl Cluster {
    pub fn store(&self) -> &Store {
        &self.rest.store
    }

    pub fn create(&mut self, object: Value) {
        self.rest.store.create(object, clock::now()).unwrap();
    }

    pub fn delete(&mut self, name: &str) {
        self.rest.store.delete(name, &Value::Null, clock::now()).unwrap();
    }

    /// Puts the object in place of the stored one.
    pub fn replace(&mut self, object: Value) {
        self.rest.store.replace(object, clock::now()).unwrap();
    }

    /// The object of that name, as a copy to be changed.
    pub fn get(&self, name: &str) -> Value {
        self.store().objects().get(name).unwrap().clone()
    }

    /// How many listings have begun.
    pub fn listings(&self) -> usize {
        self.pages.iter().filter(|(place, _)| *place == 0).count()
    }

    /// No listing goes on, and no watch begins again where it was.
    pub fn forget_history(&mut self) {
        self.forgotten = self.store().log().len();
    }

    /// One page, or the refusal. A token names the version of the whole listing, and the place in it.
    pub fn page(&mut self, query: &HashMap<String, String>, namespace: Option<&str>) -> Response<Body> {
        let token = query.get("continue").map(|token| token.split_once('.').unwrap());
        let number = |text: &str| text.parse::<usize>().unwrap();
        let (version, place) =
            token.map_or((self.store().log().len(), 0), |(version, place)| (number(version), number(place)));
        let limit = number(&query["limit"]);
        self.pages.push((place, limit));
        let mut on_page = std::mem::replace(&mut self.on_page, Box::new(|_, _| None));
        let number_of_page = self.pages.iter().rev().take_while(|(place, _)| *place > 0).count();
        let refusal = on_page(self, number_of_page);
        self.on_page = on_page;
        if let Some(status) = refusal {
            return response(failure(status, "InternalError"));
        }
        if place > 0 && version < self.forgotten {
            return response(failure(StatusCode::GONE, "Expired"));
        }
        if place == 0 {
            self.listed = (version, self.store().objects().clone());
        } else if self.listed.0 != version {
            self.listed = (version, self.store().objects_after(version));
        }
        let all: Vec<&Value> = self.listed.1.iter().filter(|object| is_in(object, namespace)).collect();
        let end = (place + limit).min(all.len());
        let next = if end < all.len() { format!("{version}.{end}") } else { String::new() };
        let list = json!({
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJobList",
            "metadata": { "resourceVersion": version.to_string(), "continue": next },
            "items": &all[place..end],
        });
        Response::new(Body::from(list.to_string()))
    }

    /// What keeps listings and watches of the namespace back.
    pub fn gate(&self, namespace: Option<&str>) -> Option<Gate> {
        self.gate.filter(|(gated, _)| Some(*gated) == namespace).map(|(_, gate)| gate)
    }

    /// Whether a watch may begin after that version.
    pub fn knows(&self, version: usize) -> bool {
        version >= self.forgotten
    }
}

/// The server.
pub struct ApiServer {
    cluster: Mutex<Cluster>,
    pub changed: watch::Sender<()>,
}

impl ApiServer {
    pub fn new() -> Arc<Self> {
        let cluster = Cluster {
            rest: Rest::default(),
            forgotten: 0,
            listed: (0, Objects::default()),
            breaks: 0,
            bookmarks: 0,
            is_down: false,
            on_page: Box::new(|_, _| None),
            gate: None,
            writes: (0, 0),
            pages: Vec::new(),
        };
        Arc::new(Self { cluster: Mutex::new(cluster), changed: watch::Sender::new(()) })
    }

    /// Looks at what is kept.
    pub fn look<T>(&self, look: impl FnOnce(&Cluster) -> T) -> T {
        look(&self.cluster.lock().unwrap())
    }

    /// Changes what is kept, or how the server is; streams are told.
    pub fn change<T>(&self, change: impl FnOnce(&mut Cluster) -> T) -> T {
        let outcome = change(&mut self.cluster.lock().unwrap());
        self.changed.send_replace(());
        outcome
    }

    /// Waits so long, at most, until it is so. Answers whether it came to be.
    pub async fn until(&self, longest: Duration, is_so: impl Fn(&Cluster) -> bool) -> bool {
        let mut changed = self.changed.subscribe();
        let waits = async {
            while !self.look(&is_so) {
                changed.changed().await.unwrap();
            }
        };
        timeout(longest, waits).await.is_ok()
    }
}

/// Whether the object is in the namespace; `None`: in any.
pub fn is_in(object: &Value, namespace: Option<&str>) -> bool {
    namespace.is_none_or(|namespace| object["metadata"]["namespace"] == namespace)
}

/// The answer as axum gives it.
pub fn response(response: Response<kube::client::Body>) -> Response<Body> {
    response.map(Body::new)
}
