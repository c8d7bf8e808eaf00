//! What only the bytes show.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use batch_double::{Double, Fault, Kind, When};

use super::double;

/// The date of a signature made so many seconds ago.
#[allow(clippy::disallowed_methods, reason = "signatures are judged by the wall's clock")]
fn date(seconds_ago: i64) -> String {
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(seconds_ago);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Sends one request and reads until the connection ends.
pub fn exchange(double: &Double, request_line: &str, headers: &str, body: &str) -> String {
    let mut socket = TcpStream::connect(double.url().trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let length = body.len();
    let head =
        format!("{request_line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n");
    socket.write_all(format!("{head}{headers}\r\n{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    answer
}

fn submit(double: &Double, headers: &str, body: &str) -> String {
    exchange(double, "POST /v1/submitjob", headers, body)
}

fn signed(seconds_ago: i64) -> String {
    format!("authorization: AWS4-HMAC-SHA256 x\r\nx-amz-date: {}\r\n", date(seconds_ago))
}

const JOB: &str = r#"{"jobName":"job","jobQueue":"q","jobDefinition":"d"}"#;

#[test]
fn a_signature_older_than_five_minutes_is_refused() {
    let double = double();
    let answer = submit(&double, &signed(310), JOB);
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("Signature expired"), "{answer}");
    assert!(submit(&double, &signed(-310), JOB).starts_with("HTTP/1.1 403"));
    assert!(submit(&double, &signed(290), JOB).starts_with("HTTP/1.1 200"));
    assert_eq!(double.accepted(), 1);
}

#[test]
fn a_signature_is_judged_by_the_walls_clock_whatever_the_worlds() {
    let double = double();
    double.advance(Duration::from_hours(1));
    assert!(submit(&double, &signed(0), JOB).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_request_without_a_signature_is_refused() {
    let double = double();
    let answer = submit(&double, "", JOB);
    assert!(answer.contains("MissingAuthenticationTokenException"), "{answer}");
    assert_eq!(double.accepted(), 0);
}

#[test]
fn thirty_kibibytes_are_the_most() {
    let double = double();
    let body = |bytes: usize| {
        let padding = " ".repeat(bytes - JOB.len());
        format!("{JOB}{padding}")
    };
    assert!(submit(&double, &signed(0), &body(30 * 1024)).starts_with("HTTP/1.1 200"));
    let answer = submit(&double, &signed(0), &body(30 * 1024 + 1));
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("30 KiB"), "{answer}");
}

#[test]
fn what_is_no_json_or_no_operation_is_refused() {
    let double = double();
    let answer = submit(&double, &signed(0), "{");
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("SerializationException"), "{answer}");
    for request_line in ["GET /v1/submitjob", "POST /v1/registerjobdefinition"] {
        let answer = exchange(&double, request_line, &signed(0), "{}");
        assert!(answer.contains("UnknownOperationException"), "{answer}");
    }
}

#[test]
fn the_caller_is_told_whose_account_it_is() {
    let config =
        batch_double::Config { account: "210987654321".to_owned(), ..batch_double::Config::default() };
    let double = Double::start(&config).unwrap();
    let form = "Action=GetCallerIdentity&Version=2011-06-15";
    let answer = exchange(&double, "POST /", &signed(0), form);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("x-amzn-requestid: "), "{answer}");
    assert!(answer.contains("<Account>210987654321</Account>"), "{answer}");
    assert_eq!(double.count("GetCallerIdentity"), 1);
}

#[test]
fn a_truncated_answer_promises_more_than_it_brings() {
    let double = double();
    double.set_faults(vec![Fault::next("SubmitJob", Kind::Truncated, When::After, 1)]);
    let answer = submit(&double, &signed(0), JOB);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let promised = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(!body.is_empty() && body.len() < promised.parse().unwrap(), "{answer}");
}

#[test]
fn a_dropped_connection_brings_nothing() {
    let double = double();
    double.set_faults(vec![Fault::next("SubmitJob", Kind::Drop, When::After, 1)]);
    assert_eq!(submit(&double, &signed(0), JOB), "");
}

#[test]
fn a_request_that_breaks_off_does_nothing() {
    let double = double();
    let mut socket = TcpStream::connect(double.url().trim_start_matches("http://")).unwrap();
    let head = format!("POST /v1/submitjob HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n{}\r\n", signed(0));
    socket.write_all(format!("{head}{JOB}").as_bytes()).unwrap();
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    // The double has seen the end when it closes its own side.
    let _ = socket.read_to_string(&mut String::new());
    assert_eq!((double.calls(), double.accepted()), (0, 0));
}
