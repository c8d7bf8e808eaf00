//! An API server in memory that knows one Lease, with resource versions and conflicts; and links to it that may fail.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Method, Request, Response};
use kube::Client;
use kube::client::Body;
use serde_json::{Value, json};

/// How a link carries requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// At once.
    #[default]
    Up,
    /// No request arrives, and no answer comes.
    Hangs,
    /// Requests are carried out, and no answer comes.
    LosesAnswers,
    /// No connection.
    Refuses,
    /// Answers take a while.
    Slow(Duration),
    /// Every call is forbidden.
    Forbids,
}

/// The server.
#[derive(Debug, Default)]
pub struct LeaseServer {
    lease: Mutex<Option<Value>>,
    version: Mutex<u64>,
}

/// A link whose state can be changed while it is used.
pub type Wire = Arc<Mutex<Link>>;

impl LeaseServer {
    /// A client over a link of its own.
    pub fn client(self: &Arc<Self>) -> (Client, Wire) {
        let wire = Wire::default();
        let (server, link) = (self.clone(), wire.clone());
        let service = tower::service_fn(move |request: Request<Body>| {
            let (server, link) = (server.clone(), *link.lock().unwrap());
            async move { server.carry(link, request).await }
        });
        (Client::new(service, "default"), wire)
    }

    /// The record, as anyone may read it.
    pub fn spec(&self) -> Value {
        self.lease.lock().unwrap().as_ref().map_or(Value::Null, |lease| lease["spec"].clone())
    }

    /// A write by somebody else.
    pub fn edit(&self, change: impl FnOnce(&mut Value)) {
        let mut lease = self.lease.lock().unwrap();
        let lease = lease.get_or_insert_with(|| json!({ "metadata": { "name": "lease" }, "spec": {} }));
        change(lease);
        lease["metadata"]["resourceVersion"] = self.next_version();
    }

    fn next_version(&self) -> Value {
        let mut version = self.version.lock().unwrap();
        *version += 1;
        version.to_string().into()
    }

    async fn carry(&self, link: Link, request: Request<Body>) -> Result<Response<Body>, std::io::Error> {
        match link {
            Link::Hangs => return pending().await,
            Link::Refuses => return Err(std::io::ErrorKind::ConnectionRefused.into()),
            Link::Forbids => return Ok(status(403, "Forbidden")),
            Link::Up | Link::Slow(_) | Link::LosesAnswers => {}
        }
        let method = request.method().clone();
        let body = request.into_body().collect_bytes().await.unwrap();
        let answer = self.answer(&method, &body);
        match link {
            Link::LosesAnswers => pending().await,
            Link::Slow(by) => tokio::time::sleep(by).await,
            _ => {}
        }
        Ok(answer)
    }

    fn answer(&self, method: &Method, body: &[u8]) -> Response<Body> {
        let mut stored = self.lease.lock().unwrap();
        let version = |lease: &Value| lease["metadata"]["resourceVersion"].clone();
        let mut lease: Value = match (method, stored.as_ref()) {
            (&Method::GET, Some(lease)) => return ok(lease),
            (&Method::GET | &Method::PUT, None) => return status(404, "NotFound"),
            (&Method::POST, Some(_)) => return status(409, "AlreadyExists"),
            _ => serde_json::from_slice(body).unwrap(),
        };
        if stored.as_ref().is_some_and(|stored| version(stored) != version(&lease)) {
            return status(409, "Conflict");
        }
        lease["metadata"]["resourceVersion"] = self.next_version();
        let answer = ok(&lease);
        *stored = Some(lease);
        answer
    }
}

fn ok(lease: &Value) -> Response<Body> {
    Response::new(Body::from(lease.to_string().into_bytes()))
}

fn status(code: u16, reason: &str) -> Response<Body> {
    let body =
        json!({ "kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": reason });
    Response::builder().status(code).body(Body::from(body.to_string().into_bytes())).unwrap()
}
