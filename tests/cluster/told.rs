//! Events reach their reader whatever the names are, and each cause has its own.

use std::time::Duration;

use batch_double::{Fault, Kind, When};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(30);

/// The notes of all Events of this reason.
fn notes(stage: &Stage, reason: &str) -> String {
    let filter = format!("reason={reason}");
    stage
        .kubectl(&["get", "events", "--field-selector", &filter, "-o", "jsonpath={.items[*].message}"])
        .unwrap()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_longest_names_have_events_too() {
    let stage = Stage::new("long-names");
    let _operator = Operator::ready(&stage, &["--identity", &"i".repeat(253)]);
    // Cut where a name may not end.
    for name in [format!("{}-{}", "n".repeat(235), "n".repeat(17)), "n".repeat(253)] {
        let told = || {
            let events = stage.kubectl(&["get", "events", "-o", "jsonpath={.items[*].involvedObject.name}"]);
            events.unwrap().split(' ').any(|about| about == name)
        };
        assert!(!told());
        stage.create(&name, json!({ "jobQueue": "q", "jobDefinition": "quick" }));
        stage.wait(SOON, "an Event tells of it", told);
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_second_cause_of_one_reason_is_told_in_its_own_words() {
    let stage = Stage::new("second-cause");
    let refuse = |text: &str| {
        let fault = Fault::always("SubmitJob", Kind::Refused, When::Before);
        stage.double.set_faults(vec![Fault { text: Some(text.to_owned()), ..fault }]);
    };
    refuse("the first cause");
    let _operator = Operator::ready(&stage, &[]);
    stage.create("refused", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait(SOON, "the first cause is told", || notes(&stage, "Refused").contains("the first cause"));
    refuse("the second cause");
    stage.wait(SOON, "the second cause is told", || notes(&stage, "Refused").contains("the second cause"));
}
