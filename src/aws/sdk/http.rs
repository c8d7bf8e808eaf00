//! The HTTP client for AWS: HTTP/1.1 only, with one request per connection at a time. The kernel soon gives up dead
//! sockets. docs/decisions/008 says why this is not the SDK's own client.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_batch::config::SharedHttpClient;
use aws_sdk_batch::config::http::{HttpRequest, HttpResponse};
use aws_sdk_batch::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{CaptureConnection, HttpConnector as Tcp, capture_connection};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;

use super::endpoints::Endpoints;
use super::proxies::Proxies;
use super::route::Route;

/// A connection that is idle for this time is closed, before a front end of AWS closes it during our next send.
const IDLE: Duration = Duration::from_secs(20);

/// The connection of one request, from the moment at which it has one. A request that carries this value and has no
/// connection was certainly not sent.
#[derive(Clone, Debug, Default)]
pub struct Carrier(Arc<OnceLock<CaptureConnection>>);

impl Carrier {
    /// Whether it is certain that no connection has carried the request. Any other HTTP client leaves this unknown.
    pub fn is_surely_none(&self) -> bool {
        self.0.get().is_some_and(|carrier| carrier.connection_metadata().is_none())
    }
}

#[derive(Clone)]
struct Http1 {
    client: Client<HttpsConnector<Route>, SdkBody>,
    /// The longest time for the whole call, if the caller sets one.
    within: Option<Duration>,
    endpoints: Endpoints,
}

impl std::fmt::Debug for Http1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http1").field("within", &self.within).finish_non_exhaustive()
    }
}

/// A client whose sockets end `attempt_timeout` after the peer has become silent, even when this process was killed. It
/// trusts these certificates; `None`: those of the machine. It sends only to these endpoints, through these proxies.
pub fn http_client(
    attempt_timeout: Duration,
    trusted: Option<Vec<CertificateDer<'static>>>,
    endpoints: Endpoints,
    proxies: Proxies,
) -> SharedHttpClient {
    let mut tcp = Tcp::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(attempt_timeout.min(Duration::from_secs(3))));
    tcp.set_tcp_user_timeout(Some(attempt_timeout));
    // Also for idle connections: otherwise only the timeout of the next call would reveal a dead one.
    let probe = (attempt_timeout / 2).max(Duration::from_secs(1));
    tcp.set_keepalive(Some(probe));
    tcp.set_keepalive_interval(Some(probe));
    let tls = tls(trusted);
    let https = HttpsConnector::from((Route::new(tcp, tls.clone(), proxies), tls));
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        // A request that was not begun is reported as such. The caller decides whether to repeat it.
        .retry_canceled_requests(false)
        .build(https);
    SharedHttpClient::new(Http1 { client, within: None, endpoints })
}

fn tls(trusted: Option<Vec<CertificateDer<'static>>>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.unwrap_or_else(|| {
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!("a root certificate cannot be read: {error}");
        }
        found.certs
    }));
    if roots.is_empty() {
        tracing::warn!("there is no root certificate: no https endpoint will be trusted");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    #[allow(clippy::expect_used, reason = "ring knows TLS 1.2 and 1.3")]
    let config = config.expect("the versions of TLS").with_root_certificates(roots);
    let mut config = config.with_no_client_auth();
    // No h2: its one connection would stay in use for all requests while the kernel still tries to send.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

impl HttpClient for Http1 {
    /// All connectors share one pool, whatever their settings.
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let connect = settings.connect_timeout().unwrap_or_default();
        let within = settings.read_timeout().map(|read| read + connect);
        SharedHttpConnector::new(Self { within, ..self.clone() })
    }
}

impl HttpConnector for Http1 {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        if let Some(Carrier(slot)) = request.extensions().get::<Carrier>().cloned() {
            // A request is sent once, so the slot is free.
            let _ = slot.set(capture_connection(&mut request));
        }
        // Wherever the address was set, nothing is sent without TLS.
        if !self.endpoints.take(request.uri().scheme_str(), request.uri().host()) {
            let why = format!("{} is not https; --allow-insecure-endpoint allows it", request.uri());
            return HttpConnectorFuture::ready(Err(ConnectorError::user(why.into())));
        }
        let (answer, within) = (self.client.request(request), self.within.unwrap_or(Duration::MAX));
        HttpConnectorFuture::new(async move {
            let answer =
                timeout(within, answer).await.map_err(|late| ConnectorError::timeout(late.into()))?;
            let answer = answer.map_err(|error: legacy::Error| ConnectorError::io(error.into()))?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}
