//! Where the bytes of a BatchJob are: what the process keeps of ten thousand of them, part by part.

use super::valgrind::Works;
use crate::run::Failure;

/// Where the parts are in the program.
const KIND: &str = "heap::";

const TOOL: [&str; 2] = ["--tool=dhat", "--dhat-out-file=/dev/null"];

/// As many objects as each part is kept of.
const OBJECTS: u64 = 10_000;

/// Prints bytes and allocations for each object, as a table for `docs/performance.md`.
pub fn heap() -> Result<(), Failure> {
    let works = Works::build()?;
    println!("| part | bytes | allocations |\n|---|---:|---:|");
    for name in works.of(KIND)? {
        let kept = |repetitions| works.run(&TOOL, &name, repetitions, "At t-end:");
        let each = kept(1)?.into_iter().zip(kept(0)?).map(|(with, without)| with.saturating_sub(without));
        let cells: Vec<_> = each.map(|all| format!(" {} |", tenths(all))).collect();
        println!("| {} |{}", name.trim_start_matches(KIND), cells.concat());
    }
    Ok(())
}

/// A number for each object, with one digit behind the point.
fn tenths(all: u64) -> String {
    let tenths = (all * 10 + OBJECTS / 2) / OBJECTS;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_for_each_object_is_rounded() {
        assert_eq!([0, 499, 500, 40_640_624].map(tenths), ["0.0", "0.0", "0.1", "4064.1"]);
    }
}
