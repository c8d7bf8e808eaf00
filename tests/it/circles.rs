//! No file of the operator or of its plugin imports another one that imports it in turn, directly or through others: a reader can start at the
//! bottom.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::sources;

/// Which modules a module names, in its `use` declarations and in calls of its children.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// In `src`, `src/plan/mod.rs` is `plan`, and `src/plan/step.rs` is `plan::step`.
fn module(folder: &str, file: &str) -> String {
    let path = file.strip_prefix(folder).unwrap().trim_start_matches('/').trim_end_matches(".rs");
    path.trim_end_matches("/mod").replace('/', "::")
}

/// The paths of a `use` declaration, one for each name.
fn paths(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let body = rest.rsplit_once('}').map_or(rest, |(body, _)| body);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in body.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(part)).map(|part| format!("{}{part}", head.trim())).collect()
}

/// A path from the root of the crate; `None`: it leads to another crate.
fn absolute(module: &str, path: &str) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    let (mut at, mut path) = (module.to_owned(), path);
    if !path.starts_with("super::") {
        return path.strip_prefix("self::").map(|path| format!("{at}::{path}"));
    }
    while let Some(rest) = path.strip_prefix("super::") {
        at = at.rsplit_once("::").map_or(String::new(), |(parent, _)| parent.to_owned());
        path = rest;
    }
    Some(if at.is_empty() { path.to_owned() } else { format!("{at}::{path}") })
}

/// The declarations of a file, each on one line; those of its tests are left out.
fn declarations<'a>(text: &'a str, keyword: &'a str) -> impl Iterator<Item = String> + 'a {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let starts = code.match_indices(keyword).filter(|(at, _)| *at == 0 || code[..*at].ends_with('\n'));
    starts.filter_map(|(at, _)| {
        let declaration = code[at + keyword.len()..].split(';').next()?;
        Some(declaration.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

/// What the modules re-export: the path that others name, and the path that is meant.
fn re_exports(files: &[(String, String)]) -> BTreeMap<String, String> {
    let of_file = |(module, text): &(String, String)| {
        let named: Vec<_> = declarations(text, "pub use ").flat_map(|tree| paths(&tree)).collect();
        let pairs = named.into_iter().filter_map(|path| {
            let inside = absolute(module, &path).unwrap_or_else(|| format!("{module}::{path}"));
            let name = path.rsplit("::").next()?;
            Some((format!("{module}::{name}"), inside))
        });
        pairs.collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}

/// Whether the code of a file calls something of its child `child` by a path, re-exports apart.
fn calls(text: &str, child: &str) -> bool {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    code.lines().filter(|line| !line.starts_with("pub use ")).any(|line| {
        let mut places = line.match_indices(child);
        places.any(|(at, _)| {
            line[at + child.len()..].starts_with("::") && !line[..at].chars().next_back().is_some_and(is_part)
        })
    })
}

fn imports(folder: &str) -> Imports {
    let files: Vec<_> =
        sources(folder).into_iter().map(|(name, text)| (module(folder, &name), text)).collect();
    let re_exports = re_exports(&files);
    let is_module = |path: &str| files.iter().any(|(module, _)| module == path);
    let target = |path: String| {
        let meant = re_exports.get(&path).cloned().unwrap_or(path);
        let mut path = meant.trim_end_matches("::self");
        while !is_module(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    let of_file = |(module, text): &(String, String)| {
        let named = declarations(text, "use ").flat_map(|tree| paths(&tree));
        let named = named.filter_map(|path| target(absolute(module, &path)?)).filter(|path| path != module);
        let is_called = |child: &&String| {
            let name = child.strip_prefix(module.as_str()).and_then(|rest| rest.strip_prefix("::"));
            name.is_some_and(|name| calls(text, name))
        };
        let called = files.iter().map(|(module, _)| module).filter(is_called).cloned();
        (module.clone(), named.chain(called).collect())
    };
    files.iter().map(of_file).collect()
}

/// The modules that are left when all that import nothing of the others are taken away again and again.
fn circles(mut imports: Imports) -> Vec<String> {
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        let before = imports.len();
        imports.retain(|_, named| named.iter().any(|name| left.contains(name)));
        if imports.len() == before {
            return left.into_iter().collect();
        }
    }
}

#[test]
fn no_file_imports_another_in_a_circle() {
    let imports = imports("src");
    let planner = &imports["plan"];
    assert!(planner.contains("plan::situation") || imports["plan::life::track"].contains("plan::situation"));
    assert!(imports["controller::observe"].contains("plan::known"), "a re-export leads to its file");
    assert_eq!(circles(imports), Vec::<String>::new());
    assert_eq!(circles(self::imports("plugin/src")), Vec::<String>::new());
}

#[test]
fn a_circle_is_found_through_others() {
    let of = |name: &str, named: &[&str]| (name.to_owned(), named.iter().map(|&n| n.to_owned()).collect());
    let open: Imports = [of("a", &["b", "c"]), of("b", &["c"]), of("c", &[])].into();
    assert!(circles(open).is_empty());
    let closed: Imports = [of("a", &["b"]), of("b", &["c"]), of("c", &["b"]), of("d", &[])].into();
    assert_eq!(circles(closed), ["a", "b", "c"]);
    assert_eq!(paths("a::{self, b::{C, D}, E}"), ["a::self", "a::b::C", "a::b::D", "a::E"]);
}
