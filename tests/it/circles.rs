//! No file imports another one that imports it in turn, directly or through others: a reader can start at the bottom.

use std::collections::BTreeSet;

use crate::imports::{Imports, imports, paths};

/// The folders of the crates: the products, the tools, and the tests.
const CRATES: [&str; 14] = [
    "src",
    "plugin/src",
    "xtask/src",
    "tests/cluster",
    "tests/controlplane/src",
    "tests/cost",
    "tests/double/src",
    "tests/double/tests/wire",
    "tests/gitops",
    "tests/it",
    "tests/model",
    "tests/packaging",
    "tests/sim",
    "tests/stand/src",
];

/// The modules in circles, each with those of them that it imports. Whatever imports none of the others, or is imported
/// by none, is taken away again and again.
fn circles(mut imports: Imports) -> Imports {
    loop {
        let before = imports.clone();
        for named in imports.values_mut() {
            named.retain(|name| before.contains_key(name));
        }
        let named: BTreeSet<String> = imports.values().flatten().cloned().collect();
        imports.retain(|name, names| !names.is_empty() && named.contains(name));
        if imports == before {
            return imports;
        }
    }
}

#[test]
fn no_file_imports_another_in_a_circle() {
    for folder in CRATES {
        let circles = circles(imports(folder));
        assert!(circles.is_empty(), "{folder}: {circles:#?}");
    }
}

#[test]
fn imports_are_seen() {
    let source = imports("src");
    let planner = &source["plan"];
    assert!(planner.contains("plan::situation") || source["plan::life::track"].contains("plan::situation"));
    assert!(source["controller::observe"].contains("plan::known"), "a re-export leads to its file");
    assert!(imports("tests/it")["watch::server"].contains("watch::store"), "a borrowed file is a module");
    assert!(imports("tests/sim")["sdk::worlds"].contains("run"), "of a parent's parent");
    assert!(imports("xtask/src")[""].contains("demo"), "the root is a module");
}

#[test]
fn a_circle_is_found_through_others() {
    let of = |name: &str, named: &[&str]| (name.to_owned(), named.iter().map(|&n| n.to_owned()).collect());
    let open: Imports = [of("a", &["b", "c"]), of("b", &["c"]), of("c", &[])].into();
    assert!(circles(open).is_empty());
    let closed: Imports = [of("a", &["b"]), of("b", &["c", "d"]), of("c", &["b"]), of("d", &[])].into();
    assert_eq!(circles(closed), [of("b", &["c"]), of("c", &["b"])].into());
    assert_eq!(paths("a::{self, b::{C, D}, E}"), ["a::self", "a::b::C", "a::b::D", "a::E"]);
}
