//! An operator that is told its account works in no other, and in none before it knows.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Config, Fault, Kind, When};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);
/// The longest pause between two questions, and what follows the answer.
const LATER: Duration = Duration::from_mins(1);

/// Waits until it is not ready for that reason, and the log says more.
fn wait_until_held_back(stage: &Stage, operator: &Operator, word: &str, told: &[&str]) {
    stage.wait(SOON, &format!("not ready: {word}"), || {
        let is_held = operator.get("/readyz").is_some_and(|(status, text)| status == 503 && text == word);
        is_held && told.iter().all(|words| operator.log().contains(words))
    });
}

/// Nothing was submitted, looked at or said of an object that waits.
fn assert_nothing_done(stage: &Stage, operator: &Operator) {
    assert_eq!(["SubmitJob", "ListJobs", "TerminateJobs"].map(|call| stage.double.count(call)), [0; 3]);
    assert!(!operator.leads(), "the Lease is left to others");
    assert_eq!(stage.writes().get("status"), None);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn nothing_is_done_in_another_account_than_the_expected_one() {
    let stage = Stage::new("account-other");
    stage.create("a", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    let operator = Operator::start(&stage, &["--expect-account", "210987654321"]);
    let told = ["of AWS account 123456789012", "--expect-account is 210987654321", "aws.accountId"];
    wait_until_held_back(&stage, &operator, "another AWS account is expected", &told);
    assert_nothing_done(&stage, &operator);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_expected_account_is_worked_in_and_named() {
    let stage =
        Stage::with("account-own", &Config { account: "210987654321".to_owned(), ..Config::default() });
    let operator = Operator::ready(&stage, &["--expect-account", "210987654321"]);
    stage.create("a", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("a", Phase::Succeeded, SOON);
    let log = operator.log();
    assert!(log.contains("working in this AWS account") && log.contains("user/double"), "{log}");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn nothing_is_done_until_aws_tells_the_account() {
    let stage = Stage::new("account-unknown");
    stage.double.set_faults(vec![Fault::always("GetCallerIdentity", Kind::ServerError, When::Before)]);
    stage.create("a", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    let operator = Operator::start(&stage, &["--expect-account", "123456789012"]);
    let told = ["AWS STS does not tell the account", "nothing is submitted or looked at"];
    wait_until_held_back(&stage, &operator, "waiting for AWS STS to tell the account", &told);
    assert_nothing_done(&stage, &operator);
    stage.double.clear_faults();
    stage.wait_for_phase("a", Phase::Succeeded, LATER);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_endpoint_that_others_can_listen_to_is_refused() {
    let stage = Stage::new("endpoint-http");
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BATCH", "AWS_ENDPOINT_URL_STS"] {
        let mut operator = Operator::start_with(&stage, &[], |command| {
            command.env(variable, "http://batch.example");
        });
        assert!(!operator.wait_for_end().success());
        let log = operator.log();
        assert!(log.contains(variable) && log.contains("must begin with https://"), "{log}");
    }
}
