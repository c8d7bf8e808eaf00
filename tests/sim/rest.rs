//! The REST API of the API server over its store: the operator's requests, answered like a real API server.

use std::collections::BTreeMap;

use http::{Method, Request, Response, StatusCode};
use jiff::Timestamp;
use kube::client::Body;
use serde_json::{Value, json};

use super::recent::Recent;
use super::store::{Refusal, Store};

/// The API server.
#[derive(Debug, Default)]
pub struct Rest {
    pub store: Store,
    leases: BTreeMap<String, Value>,
    lease_version: u64,
    /// All claim annotations that were written, in order.
    pub claims: Vec<Value>,
    /// The objects that the operator deleted, as they were then.
    pub deleted: Vec<(Timestamp, Value)>,
    status_writes: Recent,
    /// The most status writes of one object within an hour, and its UID.
    pub most_status_writes: (usize, String),
}

impl Rest {
    pub fn handle(&mut self, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Body> {
        let path: Vec<&str> = request.uri().path().trim_matches('/').split('/').collect();
        let body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        let outcome = match (request.method(), path.as_slice()) {
            (_, [.., "events"] | [.., "events", _]) => return answer(StatusCode::CREATED, &body),
            (method, [.., "leases"]) if method == Method::POST => self.put_lease(body, None),
            (method, [.., "leases", name]) => match *method {
                Method::GET => self.leases.get(*name).cloned().ok_or(Refusal::NotFound),
                _ => self.put_lease(body, Some(name)),
            },
            (&Method::PATCH, [.., "batchjobs", name]) => self.merge(name, &body, now),
            (&Method::PUT, [.., "batchjobs", name, "status"]) => self.put_status(name, body, now),
            (&Method::DELETE, [.., "batchjobs", name]) => {
                let before = self.store.objects().get(name).cloned();
                let outcome = self.store.delete(name, &body["preconditions"], now);
                self.deleted.extend(before.filter(|_| outcome.is_ok()).map(|object| (now, object)));
                outcome
            }
            (&Method::GET, [.., "batchjobs", name]) => {
                self.store.objects().get(name).cloned().ok_or(Refusal::NotFound)
            }
            other => unreachable!("the operator makes no such request: {other:?}"),
        };
        match outcome {
            Ok(object) => answer(StatusCode::OK, &object),
            Err(Refusal::NotFound) => failure(StatusCode::NOT_FOUND, "NotFound"),
            Err(Refusal::Conflict) => failure(StatusCode::CONFLICT, "Conflict"),
        }
    }

    /// A merge patch of the object without its status.
    fn merge(&mut self, name: &str, patch: &Value, now: Timestamp) -> Result<Value, Refusal> {
        let mut wanted = self.store.objects().get(name).ok_or(Refusal::NotFound)?.clone();
        let status = wanted["status"].clone();
        json_patch::merge(&mut wanted, patch);
        wanted["status"] = status;
        let written = self.store.replace(wanted, now)?;
        let claim = &patch["metadata"]["annotations"]["awsbatch.dev/claim"];
        if let Some(claim) = claim.as_str() {
            self.claims.push(serde_json::from_str(claim).unwrap());
        }
        Ok(written)
    }

    /// Replaces the status only. The version in the request is a precondition.
    fn put_status(&mut self, name: &str, mut asked: Value, now: Timestamp) -> Result<Value, Refusal> {
        let mut wanted = self.store.objects().get(name).ok_or(Refusal::NotFound)?.clone();
        if asked["metadata"]["uid"] != wanted["metadata"]["uid"] {
            return Err(Refusal::Conflict);
        }
        wanted["status"] = asked["status"].take();
        wanted["metadata"]["resourceVersion"] = asked["metadata"]["resourceVersion"].take();
        let written = self.store.replace(wanted, now)?;
        let uid = written["metadata"]["uid"].as_str().unwrap();
        let recent = (self.status_writes.note(uid, now), uid.to_owned());
        self.most_status_writes = recent.max(std::mem::take(&mut self.most_status_writes));
        Ok(written)
    }

    fn put_lease(&mut self, mut lease: Value, name: Option<&str>) -> Result<Value, Refusal> {
        let name = name.map_or_else(|| super::store::name(&lease), str::to_owned);
        let stored = self.leases.get(&name).map(|stored| stored["metadata"]["resourceVersion"].clone());
        let wanted = &lease["metadata"]["resourceVersion"];
        if stored.is_some_and(|stored| stored != *wanted) {
            return Err(Refusal::Conflict);
        }
        self.lease_version += 1;
        lease["metadata"]["resourceVersion"] = json!(self.lease_version.to_string());
        self.leases.insert(name, lease.clone());
        Ok(lease)
    }
}

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(serde_json::to_vec(body).unwrap()));
    *response.status_mut() = status;
    response
}

/// A failure as the API server words it.
pub fn failure(status: StatusCode, reason: &str) -> Response<Body> {
    answer(
        status,
        &json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": reason, "reason": reason, "code": status.as_u16(),
        }),
    )
}
