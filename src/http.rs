//! `/livez`, `/readyz` and `/metrics`. Liveness says only that the process answers: a restart does not make a missing
//! CRD appear.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

/// What the server asks of the program.
pub trait Health: Send + Sync + 'static {
    /// `Err` says what is missing.
    fn ready(&self) -> Result<(), String>;

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
    axum::serve(listener, router).await
}

fn readiness(health: &dyn Health) -> impl IntoResponse + use<> {
    match health.ready() {
        Ok(()) => (StatusCode::OK, "ok".to_owned()),
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
