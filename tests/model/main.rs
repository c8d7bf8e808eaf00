//! Every state of a small world: one object, two operators, AWS Batch, and a few faults. The operator's own planner
//! decides. The rest is a model, small enough for a complete search. `tests/sim` is the other half: there everything
//! around the planner is real too, and the paths are random.
//!
//! docs/guarantees.md says what is searched, and what is not. A broken promise is shown with a shortest path to it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

mod act;
mod aws;
mod bytes;
mod execute;
mod forget;
mod jobs;
mod judge;
mod looks;
mod make;
mod mind;
mod moves;
mod mutation;
mod next;
mod normal;
mod object;
mod observe;
mod process;
mod promises;
mod rules;
mod scene;
mod search;
mod settle;
mod time;
mod world;

use mutation::Mutation;
use promises::Promise;
use rules::{Kind, Rules};
use search::{Outcome, search};

/// Faults of networks, processes and watches.
const USUAL: &[Kind] =
    &[Kind::Wire, Kind::Answer, Kind::Write, Kind::Look, Kind::Stop, Kind::Lag, Kind::Crash];

/// A step of the clock matters when a process waits after its own call.
const STEP_AND_ANSWER: &[Kind] = &[Kind::Step, Kind::Answer];

/// Ticks of a minute, since all times of the protocol are minutes, and no fault.
const MINUTES: Rules =
    Rules { seconds: 60, faults: 0, kinds: USUAL, hides: 1, ahead: [0, 0], mutation: None };

#[test]
#[ignore = "takes minutes without optimisation: cargo xtask test"]
fn one_fault_of_any_kind() {
    let outcome = assert_kept("one fault", &Rules { faults: 1, ..MINUTES });
    // A judge that never sees a state cannot judge it.
    let reasons = [
        "Accepted",
        "Recovered",
        "Resubmitted",
        "Unconfirmed",
        "Refused",
        "JobSucceeded",
        "JobFailed",
        "Terminating",
    ];
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
fn a_manifest_that_takes_claim_and_finalizer_away() {
    assert_kept("a manifest", &Rules { faults: 1, kinds: &[Kind::Put], ..MINUTES });
}

#[test]
fn a_clock_that_steps() {
    assert_kept("a stepping clock", &Rules { faults: 1, kinds: &[Kind::Step], ..MINUTES });
}

#[test]
fn a_queue_that_is_deleted() {
    assert_kept("no queue", &Rules { faults: 1, kinds: &[Kind::Queue], ..MINUTES });
}

#[test]
#[ignore = "a larger world"]
fn calls_that_bring_no_job_and_crashes() {
    let kinds = &[Kind::Wire, Kind::Answer, Kind::Crash];
    assert_kept("calls and crashes", &Rules { faults: 2, kinds, ..MINUTES });
}

#[test]
#[ignore = "a larger world"]
fn clocks_that_step_and_any_call() {
    let kinds = &[Kind::Step, Kind::Wire, Kind::Answer];
    assert_kept("stepping clocks", &Rules { faults: 2, kinds, ..MINUTES });
}

#[test]
#[ignore = "half an hour and 5 GB in the profile `simulation`"]
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

/// The worlds of the mistakes.
const ONE_FAULT: Rules = Rules { faults: 1, ..MINUTES };
const ONE_MANIFEST: Rules = Rules { kinds: &[Kind::Put], ..ONE_FAULT };

/// The mistakes, each with a world that shows it, and with the first promise that it breaks there. Often a deletion
/// needs fewer moves to break one than a second job does.
const CAUGHT_BY: [(Mutation, Rules, Promise); 13] = [
    (Mutation::ClaimWithoutVersion, ONE_FAULT, Promise::OneJob),
    (Mutation::SendWithoutClaim, ONE_FAULT, Promise::ClaimedFirst),
    (Mutation::RetryUnclear, ONE_FAULT, Promise::OneJob),
    (Mutation::NoWindow, ONE_FAULT, Promise::NoneAfterDeletion),
    (Mutation::SignedWhenSent, ONE_FAULT, Promise::NoneAfterDeletion),
    (Mutation::ShortLife, ONE_FAULT, Promise::NoneAfterDeletion),
    (Mutation::NoLateLook, Rules { hides: 3, ..ONE_FAULT }, Promise::OneJobGoesOn),
    (Mutation::SkewedSignature, Rules { ahead: [1, -1], ..MINUTES }, Promise::NoneAfterDeletion),
    (Mutation::ShortWait, ONE_FAULT, Promise::NoneAfterDeletion),
    (Mutation::BelieveAnyNo, ONE_FAULT, Promise::NoneAfterDeletion),
    (Mutation::LostIsNone, ONE_MANIFEST, Promise::OneJob),
    (Mutation::NeverHeldAgain, ONE_MANIFEST, Promise::Held),
    (
        Mutation::MeasuredByWall,
        Rules { faults: 2, kinds: STEP_AND_ANSWER, ..MINUTES },
        Promise::NoneAfterDeletion,
    ),
];

#[test]
fn each_mistake_gives_a_counterexample() {
    for (mutation, rules, promise) in CAUGHT_BY {
        let outcome = search(&Rules { mutation: Some(mutation), ..rules });
        let (broken, way) = outcome.broken.unwrap_or_else(|| panic!("{mutation:?} breaks nothing"));
        println!("{mutation:?}: {broken:?} after {} states", outcome.states);
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
