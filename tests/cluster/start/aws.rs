//! AWS is not as it should be.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use batch_double::{Fault, Kind, When};
use serde_json::json;

use super::{MENDED_WITHIN, assert_patient_with_aws, wait_for_reason};
use crate::operator::Operator;
use crate::stage::Stage;

/// The credentials of containers (EKS Pod Identity, ECS), on loopback; none until told.
fn credentials() -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/credentials", listener.local_addr().unwrap());
    let are_there = Arc::new(AtomicBool::new(false));
    let told = are_there.clone();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.unwrap();
            let mut request = [0; 4096];
            let _ = socket.read(&mut request);
            let body = json!({ "AccessKeyId": "id", "SecretAccessKey": "secret", "Token": "token",
                "Expiration": "2100-01-01T00:00:00Z" })
            .to_string();
            let (status, body) =
                if told.load(Ordering::SeqCst) { ("200 OK", body) } else { ("404 Not Found", String::new()) };
            let length = body.len();
            let _ = write!(
                socket,
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    });
    (url, are_there)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn no_credentials() {
    let stage = Stage::new("start-no-credentials");
    let (url, are_there) = credentials();
    let operator = Operator::start_with(&stage, &[], |command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    });
    wait_for_reason(&operator, &["no AWS credentials", "give the operator's ServiceAccount a role"]);
    assert_patient_with_aws(&stage);
    assert_eq!(stage.double.calls(), 0);
    are_there.store(true, Ordering::SeqCst);
    operator.wait_until_ready(MENDED_WITHIN);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn expired_credentials_or_a_missing_permission() {
    let stage = Stage::new("start-denied");
    stage.double.set_faults(vec![Fault::always("*", Kind::Denied, When::Before)]);
    let operator = Operator::start(&stage, &[]);
    wait_for_reason(&operator, &["AWS denies DescribeJobs", "us-east-1", "batch:DescribeJobs"]);
    assert_patient_with_aws(&stage);
    stage.double.clear_faults();
    operator.wait_until_ready(MENDED_WITHIN);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_wrong_endpoint() {
    let mut stage = Stage::new("start-endpoint");
    stage.double.stop_listening();
    let operator = Operator::start(&stage, &[]);
    wait_for_reason(&operator, &["AWS Batch cannot be reached", "AWS_ENDPOINT_URL_BATCH"]);
    stage.double.listen_again().unwrap();
    operator.wait_until_ready(MENDED_WITHIN);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_endpoint_that_is_no_aws_batch() {
    let stage = Stage::new("start-html");
    stage.double.set_faults(vec![Fault::always("*", Kind::Html, When::Before)]);
    let operator = Operator::start(&stage, &[]);
    wait_for_reason(&operator, &["does not answer as it should", "what stands between"]);
    assert_patient_with_aws(&stage);
    stage.double.clear_faults();
    operator.wait_until_ready(MENDED_WITHIN);
}

/// A variable of the process cannot be mended from outside: it ends with a sentence, and whoever started it starts it again.
#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn no_region() {
    let stage = Stage::new("start-no-region");
    let mut operator = Operator::start_with(&stage, &[], |command| {
        command.env_remove("AWS_REGION");
    });
    let status = operator.wait_for_end();
    assert!(!status.success());
    assert!(operator.log().contains("no AWS Region: set AWS_REGION"), "{}", operator.log());
    assert_eq!(stage.double.calls(), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn times_of_the_lease_that_contradict_each_other() {
    let stage = Stage::new("start-lease");
    let mut operator = Operator::start(&stage, &["--renew-deadline", "20s"]);
    assert!(!operator.wait_for_end().success());
    let log = operator.log();
    assert!(log.contains("--renew-deadline (20s) must be shorter than --lease-duration (15s)"), "{log}");
}
