//! The binary on a way to AWS that is not plain: what it sends where, and what it says.

use std::net::SocketAddr;
use std::process::Command;

use batch_double::{Config, Double};

use crate::wire::tunnel::Tunnel;

/// What `check` says in this environment, and in no other.
fn check(environment: &[(&str, &str)], flags: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-batch-operator"));
    command.arg("check").args(flags).env_clear().env("KUBECONFIG", "/nowhere").env("AWS_REGION", "us-east-1");
    command.env("AWS_EC2_METADATA_DISABLED", "true").envs(environment.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[track_caller]
fn assert_says(text: &str, words: &[&str]) {
    let line = text.lines().find(|line| words.iter().all(|word| line.contains(word)));
    assert!(line.is_some(), "no line has {words:?}: {text}");
}

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret")];

/// AWS Batch under a name that only the proxy knows.
fn through(proxy: &Tunnel, more: &[(&str, &str)]) -> String {
    let address = format!("http://{}", proxy.address);
    let endpoints = [
        ("AWS_ENDPOINT_URL", "http://aws.invalid"),
        ("AWS_ENDPOINT_URL_STS", "http://sts.invalid"),
        ("http_proxy", address.as_str()),
    ];
    check(
        &[&endpoints, &KEYS[..], more].concat(),
        &["--allow-insecure-endpoint", "--expect-account=123456789012"],
    )
}

fn proxy_to(double: &Double) -> Tunnel {
    let to: SocketAddr = double.url().strip_prefix("http://").unwrap().parse().unwrap();
    Tunnel::start(move |_| Some(to))
}

#[test]
fn both_services_are_reached_through_the_proxy_of_the_environment() {
    let double = Double::start(&Config::default()).unwrap();
    let proxy = proxy_to(&double);
    let text = through(&proxy, &[]);
    assert_says(&text, &["ok      batch:DescribeJobs: allowed"]);
    assert_eq!(proxy.lines(), ["CONNECT aws.invalid:80 HTTP/1.1", "CONNECT sts.invalid:80 HTTP/1.1"]);
}

#[test]
fn no_proxy_keeps_a_service_away_from_the_proxy() {
    let double = Double::start(&Config::default()).unwrap();
    let proxy = proxy_to(&double);
    let text = through(&proxy, &[("NO_PROXY", "10.0.0.0/8,.aws.invalid"), ("no_proxy", "sts.invalid")]);
    assert_says(&text, &["failed  batch:DescribeJobs", "NO_PROXY"]);
    assert_eq!(proxy.lines(), ["CONNECT sts.invalid:80 HTTP/1.1"], "the first spelling holds");
}

#[test]
fn a_proxy_or_a_bundle_that_is_none_is_named_before_anything_is_sent() {
    let bundle = [("AWS_CA_BUNDLE", "/nonexistent/ca.pem")];
    assert_says(
        &check(&bundle, &[]),
        &["failed  way to AWS: AWS_CA_BUNDLE (/nonexistent/ca.pem) cannot be read"],
    );
    let proxy = [("https_proxy", "socks5://user:secret@proxy")];
    let text = check(&proxy, &[]);
    assert_says(&text, &["failed  way to AWS: HTTPS_PROXY", "http://proxy.example:3128"]);
    assert!(!text.contains("secret"), "{text}");
}
