//! `/debug/batchjobs/NAMESPACE/NAME`: what is known of one object, as JSON. This has a listener of its own, because it
//! shows more than the port of the metrics may show to everyone.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use tokio::net::TcpListener;

use super::serve_routes;

/// The only path.
const USAGE: &str = "GET /debug/batchjobs/NAMESPACE/NAME\n";

/// The source of the page. An implementation only reads.
pub trait Inspect: Send + Sync + 'static {
    /// What is known of the BatchJob.
    fn batch_job(&self, namespace: &str, name: &str) -> Result<Value, Absent>;
}

/// Why nothing can be shown, in one sentence.
#[derive(Debug, PartialEq, Eq)]
pub enum Absent {
    /// The object does not exist, as far as this replica can see.
    Unknown(String),
    /// This replica does not know.
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
