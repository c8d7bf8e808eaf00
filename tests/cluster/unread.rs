//! AWS lets nobody look at jobs for a while: the objects say so, once.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Fault, Kind, When};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(40);
/// A minute of failures, and the longest pause of the tracker.
const TOLD_WITHIN: Duration = Duration::from_mins(3);

fn observed(stage: &Stage, name: &str) -> Option<Condition> {
    let conditions = stage.get(name).status?.conditions;
    conditions.into_iter().find(|condition| condition.type_ == "Observed")
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn looks_that_aws_denies_are_told_after_a_minute_and_the_word_goes_by_itself() {
    let stage = Stage::new("unread");
    stage.double.set_behaviour("long", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);
    for name in ["a", "b"] {
        stage.create(name, json!({ "jobQueue": "q", "jobDefinition": "long" }));
        stage.wait_for_phase(name, Phase::Running, SOON);
    }
    stage.double.set_faults(vec![Fault::always("DescribeJobs", Kind::Denied, When::Before)]);
    stage.wait(TOLD_WITHIN, "both say that nobody can look", || {
        ["a", "b"].into_iter().all(|name| observed(&stage, name).is_some())
    });
    let told = observed(&stage, "a").unwrap();
    assert_eq!((told.status.as_str(), told.reason.as_str()), ("False", "AccessDenied"));
    assert_eq!(stage.get("a").status.unwrap().phase, Some(Phase::Running));
    let events = || {
        let events = ["get", "events", "--field-selector=reason=AccessDenied", "-o", "name"];
        stage.kubectl(&events).unwrap().lines().count()
    };
    // An Event follows its status.
    stage.wait(SOON, "both have an Event", || events() >= 2);
    assert_eq!(events(), 2, "one for each object");
    stage.double.set_faults(vec![]);
    stage.wait(TOLD_WITHIN, "the word goes", || {
        ["a", "b"].into_iter().all(|name| observed(&stage, name).is_none())
    });
}
