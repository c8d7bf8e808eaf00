//! What etcd's own JSON gateway is asked.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, failed_to};

/// Deletes one key; an error when it was not there.
pub fn erase(port: u16, key: &str) -> Result<(), Error> {
    let answer = post(port, "/v3/kv/deleterange", &format!(r#"{{"key":"{}"}}"#, STANDARD.encode(key)))
        .map_err(failed_to("ask etcd"))?;
    if answer.contains(r#""deleted":"1""#) {
        return Ok(());
    }
    let what = format!("erase {key} from etcd: {answer}");
    Err(failed_to(&what)(std::io::Error::other("it does not say that one key was deleted")))
}

fn post(port: u16, path: &str, body: &str) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(("127.0.0.1", port))?;
    let length = body.len();
    write!(
        socket,
        "POST {path} HTTP/1.1\r\nhost: etcd\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    Ok(answer)
}
