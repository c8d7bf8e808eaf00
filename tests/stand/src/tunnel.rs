//! An HTTP proxy that opens tunnels, by CONNECT and by nothing else, and remembers where each one was to lead.

use std::io::{BufRead, BufReader, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A listening proxy, for as long as the test runs.
pub struct Tunnel {
    /// Where it listens.
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Tunnel {
    /// Leads each tunnel to where `lead` says by the name that was asked for; `None`: refuses it.
    pub fn start(lead: impl Fn(&str) -> Option<SocketAddr> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (lead, asked) = (Arc::new(lead), Arc::<Mutex<Vec<Vec<String>>>>::default());
        let heard = asked.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (lead, heard) = (lead.clone(), heard.clone());
                std::thread::spawn(move || open(&socket, &*lead, &heard));
            }
        });
        Self { address, asked }
    }

    /// The heads of the requests that came: the line, and the headers.
    pub fn asked(&self) -> Vec<Vec<String>> {
        self.asked.lock().unwrap().clone()
    }

    /// The requests without their headers, each once.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<_> = self.asked().into_iter().filter_map(|head| head.into_iter().next()).collect();
        lines.sort();
        lines.dedup();
        lines
    }
}

fn open(mut socket: &TcpStream, lead: &dyn Fn(&str) -> Option<SocketAddr>, heard: &Mutex<Vec<Vec<String>>>) {
    let lines = BufReader::new(socket).lines().map_while(Result::ok);
    let request: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    let Some(line) = request.first().cloned() else { return };
    heard.lock().unwrap().push(request);
    let asked = line.strip_prefix("CONNECT ").and_then(|rest| rest.strip_suffix(" HTTP/1.1"));
    let Some(other) = asked.and_then(lead).and_then(|address| TcpStream::connect(address).ok()) else {
        let _ = socket.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n");
        return;
    };
    let _ = socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
    std::thread::scope(|scope| {
        scope.spawn(|| pass(socket, &other));
        pass(&other, socket);
    });
}

/// Until one side closes.
fn pass(mut from: &TcpStream, mut to: &TcpStream) {
    let _ = copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
