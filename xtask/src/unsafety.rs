//! `docs/unsafe.md`: where in the program, its dependencies included, the compiler is asked to trust.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{Failure, output};

/// The page starts so.
const HEAD: &str = "# Where the compiler is asked to trust

Our own code forbids `unsafe`. These are the crates of the program on Linux whose sources bear the word, by the number of
lines that do, comments left out. Written by `cargo xtask gen`.

";

/// The page.
pub fn page() -> Result<String, Failure> {
    let metadata =
        ["metadata", "--locked", "--format-version=1", "--filter-platform=x86_64-unknown-linux-gnu"];
    let metadata: Value = serde_json::from_str(&output("cargo", &metadata)?)?;
    let libraries: BTreeMap<&str, &Path> = list(&metadata["packages"])
        .filter_map(|package| Some((text(&package["id"]), source(package)?)))
        .collect();
    let shipped = shipped(&metadata, &libraries);
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for package in list(&metadata["packages"]).filter(|package| shipped.contains(text(&package["id"]))) {
        *lines.entry(text(&package["name"])).or_default() += count(libraries[text(&package["id"])])?;
    }
    let free = lines.values().filter(|lines| **lines == 0).count();
    let mut rows: Vec<_> = lines.iter().filter(|(_, lines)| **lines > 0).collect();
    rows.sort_by_key(|(name, lines)| (Reverse(**lines), **name));
    let all = lines.len();
    let mut page = format!("{HEAD}{free} of {all} crates have none.\n\n| crate | lines |\n|---|---|\n");
    for (name, lines) in rows {
        writeln!(page, "| {name} | {lines} |")?;
    }
    Ok(page)
}

/// Where the sources of its library are. A macro has none: it runs while building.
fn source(package: &Value) -> Option<&Path> {
    let is_library = |target: &&Value| list(&target["kind"]).any(|kind| kind == "lib" || kind == "rlib");
    Path::new(text(&list(&package["targets"]).find(is_library)?["src_path"])).parent()
}

/// The packages that end up in the program: what it needs to run, and what these need.
fn shipped<'a>(metadata: &'a Value, libraries: &BTreeMap<&str, &Path>) -> BTreeSet<&'a str> {
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).map(|node| (text(&node["id"]), node)).collect();
    let is_normal = |dependency: &&Value| list(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null());
    let mut next: Vec<&str> = vec![text(&metadata["resolve"]["root"])];
    let mut found = BTreeSet::new();
    while let Some(id) = next.pop() {
        if libraries.contains_key(id)
            && found.insert(id)
            && let Some(node) = nodes.get(id)
        {
            next.extend(list(&node["deps"]).filter(is_normal).map(|dependency| text(&dependency["pkg"])));
        }
    }
    found
}

/// The lines of all Rust files below `place` that bear the word.
fn count(place: &Path) -> Result<usize, Failure> {
    let mut lines = 0;
    for entry in fs::read_dir(place)? {
        let path = entry?.path();
        if path.is_dir() {
            lines += count(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines += fs::read_to_string(&path)?.lines().filter(|line| asks_for_trust(line)).count();
        }
    }
    Ok(lines)
}

fn asks_for_trust(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::asks_for_trust;

    #[test]
    fn the_word_counts_and_not_what_forbids_it() {
        assert!(asks_for_trust("    let first = unsafe { pointer.read() };"));
        assert!(!asks_for_trust("#![forbid(unsafe_code)]"));
        assert!(!asks_for_trust("// unsafe is not needed here"));
    }
}
