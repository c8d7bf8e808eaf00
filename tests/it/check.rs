//! AWS's half of `aws-batch-operator check`, by the binary. The cluster's half needs one: `tests/cluster/check.rs`.

use std::process::Command;

use aws_batch_operator::clock;
use batch_double::{Config, Double};
use jiff::SignedDuration;
use jiff::fmt::strtime;

use crate::wire::identity::caller;
use crate::wire::scripted::{Answer, Scripted};

/// What `check` says of AWS where Batch and STS are at these addresses.
fn check(batch: &str, sts: &str) -> Vec<String> {
    check_with(batch, sts, &[])
}

/// The same with more flags.
fn check_with(batch: &str, sts: &str, flags: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_aws-batch-operator"))
        .arg("check")
        .args(flags)
        .env_clear()
        .env("KUBECONFIG", "/nowhere")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL_BATCH", batch)
        .env("AWS_ENDPOINT_URL_STS", sts)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter(|line| !line.contains("API server")).map(str::to_owned).collect()
}

#[track_caller]
fn assert_says(lines: &[String], begins: &str, what: &str) {
    assert!(
        lines.iter().any(|line| line.starts_with(begins) && line.contains(what)),
        "{begins}…{what}: {lines:#?}"
    );
}

#[test]
fn the_account_the_clock_and_the_life_of_a_signature_are_told() {
    let (double, sts) =
        (Double::start(&Config::default()).unwrap(), Scripted::start(|_| caller("123456789012")));
    let lines = check(&double.url(), &sts.url);
    assert_says(&lines, "ok      AWS account: 123456789012", "");
    assert_says(&lines, "ok      AWS Region: us-east-1", "");
    assert_says(&lines, "ok      clock: within", "");
    assert_says(&lines, "ok      AWS signature: refused after 5m 30s", "");
    assert!(lines.iter().all(|line| line.starts_with("ok")), "{lines:#?}");
}

#[test]
fn an_account_that_nobody_tells_is_said_and_is_no_failure() {
    let double = Double::start(&Config::default()).unwrap();
    let sts = Scripted::start(|_| Answer(403, Vec::new(), String::new()));
    let lines = check(&double.url(), &sts.url);
    assert_says(&lines, "ok      AWS account: not known", "another account");
    assert!(lines.iter().all(|line| line.starts_with("ok")), "{lines:#?}");
}

#[test]
fn an_aws_that_takes_old_signatures_fails_with_what_it_means() {
    let double = Double::start(&Config { fresh_ms: 900_000, ..Config::default() }).unwrap();
    let sts = Scripted::start(|_| caller("123456789012"));
    assert_says(&check(&double.url(), &sts.url), "failed  AWS signature", "--signature-life");
}

#[test]
fn a_clock_that_is_two_minutes_off_fails() {
    let ahead = clock::now() + SignedDuration::from_mins(2);
    let date = strtime::format("%a, %d %b %Y %H:%M:%S GMT", ahead).unwrap();
    let batch = Scripted::start(move |_| {
        let headers = vec![("date", date.clone()), ("x-amzn-requestid", "1".to_owned())];
        Answer(200, headers, r#"{"jobs":[],"jobSummaryList":[]}"#.to_owned())
    });
    let sts = Scripted::start(|_| caller("123456789012"));
    assert_says(&check(&batch.url, &sts.url), "failed  clock", "behind AWS's");
}

#[test]
fn another_account_than_the_expected_one_fails_and_so_does_an_unknown_one() {
    let double = Double::start(&Config::default()).unwrap();
    let expected = ["--expect-account", "210987654321"];
    let other = Scripted::start(|_| caller("123456789012"));
    let lines = check_with(&double.url(), &other.url, &expected);
    assert_says(&lines, "failed  AWS account: 123456789012", "--expect-account is 210987654321");
    let silent = Scripted::start(|_| Answer(403, Vec::new(), String::new()));
    assert_says(&check_with(&double.url(), &silent.url, &expected), "failed  AWS account", "not known");
}

#[test]
fn an_endpoint_in_clear_is_refused_by_its_name() {
    let lines = check("https://batch.example", "http://sts.example");
    assert_says(&lines, "failed  way to AWS", "AWS_ENDPOINT_URL_STS");
    assert!(lines.iter().all(|line| !line.contains("credentials")), "nothing was sent: {lines:#?}");
}
