//! `/debug/batchjobs/NAMESPACE/NAME`: what is known of one object, as JSON. On a listener of its own, for it says more than the
//! port of the metrics may say to everybody.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use tokio::net::TcpListener;

use super::serve_routes;

/// The one path there is.
const USAGE: &str = "GET /debug/batchjobs/NAMESPACE/NAME\n";

/// What the page asks of the program. Whoever answers only reads.
pub trait Inspect: Send + Sync + 'static {
    /// What is known of the BatchJob.
    fn batch_job(&self, namespace: &str, name: &str) -> Result<Value, Absent>;
}

/// Why there is nothing to show, in one sentence.
#[derive(Debug, PartialEq, Eq)]
pub enum Absent {
    /// There is no such object, as far as this replica can see.
    Unknown(String),
    /// This replica cannot tell.
    Elsewhere(&'static str),
}

/// Serves for ever.
pub async fn serve_debug(listener: TcpListener, program: Arc<dyn Inspect>) -> std::io::Result<()> {
    let page = move |Path((namespace, name)): Path<(String, String)>| async move {
        shown(program.batch_job(&namespace, &name))
    };
    let router = Router::new()
        .route("/debug/batchjobs/{namespace}/{name}", get(page))
        .fallback(|| async { (StatusCode::NOT_FOUND, USAGE) });
    serve_routes(listener, router).await
}

fn shown(known: Result<Value, Absent>) -> Response {
    const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];
    match known {
        Ok(known) => (JSON, format!("{known:#}\n")).into_response(),
        Err(Absent::Unknown(why)) => (StatusCode::NOT_FOUND, format!("{why}\n")).into_response(),
        Err(Absent::Elsewhere(why)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}
