//! What a process of this test does in its namespace: serve, or submit when told.

use std::io::{BufRead, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use aws_batch_operator::app::environment::Environment;
use aws_batch_operator::aws::sdk::{Aws, Endpoints, Proxies, Settings, http_client};
use aws_batch_operator::aws::{Batch, Permit};
use aws_batch_operator::clock::{self, Clock};
use aws_batch_operator::job::JobId;
use jiff::SignedDuration;

use crate::wire::scripted::read;
use crate::wire::{config, minimal};

/// The role, the address and the timeout in milliseconds.
pub const ROLE: &str = "BATCH_NETNS_ROLE";

#[test]
#[ignore = "a part that other tests start"]
fn play() {
    let Ok(role) = std::env::var(ROLE) else { return };
    match role.split(' ').collect::<Vec<_>>()[..] {
        ["server", address, _] => serve(address),
        ["client", address, timeout] => {
            submit(&format!("http://{address}"), Proxies::default(), millis(timeout));
        }
        ["client-of-proxy", address, timeout] => {
            let environment = Environment { http_proxy: Some(address.to_owned()), ..Environment::default() };
            submit("http://batch.invalid", Proxies::new(&environment).unwrap(), millis(timeout));
        }
        _ => panic!("{role} is no role"),
    }
}

fn millis(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap())
}

/// Answers DescribeJobs, says what came, and says nothing to a SubmitJob. As a proxy, it is itself at the end of its tunnels.
fn serve(address: &str) {
    let listener = TcpListener::bind(address).unwrap();
    println!("listening");
    for socket in listener.incoming().flatten() {
        std::thread::spawn(move || answer(&socket));
    }
}

fn answer(mut socket: &TcpStream) {
    while let Some(asked) = read(socket) {
        if asked.path == "/v1/submitjob" {
            println!("SubmitJob came");
            continue;
        }
        if !asked.path.starts_with('/') {
            println!("a tunnel to {}", asked.path);
            let _ = socket.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n");
            continue;
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-amzn-requestid: 1";
        let _ = write!(socket, "{head}\r\ncontent-length: 11\r\n\r\n{{\"jobs\":[]}}");
    }
}

fn submit(url: &str, proxies: Proxies, attempt_timeout: Duration) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let http = http_client(attempt_timeout, Some(Vec::new()), Endpoints::Any, proxies);
    let settings = Settings { attempt_timeout, permit: Permit::always(Clock::system()) };
    let aws = Aws::new(config(url).http_client(http), settings);
    runtime.block_on(aws.describe(&[JobId::nobody()])).unwrap();
    println!("connected");
    for _ in std::io::stdin().lock().lines().map_while(Result::ok) {
        let permit = Permit::always(Clock::system()).until(clock::now() + SignedDuration::from_secs(5));
        let fault = runtime.block_on(aws.submit(&minimal(), permit)).unwrap_err();
        println!("ended {:?}, answered: {}", fault.kind, fault.answered);
    }
}
