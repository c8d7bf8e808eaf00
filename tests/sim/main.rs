//! The operator in simulated worlds: its real planner and executor, an API server and an AWS Batch in memory, virtual
//! time, and the faults of a distributed system. One seed determines one run.
//!
//! `SIMULATION_SEED=42 cargo test --test sim one_seed -- --ignored --nocapture` prints the history of one run.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]

mod api;
mod aws;
mod chaos;
mod conditions;
mod deadlines;
mod dice;
mod door;
mod doubts;
mod features;
mod feed;
mod job;
mod lines;
mod link;
mod mutation;
mod object;
mod oracle;
mod ownership;
mod port;
mod recent;
mod replica;
mod rest;
mod rights;
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
use run::{Run, first_broken, name_broken};

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
    let worlds = (1..1_000).step_by(2).map(|seed| Run { seed, mutation: None, with_history: false }.go());
    let reached: BTreeSet<String> = worlds.flat_map(|outcome| outcome.reached).collect();
    let wanted = REASONS.iter().chain(&DEEDS).chain(&CONDITIONS);
    let missed: Vec<_> = wanted.filter(|word| !reached.contains(**word)).collect();
    assert!(missed.is_empty(), "no world of these gets to {missed:?}");
}

const REASONS: [&str; 15] = [
    "Suspended",
    "Resumed",
    "AlreadySubmitted",
    "WaitingForDependencies",
    "DependencyFailed",
    "QueueDeadlineExceeded",
    "DeadlineExceeded",
    "SubmitDeadlineExceeded",
    "CannotAdopt",
    "SubmissionUnknown",
    "JobVanished",
    "Recovered",
    "Resubmitted",
    "Misconfiguration",
    "Capacity",
];

const DEEDS: [&str; 13] = [
    "a job id written into a status",
    "another job to adopt",
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
    "tried again past its queue deadline",
];

const CONDITIONS: [&str; 22] = [
    "sent after more than a day",
    "a job that runs for more than a day",
    "a request that is taken later than the window",
    "a clock that steps",
    "ListJobs is refused",
    "ListJobs is denied",
    "a stranger's job that is not told of for an hour",
    "DescribeJobs leaves out a job",
    "a claim taken away by a manifest",
    "a finalizer taken away by a manifest",
    "a status that may not be written",
    "a write that is not allowed",
    "a finalizer that may not be written",
    "a read that is older than one before",
    "tags that lag behind their job",
    "done, and refused on the way back",
    "an answer that is not whole",
    "another account",
    "the end of one job is refused",
    "an end that fails after its effect",
    "twenty objects",
    "a list of the jobs in a state",
];

#[test]
fn the_same_seed_is_the_same_world() {
    // The last two seeds: a crowd, and replicas that are moved to another account.
    for seed in (0..20).chain([232, 542]) {
        let history = || Run { seed, mutation: None, with_history: true }.go().history;
        assert_eq!(history(), history(), "seed {seed}");
    }
}

/// The mistakes, each with a seed that catches it.
const CAUGHT_BY: [(Mutation, u64); 19] = [
    (Mutation::ClaimWithoutVersion, 0),
    (Mutation::SendWithoutClaim, 0),
    (Mutation::RetryUnclear, 2),
    (Mutation::AdoptByName, 24),
    (Mutation::StatusBelieved, 257),
    (Mutation::NoConsent, 3),
    (Mutation::NoWindow, 70),
    (Mutation::StatusWithoutVersion, 91),
    (Mutation::SignedWhenSent, 9),
    (Mutation::NoLateSweep, 560),
    (Mutation::TornLetGo, 172),
    (Mutation::VanishedWithoutEvidence, 18),
    (Mutation::NamesLeftOut, 194),
    (Mutation::EmptyIsWhole, 112),
    (Mutation::MiddleboxBelieved, 2),
    (Mutation::ForgetsRefusal, 56),
    (Mutation::FinalizerNotPutBack, 11),
    (Mutation::LostClaimIsNone, 15),
    (Mutation::ShortWaitAfterTimeout, 688),
];

#[test]
fn each_mistake_is_caught() {
    for mutation in Mutation::ALL {
        let (_, seed) = CAUGHT_BY.iter().find(|(caught, _)| *caught == mutation).unwrap();
        let outcome = Run { seed: *seed, mutation: Some(mutation), with_history: false }.go();
        assert!(!outcome.broken.is_empty(), "{mutation:?} is not caught by seed {seed}");
    }
}

/// Continues after a broken world, and names each such world with its first broken promise.
#[test]
#[ignore = "for whoever changes the operator: all broken worlds from SIMULATION_SEED on, SIMULATION_WORLDS of them"]
#[allow(clippy::disallowed_methods, reason = "where to look is given by hand")]
fn all_broken_worlds() {
    let number = |name: &str| -> u64 { std::env::var(name).unwrap().parse().unwrap() };
    let from = number("SIMULATION_SEED");
    name_broken(from..from + number("SIMULATION_WORLDS"), |seed, promise| {
        println!("seed {seed}: {}", promise.chars().take(300).collect::<String>());
    });
}

/// Finds the seeds for the list above.
#[test]
#[ignore = "for whoever changes the simulation: prints the list of mistakes anew, or the line of SIMULATION_MISTAKE, from SIMULATION_SEED on"]
#[allow(clippy::disallowed_methods, reason = "one mistake may be named by hand, and where to look")]
fn find_the_seeds_that_catch_each_mistake() {
    let only = std::env::var("SIMULATION_MISTAKE").ok();
    let from = std::env::var("SIMULATION_SEED").map_or(0, |seed| seed.parse().unwrap());
    let is_wanted = |mutation: &Mutation| only.as_ref().is_none_or(|name| *name == format!("{mutation:?}"));
    for mutation in Mutation::ALL.into_iter().filter(is_wanted) {
        let found = first_broken(from..20_000, Some(mutation));
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
