//! `/livez`, `/readyz` and `/metrics`. Liveness only shows that the process answers: a restart does not create a
//! missing CRD. Everyone who reaches the port may read, so problems are named in a few words, and the log has the
//! details. `debug` shows more, on another listener.

mod connections;
mod debug;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use connections::Connections;
pub use debug::{Absent, Inspect, serve_debug};

/// The source of readiness and metrics.
pub trait Health: Send + Sync + 'static {
    /// `Err` says what is missing, in a few words without any name.
    fn ready(&self) -> Result<(), &'static str>;

    /// The metrics in OpenMetrics text.
    fn metrics(&self) -> Result<String, std::fmt::Error>;
}

/// Opens the port.
pub async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// Serves for ever.
pub async fn serve(listener: TcpListener, health: Arc<dyn Health>) -> std::io::Result<()> {
    let ready = health.clone();
    let router = Router::new()
        .route("/livez", get(|| async { "ok" }))
        .route("/readyz", get(move || async move { readiness(ready.as_ref()) }))
        .route("/metrics", get(move || async move { metrics(health.as_ref()) }));
    serve_routes(listener, router).await
}

async fn serve_routes(listener: TcpListener, router: Router) -> std::io::Result<()> {
    axum::serve(Connections::of(listener), router.layer(map_response(closing))).await
}

/// One request per connection: an idle connection would take the place of others.
async fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn readiness(health: &dyn Health) -> impl IntoResponse + use<> {
    match health.ready() {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(missing) => (StatusCode::SERVICE_UNAVAILABLE, missing),
    }
}

fn metrics(health: &dyn Health) -> impl IntoResponse + use<> {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match health.metrics() {
        Ok(text) => Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text)),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
