//! A double that comes and goes, and who waits for it.

use std::net::TcpStream;
use std::time::Duration;

use aws_sdk_batch::error::SdkError;
use batch_double::{Config, Double};

use super::{client, double, submit};

#[tokio::test]
async fn a_double_that_stops_refuses_connections_and_comes_back_with_all_its_jobs() {
    let mut double = double();
    let old = client(&double);
    submit(&old).await.unwrap();
    double.stop_listening();
    let refused = submit(&client(&double)).await;
    assert!(matches!(&refused, Err(SdkError::DispatchFailure(error)) if error.is_io()), "{refused:?}");
    let cut = submit(&old).await;
    assert!(matches!(&cut, Err(SdkError::DispatchFailure(_))), "open connections are closed: {cut:?}");
    double.listen_again().unwrap();
    submit(&old).await.unwrap();
    assert_eq!((double.accepted(), double.calls()), (2, 2));
}

#[test]
fn a_double_that_is_dropped_frees_its_port() {
    let double = double();
    let address = double.url().trim_start_matches("http://").to_owned();
    drop(double);
    assert!(TcpStream::connect(&address).is_err());
    Double::start(&Config { listen: address, ..Config::default() }).unwrap();
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let double = double();
    let listen = double.url().trim_start_matches("http://").to_owned();
    assert!(Double::start(&Config { listen, ..Config::default() }).is_err());
}

#[tokio::test]
async fn who_waits_is_told_when_it_is_so_and_when_it_is_not() {
    let double = double();
    let no_time = Duration::ZERO;
    assert!(!double.wait_for_requests("SubmitJob", 1, no_time));
    submit(&client(&double)).await.unwrap();
    assert!(double.wait_for_requests("SubmitJob", 1, no_time));
    let is_running = |jobs: &[batch_double::JobView]| jobs.iter().all(|job| job.status == "RUNNING");
    assert!(double.wait_for_jobs(Duration::from_secs(5), is_running));
}

#[tokio::test]
async fn a_call_takes_as_long_as_it_is_told_to() {
    let config = Config { delay_ms: 2_000, ..Config::default() };
    let double = Double::start(&config).unwrap();
    assert!(matches!(submit(&client(&double)).await, Err(SdkError::TimeoutError(_))));
}
