//! The operator in a world of chance: its real planner and executor, an API server and an AWS Batch in memory, virtual
//! time, and every fault that a distributed system knows. One seed is one run, and the same seed is the same run.
//!
//! `SIMULATION_SEED=42 cargo test --test sim one_seed -- --ignored --nocapture` prints the history of one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

mod api;
mod aws;
mod chaos;
mod dice;
mod features;
mod feed;
mod job;
mod link;
mod mutation;
mod oracle;
mod port;
mod replica;
mod rest;
mod run;
mod sdk;
mod store;
mod told;
mod user;
mod walk;
mod wire;
mod world;

use std::collections::BTreeSet;

use mutation::Mutation;
use run::{Run, first_broken};

#[test]
fn a_thousand_worlds_keep_every_promise() {
    assert_kept(0..1_000);
}

#[test]
#[ignore = "takes minutes: cargo xtask simulate"]
#[allow(clippy::disallowed_methods, reason = "how many is given by the task")]
fn many_worlds_keep_every_promise() {
    assert_kept(0..std::env::var("SIMULATION_WORLDS").unwrap().parse().unwrap());
}

/// What a judge never sees he cannot judge.
#[test]
fn the_walk_gets_everywhere() {
    let worlds = (1..400).step_by(2).map(|seed| Run { seed, mutation: None, with_history: false }.go());
    let reached: BTreeSet<String> = worlds.flat_map(|outcome| outcome.reached).collect();
    let reasons = [
        "Suspended",
        "Resumed",
        "AlreadySubmitted",
        "WaitingForDependencies",
        "DependencyFailed",
        "QueueDeadlineExceeded",
        "DeadlineExceeded",
        "CannotAdopt",
        "SubmissionUnknown",
        "JobVanished",
        "Recovered",
        "Resubmitted",
        "Misconfiguration",
        "Capacity",
    ];
    let deeds = [
        "deleted by the operator",
        "follows an adopted job",
        "managed by another",
        "failed children",
        "told by its main node",
        "waited in AWS",
        "failed in AWS with what it waited for",
        "tampered with",
        "terminated",
        "cancelled",
    ];
    let missed: Vec<_> = reasons.iter().chain(&deeds).filter(|word| !reached.contains(**word)).collect();
    assert!(missed.is_empty(), "no world of these gets to {missed:?}");
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in 0..20 {
        let history = || Run { seed, mutation: None, with_history: true }.go().history;
        assert_eq!(history(), history(), "seed {seed}");
    }
}

/// The list of mistakes, each with a seed that catches it.
const CAUGHT_BY: [(Mutation, u64); 9] = [
    (Mutation::ClaimWithoutVersion, 0),
    (Mutation::SendWithoutClaim, 0),
    (Mutation::RetryUnclear, 9),
    (Mutation::AdoptByName, 47),
    (Mutation::NoWindow, 9),
    (Mutation::StatusWithoutVersion, 4332),
    (Mutation::SignedWhenSent, 214),
    (Mutation::NoLateSweep, 42),
    (Mutation::TornLetGo, 71),
];

#[test]
fn each_mistake_is_caught() {
    for mutation in Mutation::ALL {
        let (_, seed) = CAUGHT_BY.iter().find(|(caught, _)| *caught == mutation).unwrap();
        let outcome = Run { seed: *seed, mutation: Some(mutation), with_history: false }.go();
        assert!(!outcome.broken.is_empty(), "{mutation:?} is not caught by seed {seed}");
    }
}

/// Finds the seeds for the list above.
#[test]
#[ignore = "for whoever changes the simulation: prints the list of mistakes anew"]
fn find_the_seeds_that_catch_each_mistake() {
    for mutation in Mutation::ALL {
        let found = first_broken(0..20_000, Some(mutation));
        println!("(Mutation::{mutation:?}, {found:?}),");
    }
}

#[test]
#[ignore = "prints the history of SIMULATION_SEED"]
#[allow(clippy::disallowed_methods, reason = "a seed to be looked at is given by hand")]
fn one_seed() {
    let seed = std::env::var("SIMULATION_SEED").unwrap().parse().unwrap();
    let outcome = Run { seed, mutation: None, with_history: true }.go();
    println!("{}", outcome.history.join("\n"));
    assert!(outcome.broken.is_empty(), "{:#?}", outcome.broken);
}

#[track_caller]
fn assert_kept(seeds: std::ops::Range<u64>) {
    if let Some(seed) = first_broken(seeds, None) {
        let outcome = Run { seed, mutation: None, with_history: true }.go();
        panic!("seed {seed}:\n{}\n{:#?}", outcome.history.join("\n"), outcome.broken);
    }
}
