//! The binary on a way to AWS that is not plain, and without credentials: what it sends where, and what it says.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use batch_double::{Config, Double};
use stand::Tunnel;

use crate::wire::scripted::{Answer, Scripted};

const ROLE: &str = "arn:aws:iam::123456789012:role/operator";

/// The claims `{"sub":"system:serviceaccount:batch:operator","iss":"https://oidc.example"}`, as a token has them.
const TOKEN: &str = "e30.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6YmF0Y2g6b3BlcmF0b3IiLCJpc3MiOiJodHRwczovL29pZGMuZXhhbXBsZSJ9.s";

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

/// A file of this test with a token.
fn token(name: &str) -> PathBuf {
    let file = std::env::temp_dir().join(format!("aws-batch-operator-{}-{name}", std::process::id()));
    fs::write(&file, TOKEN).unwrap();
    file
}

/// What is said of the credentials when STS answers so to whoever wants the role.
fn refused(code: &str, message: &str) -> String {
    let body = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    );
    let sts = Scripted::start(move |_| Answer(403, vec![("x-amzn-requestid", "1".to_owned())], body.clone()));
    let file = token(code);
    let text = check(
        &[
            ("AWS_ENDPOINT_URL_STS", &sts.url),
            ("AWS_ROLE_ARN", ROLE),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ],
        &[],
    );
    fs::remove_file(file).unwrap();
    text
}

#[test]
fn a_role_that_sts_refuses_is_named_with_whom_it_is_refused_to() {
    let text = refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    let who =
        format!("failed  AWS credentials: AWS STS refuses role {ROLE} to ServiceAccount batch/operator");
    assert_says(&text, &[&who, "(AccessDenied: Not authorized to perform", "trust policy"]);
    let text = refused("InvalidIdentityToken", "No OpenIDConnect provider found in your account");
    assert_says(&text, &[&who, "OIDC provider for the issuer https://oidc.example,"]);
    assert!(!text.contains("none were found"), "{text}");
}

#[test]
fn a_token_file_that_is_missing_is_named() {
    let file = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
    let text = check(&[("AWS_ROLE_ARN", ROLE), file], &[]);
    assert_says(&text, &["failed  AWS credentials: the token file /nonexistent/token", "No such file", ROLE]);
    let text = check(&[file], &[]);
    assert_says(
        &text,
        &["failed  AWS credentials", "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not"],
    );
}

#[test]
fn the_agent_of_pod_identity_is_named_with_the_file_or_the_association_that_is_missing() {
    let agent = Scripted::start(|_| Answer(404, Vec::new(), String::new()));
    let file = token("agent");
    let address = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url.as_str());
    let with = |file: &str| check(&[address, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file)], &[]);
    assert_says(&with("/nonexistent/token"), &["failed  AWS credentials: the token file /nonexistent/token"]);
    let text = with(file.to_str().unwrap());
    fs::remove_file(file).unwrap();
    assert_says(&text, &[&agent.url, "gives none to ServiceAccount batch/operator", "404", "association"]);
}

#[test]
fn nothing_that_could_give_credentials_is_said_with_the_ways_to_give_them() {
    assert_says(&check(&[], &[]), &["failed  AWS credentials: none were found", "IRSA or EKS Pod Identity"]);
}
