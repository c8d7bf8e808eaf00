//! An endpoint of AWS Batch that answers whatever is asked with one body, and a client of it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::aws::Permit;
use aws_batch_operator::aws::sdk::{Aws, Settings};
use aws_batch_operator::clock::Clock;
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, Region};

/// Answers every request with the body that is set, and closes.
pub fn server() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let body = Arc::new(Mutex::new(Vec::new()));
    let shared = body.clone();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let Ok(mut socket) = socket else { continue };
            // What is asked does not matter.
            let _ = socket.read(&mut [0; 16_000]);
            let body = shared.lock().unwrap().clone();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = socket.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    (url, body)
}

/// The product's own client.
pub fn client(url: &str) -> Aws {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url);
    Aws::new(
        config,
        Settings { attempt_timeout: Duration::from_secs(2), permit: Permit::always(Clock::system()) },
    )
}
