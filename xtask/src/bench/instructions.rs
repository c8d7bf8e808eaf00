//! Counts the instructions of each work in `tests/cost/instructions`, and compares them with the recorded counts.
//! Instructions do not depend on the load of the machine, as time does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use stand::is_update;

use super::valgrind::{IS_COMPARABLE, Works};
use crate::run::{Failure, output, root};

/// Where the works are in the program.
const KIND: &str = "instructions::";

const TOOL: [&str; 3] = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"];

/// A larger difference from the recorded count fails, in percent.
const TOLERATED: u64 = 10;

/// A smaller difference is not written, in percent: hash tables with random seeds make runs differ by less than one.
const NOISE: u64 = 2;

/// How the line of the compiler begins in the file.
const COMPILER: &str = "compiler ";

const HEAD: &str = "\
# Instructions of each work in tests/cost/instructions, in the profile `simulation` on x86-64 Linux.
# `UPDATE_GOLDEN=1 cargo xtask bench instructions` writes this file.
# A new compiler means new numbers, and so may a new version of a dependency. Commit them apart from other changes.
";

type Counts = BTreeMap<String, u64>;

/// Prints the counts. Fails when one differs too much from the recorded count, or writes the file with `UPDATE_GOLDEN=1`.
pub fn instructions() -> Result<(), Failure> {
    if !IS_COMPARABLE {
        println!("instructions are counted on x86-64 Linux alone, as the recorded counts were");
        return Ok(());
    }
    let works = Works::build()?;
    let counted = count(&works)?;
    let file = root().join("tests/cost/instructions.txt");
    let (was, recorded) = read(&file);
    println!("{}", table(&counted, &recorded));
    let compiler = output("rustc", &["--version"])?.trim().to_owned();
    if is_update() {
        fs::write(&file, page(&compiler, &counted, &recorded))?;
        return Ok(());
    }
    let complaints = complaints(&counted, &recorded);
    if complaints.is_empty() {
        return Ok(());
    }
    let other = if was == compiler {
        String::new()
    } else {
        format!("\nrecorded with {was:?}, and this is {compiler:?}")
    };
    let list = complaints.join("\n");
    Err(format!("{list}{other}\nfind the cause; if all is well, record: UPDATE_GOLDEN=1 cargo xtask bench instructions").into())
}

fn count(works: &Works) -> Result<Counts, Failure> {
    let mut counted = Counts::new();
    for name in works.of(KIND)? {
        let run = |repetitions| -> Result<u64, Failure> {
            works.run(&TOOL, &name, repetitions, "refs:")?.first().copied().ok_or("no count".into())
        };
        let (one, two) = (run(1)?, run(2)?);
        counted.insert(name.trim_start_matches(KIND).to_owned(), two.saturating_sub(one));
    }
    Ok(counted)
}

/// The compiler and the counts of the file; nothing of a file that does not exist.
fn read(file: &PathBuf) -> (String, Counts) {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = || text.lines().filter(|line| !line.starts_with('#'));
    let compiler = lines().find_map(|line| line.strip_prefix(COMPILER)).unwrap_or_default().to_owned();
    let pairs = lines().filter_map(|line| line.split_once(' '));
    let counts = pairs.filter_map(|(name, count)| Some((name.to_owned(), count.trim().parse().ok()?)));
    (compiler, counts.collect())
}

fn page(compiler: &str, counted: &Counts, recorded: &Counts) -> String {
    let mut page = format!("{HEAD}{COMPILER}{compiler}\n");
    for (name, count) in counted {
        let kept = recorded.get(name).filter(|recorded| !differs(*count, **recorded, NOISE));
        let _ = writeln!(page, "{name:<50} {:>12}", kept.unwrap_or(count));
    }
    page
}

fn table(counted: &Counts, recorded: &Counts) -> String {
    let mut table = format!("{:<50} {:>12} {:>12}\n", "work", "instructions", "recorded");
    for (name, count) in counted {
        let recorded = recorded.get(name).map_or("-".to_owned(), u64::to_string);
        let _ = writeln!(table, "{name:<50} {count:>12} {recorded:>12}");
    }
    table
}

/// What is wrong, a line each.
fn complaints(counted: &Counts, recorded: &Counts) -> Vec<String> {
    let names: BTreeSet<_> = counted.keys().chain(recorded.keys()).collect();
    let complaint = |name: &String| match (counted.get(name), recorded.get(name)) {
        (Some(count), Some(before)) if differs(*count, *before, TOLERATED) => {
            let word = if count > before { "dearer" } else { "cheaper, which is to be recorded" };
            Some(format!("{name}: {count} instructions, {before} before: {word}"))
        }
        (Some(_), None) => Some(format!("{name}: no count is recorded")),
        (None, Some(_)) => Some(format!("{name}: recorded, and there is no such work")),
        _ => None,
    };
    names.into_iter().filter_map(complaint).collect()
}

/// Whether a count is further from the recorded one than so many percent of it.
fn differs(count: u64, recorded: u64, percent: u64) -> bool {
    count.abs_diff(recorded) * 100 > recorded * percent
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(&str, u64)]) -> Counts {
        counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }

    #[test]
    fn more_than_a_tenth_up_or_down_is_told_and_so_is_what_has_no_pair() {
        let recorded = counts(&[("up", 1_000), ("down", 1_000), ("same", 1_000), ("gone", 1)]);
        let counted = counts(&[("up", 1_101), ("down", 899), ("same", 1_100), ("new", 1)]);
        let told = complaints(&counted, &recorded).join("\n");
        assert_eq!(told.lines().count(), 4, "{told}");
        assert!(told.contains("up: 1101 instructions, 1000 before: dearer"), "{told}");
        assert!(!told.contains("same"), "{told}");
    }

    #[test]
    fn what_is_written_is_read_again_and_noise_is_not_written() {
        let file = std::env::temp_dir().join(format!("instructions-{}.txt", std::process::id()));
        let recorded = counts(&[("moved", 1_000), ("noise", 1_000)]);
        fs::write(&file, page("rustc 1", &counts(&[("moved", 1_030), ("noise", 1_010)]), &recorded)).unwrap();
        assert_eq!(read(&file), ("rustc 1".to_owned(), counts(&[("moved", 1_030), ("noise", 1_000)])));
    }
}
