//! Every way in which AWS's answer can fail, before and after it did its work: each object ends with exactly one job.

use std::time::Duration;

use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{HASTY, Stage};

const OBJECTS: usize = 40;

/// A fifth of all SubmitJob calls suffers so.
fn check(name: &str, kind: Kind) {
    for when in [When::Before, When::After] {
        let stage = Stage::hasty(&format!("fault-{name}-{when:?}").to_lowercase());
        stage.double.set_behaviour("long", Behaviour::forever());
        stage.double.set_faults(vec![Fault::sometimes("SubmitJob", kind, when, 0.2)]);
        let flags = [&["--attempt-timeout", "2s", "--read-rate", "40"][..], &HASTY].concat();
        let _operator = Operator::ready(&stage, &flags);
        stage.create_many(OBJECTS, &json!({ "jobQueue": "HighPriority", "jobDefinition": "long" }));
        stage.wait_until_submitted(OBJECTS, Duration::from_secs(90));
        let struck =
            stage.double.requests().iter().filter(|r| r.outcome.starts_with(&format!("{kind:?}"))).count();
        assert!(struck > 0, "{kind:?} {when:?} never struck");
        stage.assert_exactly_once();
    }
}

macro_rules! faults {
    ($($test:ident: $kind:ident,)*) => {
        $(
            #[test]
            #[ignore = "needs a control plane: cargo xtask test"]
            fn $test() {
                check(&stringify!($test).replace('_', "-"), Kind::$kind);
            }
        )*
    };
}

faults! {
    internal_error_500: ServerError,
    unavailable_503: Unavailable,
    dropped_connection: Drop,
    truncated_answer: Truncated,
    empty_answer: Empty,
    html_answer: Html,
    hanging_answer: Hang,
    middlebox_400: RefusedBare,
    middlebox_403: DeniedBare,
    middlebox_429: ThrottledBare,
}

/// AWS says that it did not take the job, so only "before" can be honest.
fn check_refusal(name: &str, kind: Kind) {
    let stage = Stage::new(name);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.double.set_faults(vec![Fault::sometimes("SubmitJob", kind, When::Before, 0.2)]);
    let _operator = Operator::ready(&stage, &[]);
    stage.create_many(OBJECTS, &json!({ "jobQueue": "HighPriority", "jobDefinition": "long" }));
    stage.wait_until_submitted(OBJECTS, Duration::from_secs(90));
    stage.assert_exactly_once();
    assert_eq!(stage.double.count("ListJobs"), 0, "what was surely not accepted needs no look");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn throttling_and_denial_are_tried_again() {
    check_refusal("throttled", Kind::Throttled);
    check_refusal("denied", Kind::Denied);
}
