//! The other side falls silent: over TLS, with a server that would speak HTTP/2 too.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use aws_batch_operator::aws::sdk::{Aws, Endpoints, Proxies, http_client};
use aws_batch_operator::job::FaultKind;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::scripted::read;
use super::{TIMEOUT, config, look, settings};

/// Of one connection: what was agreed on, and how many requests came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    protocol: String,
    requests: usize,
}

/// Answers the first request of each connection, and no other; the connection stays open.
pub struct Moody {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its own, which nobody has signed.
    pub certificate: CertificateDer<'static>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Moody {
    /// One with a certificate for this name.
    pub fn start(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut tls =
            versions.unwrap().with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tls, heard) = (Arc::new(tls), Arc::<Mutex<Vec<Heard>>>::default());
        let shared = heard.clone();
        std::thread::spawn(move || {
            for (number, socket) in listener.incoming().flatten().enumerate() {
                shared.lock().unwrap().push(Heard::default());
                let (tls, shared) = (tls.clone(), shared.clone());
                std::thread::spawn(move || serve(tls, socket, &shared, number));
            }
        });
        Self { address, certificate, heard }
    }

    /// What came, by connection.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

fn serve(tls: Arc<ServerConfig>, socket: TcpStream, heard: &Mutex<Vec<Heard>>, number: usize) {
    let mut stream = StreamOwned::new(ServerConnection::new(tls).unwrap(), socket);
    while read(&mut stream).is_some() {
        let protocol =
            stream.conn.alpn_protocol().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        let requests = heard.lock().unwrap()[number].requests + 1;
        heard.lock().unwrap()[number] = Heard { protocol, requests };
        if requests == 1 {
            let body = r#"{"jobs":[]}"#;
            let opening = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-amzn-requestid: 1";
            write!(stream, "{opening}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_connection_that_fell_silent_costs_one_call_and_is_not_used_again() {
    let server = Moody::start("localhost");
    let http =
        http_client(TIMEOUT, Some(vec![server.certificate.clone()]), Endpoints::Private, Proxies::default());
    let aws = Aws::new(
        config(&format!("https://localhost:{}", server.address.port())).http_client(http),
        settings(),
    );
    look(&aws).await.unwrap();
    let fault = look(&aws).await.unwrap_err();
    assert_eq!((fault.kind, fault.answered), (FaultKind::Unclear, false), "{fault}");
    look(&aws).await.unwrap();
    let heard = |requests| Heard { protocol: "http/1.1".to_owned(), requests };
    assert_eq!(server.heard(), [heard(2), heard(1)]);
}

#[tokio::test]
async fn a_call_that_never_had_a_connection_is_surely_not_sent_though_it_took_all_its_time() {
    // Whoever connects is taken by the kernel, and nobody speaks TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let aws = Aws::new(config(&url), settings());
    let begun = Instant::now();
    let fault = look(&aws).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotSent, "{fault}");
    assert!(begun.elapsed() >= TIMEOUT, "{:?}", begun.elapsed());
}
