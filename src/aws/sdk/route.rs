//! The route of a connection: direct, or through a proxy by CONNECT. Either way the socket has our timeouts.

use std::error::Error;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use hyper::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::proxies::Proxies;

type BoxError = Box<dyn Error + Send + Sync>;

/// The stream to the peer; TLS with AWS is on top.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens connections. Cheap to clone.
#[derive(Clone)]
pub struct Route {
    tcp: HttpConnector,
    /// For the proxy itself, which may use TLS too.
    to_proxy: HttpsConnector<HttpConnector>,
    proxies: Proxies,
}

/// The proxy did not open a tunnel, so nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the proxy {proxy} gives no way to {destination}")]
struct NoWay {
    proxy: Uri,
    destination: String,
    #[source]
    why: BoxError,
}

impl Route {
    /// Routes over these sockets.
    pub fn new(tcp: HttpConnector, tls: ClientConfig, proxies: Proxies) -> Self {
        Self { to_proxy: HttpsConnector::from((tcp.clone(), tls)), tcp, proxies }
    }
}

impl Service<Uri> for Route {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Stream, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.on_the_way_to(&destination) else {
            let straight = self.tcp.call(destination);
            return async move { Ok(MaybeHttpsStream::Http(straight.await?)) }.boxed();
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.to_proxy.clone());
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        let (host, port) = (destination.host().unwrap_or_default().to_owned(), port(&destination));
        async move {
            let destination = format!("{host}:{port}");
            // The tunnel assumes port 443 for an address without a port, whatever the scheme.
            let opened = match format!("https://{destination}").parse::<Uri>() {
                Ok(uri) => tunnel.call(uri).await.map_err(BoxError::from),
                Err(error) => Err(error.into()),
            };
            opened.map_err(|why| NoWay { proxy: proxy.uri().clone(), destination, why }.into())
        }
        .boxed()
    }
}

fn port(uri: &Uri) -> u16 {
    let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    uri.port_u16().unwrap_or(usual)
}
