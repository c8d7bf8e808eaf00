//! What a run says: a line every few seconds, and a table at the end.

use std::time::Duration;

use super::judge::Verdict;
use super::load::{FORGED, REMOVED, REPLACED};
use super::rights::TAKEN;
use super::schedule::Deed;
use super::weather::struck;
use super::world::Shared;

/// How many broken promises of a kind are named.
const NAMED: usize = 10;

/// One line.
pub fn progress(shared: &Shared, elapsed: Duration) {
    let tallies = shared.tallies();
    let tally = |what| tallies.get(what).copied().unwrap_or(0);
    let deeds: usize = Deed::ALL.iter().map(|deed| tally(deed.name())).sum();
    let double = shared.double();
    let faults: u64 = struck(&double).values().sum();
    println!(
        "{:>5}s  {} objects created, {} deleted; {} jobs; {faults} requests struck, {deeds} processes harmed",
        elapsed.as_secs(),
        tally("objects created"),
        tally("objects deleted"),
        double.accepted(),
    );
}

/// Everything, in the end.
pub fn table(shared: &Shared, verdict: &Verdict, settled_after: Duration) {
    let (struck, tallies) = (struck(&shared.double()), shared.tallies());
    let deeds: usize = Deed::ALL.iter().filter_map(|deed| tallies.get(deed.name())).sum();
    let requests: u64 = struck.values().sum();
    println!("\n{:>8}  faults injected", requests + u64::try_from(deeds).unwrap_or(0));
    for (kind, number) in &struck {
        println!("{number:>8}    {kind}");
    }
    for deed in Deed::ALL {
        println!("{:>8}    {}", tallies.get(deed.name()).copied().unwrap_or(0), deed.name());
    }
    for what in ["objects created", "objects deleted", REPLACED, REMOVED, FORGED, TAKEN] {
        println!("{:>8}  {what}", tallies.get(what).copied().unwrap_or(0));
    }
    println!("{:>8}  jobs accepted by AWS", shared.double().accepted());
    println!("{:>8}  seconds until everything had settled", settled_after.as_secs());
    for (what, broken) in [
        ("objects with more than one job", &verdict.twice),
        ("objects without their job", &verdict.lost),
        ("objects that need a human", &verdict.stuck),
        ("jobs that outlive their object", &verdict.orphans),
        ("the same, as the API server took it away (kubernetes#77988)", &verdict.torn),
        ("twice or outlived, as nothing on the object told of its submission", &verdict.untold),
    ] {
        println!("{:>8}  {what}", broken.len());
        for name in broken.iter().take(NAMED) {
            println!("            {name}");
        }
    }
    println!();
}
