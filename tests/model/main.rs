//! Every state of a small world: one object, two operators, AWS Batch, and a few faults. The operator's own planner
//! decides; what is around it is a model, small enough to be searched to its end. `tests/sim` is the other half: there
//! everything around the planner is real, too, and chance leads the way.
//!
//! What is searched, and what is left out, stands in docs/guarantees.md. A promise that is broken is shown with a shortest
//! way that leads there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

mod aws;
mod bytes;
mod execute;
mod looks;
mod make;
mod mind;
mod moves;
mod mutation;
mod normal;
mod object;
mod process;
mod promises;
mod rules;
mod scene;
mod search;
mod settle;
mod world;

use mutation::Mutation;
use promises::Promise;
use rules::Rules;
use search::{Outcome, search};

/// Ticks of a minute, as all lengths of the protocol are minutes, and no fault.
const MINUTES: Rules = Rules { seconds: 60, faults: 0, hides: 1, ahead: [0, 0], mutation: None };

#[test]
fn one_fault_of_any_kind() {
    let outcome = assert_kept("one fault", &Rules { faults: 1, ..MINUTES });
    // A judge of states that are never reached is none.
    let reasons =
        ["Accepted", "Recovered", "Resubmitted", "Unconfirmed", "JobSucceeded", "JobFailed", "Terminating"];
    let missed: Vec<_> = reasons.iter().filter(|reason| !outcome.reasons.contains(**reason)).collect();
    assert!(missed.is_empty(), "no state says {missed:?}");
    assert!(outcome.states > 500_000, "the world has shrunk to {} states", outcome.states);
}

#[test]
fn ticks_of_half_a_minute() {
    assert_kept("half minutes", &Rules { seconds: 30, hides: 2, ..MINUTES });
}

#[test]
fn clocks_that_are_a_minute_wrong() {
    assert_kept("wrong clocks", &Rules { ahead: [1, -1], ..MINUTES });
}

#[test]
fn a_job_that_hides_longer_than_the_window_is_ended() {
    assert_kept("hiding jobs", &Rules { hides: 3, ..MINUTES });
}

#[test]
#[ignore = "six minutes and 3 GB in the profile `simulation`"]
fn two_faults_of_any_kinds() {
    assert_kept("two faults", &Rules { faults: 2, ..MINUTES });
}

#[test]
#[ignore = "half a minute in the profile `simulation`"]
fn clocks_that_are_a_minute_wrong_and_one_fault() {
    assert_kept("wrong clocks, one fault", &Rules { faults: 1, ahead: [1, -1], ..MINUTES });
}

#[test]
#[ignore = "two minutes in the profile `simulation`"]
fn a_job_that_hides_longer_than_the_window_and_one_fault() {
    assert_kept("hiding jobs, one fault", &Rules { faults: 1, hides: 3, ..MINUTES });
}

/// The mistakes, each with the first promise that it breaks.
const CAUGHT_BY: [(Mutation, Promise); 7] = [
    (Mutation::ClaimWithoutVersion, Promise::OneJob),
    (Mutation::SendWithoutClaim, Promise::ClaimedFirst),
    (Mutation::RetryUnclear, Promise::OneJob),
    (Mutation::NoWindow, Promise::OneJob),
    (Mutation::SignedWhenSent, Promise::OneJob),
    (Mutation::ShortLife, Promise::OneJob),
    (Mutation::NoLateLook, Promise::OneJobGoesOn),
];

#[test]
fn each_mistake_gives_a_counterexample() {
    for (mutation, promise) in CAUGHT_BY {
        let hides = if mutation == Mutation::NoLateLook { 3 } else { 1 };
        let outcome = search(&Rules { faults: 1, hides, mutation: Some(mutation), ..MINUTES });
        let (broken, way) = outcome.broken.unwrap_or_else(|| panic!("{mutation:?} breaks nothing"));
        assert_eq!(broken, promise, "{mutation:?}:\n{}", way.join("\n"));
    }
}

#[track_caller]
fn assert_kept(name: &str, rules: &Rules) -> Outcome {
    let outcome = search(rules);
    let Outcome { states, moves, depth, situations, .. } = outcome;
    println!("{name}: {states} states, {moves} moves, {depth} deep, {situations} situations for the planner");
    if let Some((promise, way)) = &outcome.broken {
        panic!("{name}: {promise:?} is broken\n{}", way.join("\n"));
    }
    outcome
}
