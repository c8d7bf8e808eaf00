//! An operator that is started again in another Region or account: it touches nothing of what it left behind, and says so.

use std::process::Command;
use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Config, Double};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

/// The operator in this Region, whose AWS is `there`.
fn moved(stage: &Stage, there: &Double, region: &str) -> Operator {
    let url = there.url();
    let operator = Operator::start_with(stage, &[], |command: &mut Command| {
        command.env("AWS_REGION", region);
        command.env("AWS_ENDPOINT_URL_BATCH", &url).env("AWS_ENDPOINT_URL_STS", &url);
    });
    operator.wait_until_ready(SOON);
    operator
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn jobs_of_another_region_are_left_alone_until_the_operator_is_back() {
    let there = Config { region: "eu-west-1".to_owned(), ..Config::default() };
    check("moved-region", &there, ["us-east-1", "eu-west-1"]);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn jobs_of_another_account_are_left_alone_until_the_operator_is_back() {
    let there = Config { account: "210987654321".to_owned(), ..Config::default() };
    check("moved-account", &there, ["123456789012", "210987654321"]);
}

/// The message names both places.
fn check(name: &str, there: &Config, places: [&str; 2]) {
    let stage = Stage::new(name);
    stage.double.set_behaviour("long", Behaviour::forever());
    let mut operator = Operator::ready(&stage, &[]);
    stage.create("stays", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("stays", Phase::Running, SOON);
    operator.stop();
    let writes = stage.writes()["status"];

    let region = there.region.clone();
    let there = Double::start(there).unwrap();
    let mut abroad = moved(&stage, &there, &region);
    stage.kubectl(&["wait", "--for=condition=Observed=false", "bj/stays", "--timeout=20s"]).unwrap();
    let status = stage.get("stays").status.unwrap();
    let text = status.reason.unwrap();
    assert!(places.iter().all(|place| text.contains(place)), "{text}");
    assert_eq!(status.phase, Some(Phase::Running), "what is known of the job stays");
    // Another object is submitted where the operator works now.
    stage.create("goes", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("goes", Phase::Succeeded, SOON);
    stage.kubectl(&["delete", "bj", "stays", "--wait=false"]).unwrap();
    stage.wait(SOON, "the way out is named", || {
        stage.get("stays").status.unwrap().reason.unwrap().contains("kubectl patch bj stays")
    });
    let of_stays = stage.double.jobs()[0].id.clone();
    let asked = there.requests().iter().any(|request| request.body.to_string().contains(&of_stays));
    assert!(!asked && there.accepted() == 1, "nothing is asked about the job that is elsewhere");
    abroad.stop();

    let _back = Operator::ready(&stage, &[]);
    stage.kubectl(&["wait", "--for=delete", "bj/stays", "--timeout=30s"]).unwrap();
    assert_eq!((stage.double.jobs()[0].status.as_str(), stage.double.accepted()), ("FAILED", 1));
    assert!(stage.writes()["status"] > writes);
}
