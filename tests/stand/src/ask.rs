//! One request with JSON to a process on loopback, and its answer.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long one answer may take.
const ANSWERED_WITHIN: Duration = Duration::from_mins(2);

/// The answer to a request, whose headers end with a line break each. An error names the request and the answer.
pub fn ask(address: &str, request: &str, headers: &str, body: &str) -> Result<Value, Box<dyn Error>> {
    let mut socket = open(address, request, headers, body)?;
    let mut answer = String::new();
    let answered = socket.read_to_string(&mut answer);
    answered.map_err(|error| format!("{request}: {address} does not answer: {error}"))?;
    let (head, body) =
        answer.split_once("\r\n\r\n").ok_or_else(|| format!("{request}: {address} has answered nothing"))?;
    if !head.split(' ').nth(1).is_some_and(|status| status.starts_with('2')) {
        let line = head.lines().next().unwrap_or_default();
        return Err(format!("{request}: {line}: {}", body.trim()).into());
    }
    Ok(serde_json::from_str(body)?)
}

/// The socket of a request that is sent, before its answer. HTTP/1.0: the answer is not cut into chunks.
pub fn open(address: &str, request: &str, headers: &str, body: &str) -> Result<TcpStream, Box<dyn Error>> {
    let mut socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(ANSWERED_WITHIN))?;
    let length = body.len();
    write!(
        socket,
        "{request} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Answers one request with this, and says what was asked.
    fn answered(answer: &'static str) -> (Result<Value, Box<dyn Error>>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut asked = vec![0; 1024];
            let length = socket.read(&mut asked).unwrap();
            socket.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&asked[..length]).into_owned()
        });
        let answer = ask(&address, "POST /jobs", "Accept: application/json\r\n", "{}");
        (answer, server.join().unwrap())
    }

    #[test]
    fn headers_and_body_are_sent_and_the_answer_is_read() {
        let (answer, asked) = answered("HTTP/1.0 201 Created\r\n\r\n{\"id\": 7}");
        assert_eq!(answer.unwrap()["id"], 7);
        assert!(asked.starts_with("POST /jobs HTTP/1.0\r\n"), "{asked}");
        assert!(asked.ends_with("Content-Length: 2\r\nAccept: application/json\r\n\r\n{}"), "{asked}");
    }

    #[test]
    fn a_refusal_names_the_request_and_the_answer() {
        let (answer, _) = answered("HTTP/1.0 409 Conflict\r\n\r\nit exists");
        assert_eq!(answer.unwrap_err().to_string(), "POST /jobs: HTTP/1.0 409 Conflict: it exists");
    }
}
