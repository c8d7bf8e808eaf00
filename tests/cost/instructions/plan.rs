//! Passes: what is known is recalled, and the planner answers.

use aws_batch_operator::plan::{Plan, Step};

use crate::life::Life;
use crate::work::repeat;

fn hundred_passes(life: &Life, is_expected: impl Fn(&Plan) -> bool) {
    assert!(is_expected(&life.pass()), "{:#?}", life.pass());
    repeat(|| (), |()| (0..100).map(|_| life.pass()).filter(|plan| is_expected(plan)).count());
}

#[test]
fn hundred_passes_over_a_new_object() {
    hundred_passes(&Life::new(), |plan| matches!(plan.step, Step::Submit(_)));
}

#[test]
fn hundred_passes_over_a_running_job() {
    hundred_passes(&Life::running(), |plan| plan.status.is_none() && plan.follow.is_some());
}

#[test]
fn hundred_passes_that_tell_the_end_of_a_job() {
    hundred_passes(&Life::ended(), |plan| plan.status.is_some());
}

#[test]
fn hundred_passes_over_a_finished_object() {
    hundred_passes(&Life::finished(), |plan| plan.status.is_none() && plan.follow.is_none());
}
