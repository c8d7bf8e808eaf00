//! How the API server in memory answers a request: a write, a page of a listing, or a watch.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::clock;
use axum::body::Body;
use http::{Request, Response, StatusCode};
use kube::Client;
use tokio::time::sleep;

use super::rest::failure;
use super::server::{ApiServer, Cluster, Gate, response};
use super::stream;

/// Each request takes so long: passes run between two pages of a listing.
const CALL: Duration = Duration::from_millis(5);

impl ApiServer {
    pub fn client(self: &Arc<Self>) -> Client {
        let server = self.clone();
        let service = tower::service_fn(move |request| server.clone().call(request));
        Client::new(service, "default")
    }

    async fn call(self: Arc<Self>, request: Request<kube::client::Body>) -> io::Result<Response<Body>> {
        let (parts, body) = request.into_parts();
        let body = body.collect_bytes().await.unwrap().to_vec();
        let request = Request::from_parts(parts, body);
        let writes = usize::from(matches!(*request.method(), http::Method::PATCH | http::Method::PUT));
        self.change(|Cluster { writes: (now, most), .. }| {
            *now += writes;
            *most = (*most).max(*now);
        });
        sleep(CALL).await;
        self.change(|cluster| cluster.writes.0 -= writes);
        let path: Vec<&str> = request.uri().path().trim_matches('/').split('/').collect();
        let namespace = match path.as_slice() {
            [.., "namespaces", namespace, _] => Some((*namespace).to_owned()),
            _ => None,
        };
        if self.look(|cluster| cluster.is_down) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        if request.method() != http::Method::GET || path.last() != Some(&"batchjobs") {
            return Ok(response(self.change(|cluster| cluster.rest.handle(&request, clock::now()))));
        }
        let mut changed = self.changed.subscribe();
        while let Some(gate) = self.look(|cluster| cluster.gate(namespace.as_deref())) {
            if gate == Gate::Forbids {
                return Ok(response(failure(StatusCode::FORBIDDEN, "Forbidden")));
            }
            changed.changed().await.unwrap();
        }
        let query = query(request.uri().query().unwrap_or_default());
        if query.contains_key("watch") {
            let from = query["resourceVersion"].parse().unwrap();
            return Ok(Response::new(Body::from_stream(stream::changes(self, from, namespace))));
        }
        Ok(self.change(|cluster| cluster.page(&query, namespace.as_deref())))
    }
}

fn query(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
