//! The port of health and metrics: nobody can hold it, and it says little.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_batch_operator::http::{self, Absent, Health, Inspect};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Not ready, and knows one object.
struct Unready;

impl Inspect for Unready {
    fn batch_job(&self, namespace: &str, name: &str) -> Result<Value, Absent> {
        match (namespace, name) {
            ("team", "a") => Ok(json!({ "object": name })),
            ("team", _) => Err(Absent::Unknown("There is none.".to_owned())),
            _ => Err(Absent::Elsewhere("Ask another.")),
        }
    }
}

impl Health for Unready {
    fn ready(&self) -> Result<(), &'static str> {
        Err("waiting for the Lease")
    }

    fn metrics(&self) -> Result<String, std::fmt::Error> {
        Ok(String::new())
    }
}

/// A server, and the runtime that it runs on.
fn start() -> (Runtime, SocketAddr) {
    start_with(|listener| http::serve(listener, Arc::new(Unready)))
}

fn start_debug() -> (Runtime, SocketAddr) {
    start_with(|listener| http::serve_debug(listener, Arc::new(Unready)))
}

fn start_with<F: Future<Output = std::io::Result<()>> + Send + 'static>(
    serve: impl FnOnce(TcpListener) -> F,
) -> (Runtime, SocketAddr) {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(http::bind(([127, 0, 0, 1], 0).into())).unwrap();
    let address = listener.local_addr().unwrap();
    runtime.spawn(serve(listener));
    (runtime, address)
}

fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    socket
}

/// What is answered until the connection closes, by whichever side.
fn answer(mut socket: TcpStream) -> String {
    let mut text = Vec::new();
    // The server may reset the connection.
    let _ = socket.read_to_end(&mut text);
    String::from_utf8(text).unwrap()
}

fn get(address: SocketAddr, path: &str) -> String {
    ask(address, "GET", path)
}

fn ask(address: SocketAddr, method: &str, path: &str) -> String {
    let mut socket = connect(address);
    write!(socket, "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").unwrap();
    answer(socket)
}

#[test]
fn what_is_missing_is_told_in_a_few_words_and_the_connection_ends() {
    let (_runtime, address) = start();
    let text = get(address, "/readyz");
    assert!(text.starts_with("HTTP/1.1 503") && text.ends_with("\r\n\r\nwaiting for the Lease"), "{text}");
    assert!(text.contains("connection: close"), "{text}");
}

#[test]
fn an_object_is_told_as_json_and_one_sentence_says_why_another_is_not() {
    let (_runtime, address) = start_debug();
    let text = get(address, "/debug/batchjobs/team/a");
    assert!(text.contains("content-type: application/json") && text.contains("\"object\": \"a\""), "{text}");
    for (path, status, sentence) in [
        ("team/b", 404, "There is none.\n"),
        ("other/b", 503, "Ask another.\n"),
        ("team", 404, "GET /debug/batchjobs/NAMESPACE/NAME\n"),
    ] {
        let text = get(address, &format!("/debug/batchjobs/{path}"));
        let is_told = text.starts_with(&format!("HTTP/1.1 {status}")) && text.ends_with(sentence);
        assert!(is_told && text.contains("connection: close"), "{text}");
    }
    let text = ask(address, "POST", "/debug/batchjobs/team/a");
    assert!(text.starts_with("HTTP/1.1 405"), "{text}");
}

#[test]
fn neither_port_serves_what_is_the_others() {
    let ((_health, metrics), (_debug, debug)) = (start(), start_debug());
    assert!(get(metrics, "/debug/batchjobs/team/a").starts_with("HTTP/1.1 404"));
    for path in ["/metrics", "/readyz", "/livez"] {
        assert!(get(debug, path).starts_with("HTTP/1.1 404"), "{path}");
    }
}

#[test]
fn a_client_that_is_slow_with_its_headers_is_closed() {
    let (_runtime, address) = start();
    let (begun, mut socket) = (Instant::now(), connect(address));
    write!(socket, "GET /livez HTTP/1.1\r\nhost: ").unwrap();
    answer(socket);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_client_whose_headers_do_not_end_is_closed_at_once() {
    let (_runtime, address) = start();
    let (begun, mut socket) = (Instant::now(), connect(address));
    let header = format!("x: {}\r\n", "y".repeat(1_000));
    // The server may close before all is written.
    let _ = write!(socket, "GET /livez HTTP/1.1\r\n{}", header.repeat(50));
    answer(socket);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn idle_connections_are_in_nobodys_way() {
    let (_runtime, address) = start();
    let idle: Vec<_> = (0..400).map(|_| connect(address)).collect();
    let begun = Instant::now();
    assert!(get(address, "/livez").ends_with("ok"));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let oldest = idle.into_iter().next().unwrap();
    let begun = Instant::now();
    answer(oldest);
    assert!(begun.elapsed() < Duration::from_secs(5), "the oldest was closed: {:?}", begun.elapsed());
}
