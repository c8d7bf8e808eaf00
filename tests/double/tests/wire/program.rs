//! The double as a program.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn the_program_prints_where_it_listens_on_one_line() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_batch-double"))
        .args(["--queue", "q", "--definition", "d", "--limit", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address = url.trim().strip_prefix("http://").unwrap();
    let is_reachable = std::net::TcpStream::connect(address).is_ok();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(is_reachable);
}

#[test]
fn the_program_says_when_it_cannot_listen() {
    let output =
        Command::new(env!("CARGO_BIN_EXE_batch-double")).args(["--listen", "nowhere"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("failed to listen on nowhere"));
}
