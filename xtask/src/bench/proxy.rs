//! The way to the API server without TLS: `kubectl proxy`, whose own work is not measured.

use std::fs::File;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use controlplane::{ControlPlane, Tether, free_port};
use serde_json::Value;

use crate::run::Failure;

/// How long the proxy may take to listen.
const LISTENING_WITHIN: Duration = Duration::from_secs(20);
/// The headers of a request.
const JSON: &str = "Accept: application/json\r\nContent-Type: application/json\r\n";
/// The headers of one that asks for metadata.
const METADATA: &str = "Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1\r\n";

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

    /// PUT.
    pub fn put(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.ask("PUT", path, &body.to_string())
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Result<Value, Failure> {
        self.ask("DELETE", path, "")
    }

    /// A GET that goes on, such as a watch. Of each object only the metadata come.
    pub fn stream(&self, path: &str) -> Result<TcpStream, Failure> {
        stand::open(&self.address(), &format!("GET {path}"), METADATA, "")
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn ask(&self, verb: &str, path: &str, body: &str) -> Result<Value, Failure> {
        stand::ask(&self.address(), &format!("{verb} {path}"), JSON, body)
    }
}
