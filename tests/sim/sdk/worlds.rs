//! Worlds in which the operator uses its real client.

use super::super::mutation::Mutation;
use super::super::run::{Outcome, Run, Service, first_broken_at};

/// The mistakes to be caught through the client, each with a seed and with the observation that shows it.
const CAUGHT_BY: [(Mutation, u64, &str); 3] = [
    (Mutation::RetryUnclear, 56, "ran 2 times"),
    (Mutation::SkewedSignature, 2, "the request is signed with"),
    (Mutation::EmptyIsWhole, 1257, "ran 2 times"),
];

#[test]
fn fifty_worlds_with_the_real_client_keep_every_promise() {
    assert_kept(0..50);
}

#[test]
#[ignore = "takes minutes: cargo xtask simulate"]
fn a_thousand_worlds_with_the_real_client_keep_every_promise() {
    assert_kept(0..1_000);
}

/// What a judge never sees he cannot judge.
#[test]
fn the_walk_gets_everywhere_with_the_real_client() {
    let histories: Vec<String> = (0..100).flat_map(|seed| go(seed, None, true).history).collect();
    let deeds = [
        "/v1/describejobs",
        "/v1/listjobs",
        "/v1/terminatejobs",
        "/v1/canceljobs",
        "Refused => 403",
        "Refused => 429",
        "Failed => 503",
        "DoneAndFailed => Cut",
        "DoneAndFailed => Truncated",
        "DoneAndFailed => 200 {}",
        "Unanswered => 200",
        "Late => 200",
        "Signature expired",
        "before a send",
        "is killed",
        "is restored",
        "-copy",
        r#"\"again\":true"#,
    ];
    let missed: Vec<_> =
        deeds.iter().filter(|deed| !histories.iter().any(|line| line.contains(**deed))).collect();
    assert!(missed.is_empty(), "no world of these gets to {missed:?}");
}

/// The SDK must bring nothing random into a world: no real time, no random id, no order of a hash map.
#[test]
fn the_same_seed_is_the_same_world_with_the_real_client() {
    for seed in 0..5 {
        let history = || go(seed, None, true).history;
        let (one, other) = (history(), history());
        let differs = one.iter().zip(&other).position(|(one, other)| one != other);
        assert!(one == other, "seed {seed}: {:?}", differs.map(|at| (&one[at], &other[at])));
    }
}

#[test]
fn each_mistake_is_caught_through_the_real_client() {
    for (mutation, seed, seen) in CAUGHT_BY {
        let broken = go(seed, Some(mutation), false).broken;
        let is_seen = broken.iter().any(|promise| promise.contains(seen));
        assert!(is_seen, "{mutation:?} is not caught by seed {seed}: {broken:#?}");
    }
}

/// Finds the seeds for the list above.
#[test]
#[ignore = "for whoever changes the simulation: prints the list of mistakes anew"]
fn find_the_seeds_that_catch_each_mistake_through_the_real_client() {
    for (mutation, _, seen) in CAUGHT_BY {
        let shows =
            |seed: &u64| go(*seed, Some(mutation), false).broken.iter().any(|told| told.contains(seen));
        let next = |seed: &u64| first_broken_at(Service::Double, seed + 1..2_000, Some(mutation));
        let first = first_broken_at(Service::Double, 0..2_000, Some(mutation));
        let found = std::iter::successors(first, next).find(shows);
        println!("    (Mutation::{mutation:?}, {found:?}, {seen:?}),");
    }
}

#[test]
#[ignore = "prints the history of SIMULATION_SEED with the real client"]
#[allow(clippy::disallowed_methods, reason = "a seed to be looked at is given by hand")]
fn one_seed_with_the_real_client() {
    let seed = std::env::var("SIMULATION_SEED").unwrap().parse().unwrap();
    let outcome = go(seed, None, true);
    println!("{}", outcome.history.join("\n"));
    assert!(outcome.broken.is_empty(), "{:#?}", outcome.broken);
}

fn go(seed: u64, mutation: Option<Mutation>, with_history: bool) -> Outcome {
    Run { seed, mutation, with_history }.go_with(Service::Double)
}

#[track_caller]
fn assert_kept(seeds: std::ops::Range<u64>) {
    if let Some(seed) = first_broken_at(Service::Double, seeds, None) {
        let outcome = go(seed, None, true);
        panic!("seed {seed}:\n{}\n{:#?}", outcome.history.join("\n"), outcome.broken);
    }
}
