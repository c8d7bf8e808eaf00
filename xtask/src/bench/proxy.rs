//! The way to the API server without TLS: `kubectl proxy`, whose own work is not measured.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use controlplane::{ControlPlane, Tether, free_port};
use serde_json::Value;

use crate::run::Failure;

/// How long the proxy may take to listen.
const LISTENING_WITHIN: Duration = Duration::from_secs(20);
/// How long one answer may take.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// A running proxy.
pub struct Proxy {
    port: u16,
    _process: Tether,
}

impl Proxy {
    /// Starts one.
    pub fn start(plane: &ControlPlane) -> Result<Self, Failure> {
        let port = free_port();
        let log = File::create(plane.dir().join("proxy.log"))?;
        let process = Tether::run(&plane.kubectl(&["proxy", &format!("--port={port}")]), &log)?;
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begun.elapsed() > LISTENING_WITHIN {
                return Err("kubectl proxy does not listen".into());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(Self { port, _process: process })
    }

    /// POST.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.ask("POST", path, &body.to_string())
    }

    /// GET.
    pub fn get(&self, path: &str) -> Result<Value, Failure> {
        self.ask("GET", path, "")
    }

    /// HTTP/1.0: the answer comes in one piece and ends with the connection.
    fn ask(&self, verb: &str, path: &str, body: &str) -> Result<Value, Failure> {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port))?;
        socket.set_read_timeout(Some(ANSWERED_WITHIN))?;
        let length = body.len();
        write!(
            socket,
            "{verb} {path} HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("the proxy has answered nothing")?;
        if !head.split(' ').nth(1).is_some_and(|status| status.starts_with('2')) {
            let line = head.lines().next().unwrap_or_default();
            return Err(format!("{verb} {path}: {line}: {}", body.trim()).into());
        }
        Ok(serde_json::from_str(body)?)
    }
}
