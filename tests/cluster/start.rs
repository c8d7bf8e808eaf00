//! Bad worlds at the start: not ready, the reason and the way out in the log, nothing spins, and it
//! recovers by itself once the world is mended.

mod aws;
mod kubernetes;
pub mod permissions;
mod work;

use std::time::{Duration, Instant};

use crate::operator::Operator;
use crate::stage::Stage;

/// How long calls are counted.
const COUNTED: Duration = Duration::from_secs(6);
/// How long it may take to notice that the world was mended: the longest pause between two tries, and one try.
const MENDED_WITHIN: Duration = Duration::from_secs(45);

/// Waits until it is not ready and the log says why. The port says it in a few words, without names.
fn wait_for_reason(operator: &Operator, words: &[&str]) {
    let says = |text: &str| words.iter().all(|word| text.contains(word));
    let readiness = || operator.get("/readyz").filter(|(status, _)| *status == 503);
    let begun = Instant::now();
    while !(readiness().is_some_and(|(_, why)| why.len() < 60) && says(&operator.log())) {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it does not say {words:?} but {:?}\n{}",
            operator.get("/readyz"),
            operator.log()
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Fails when more calls of AWS are made within a while than a patient program makes.
fn assert_patient_with_aws(stage: &Stage) {
    let before = stage.double.calls();
    std::thread::sleep(COUNTED);
    let calls = stage.double.calls() - before;
    assert!(calls <= 5, "{calls} calls of AWS in {COUNTED:?}");
}
