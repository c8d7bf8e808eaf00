//! Which modules of a crate each of its modules imports, read from the source text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::tidy::sources;

/// Which modules a module names, in its `use` declarations and by paths in its code.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

/// The modules of the crate in `folder`, each with its text. The root has no name.
fn modules(folder: &str) -> Vec<(String, String)> {
    let files = sources(folder);
    let mut roots = ["lib.rs", "main.rs"].map(|name| format!("{folder}/{name}")).into_iter();
    let root = roots.find(|root| files.iter().any(|(file, _)| file == root)).unwrap();
    let mut modules = Vec::new();
    for (file, text) in files {
        let name = if file == root { String::new() } else { module(folder, &file) };
        modules.extend(borrowed(&name, &file, &text));
        modules.push((name, text));
    }
    modules
}

/// In `src`, `src/plan/mod.rs` is `plan`, and `src/plan/step.rs` is `plan::step`.
fn module(folder: &str, file: &str) -> String {
    let path = file.strip_prefix(folder).unwrap().trim_start_matches('/').trim_end_matches(".rs");
    path.trim_end_matches("/mod").replace('/', "::")
}

/// The child of that name; the root has no name.
fn child(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// The files of other folders that a file makes its own modules by `#[path = "..."]`.
fn borrowed(module: &str, file: &str, text: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let of_attribute = |(at, mark): (usize, &str)| {
        let (path, rest) = text[at + mark.len()..].split_once('"').unwrap();
        let declaration = rest.lines().find(|line| line.contains("mod ")).unwrap();
        let name = declaration.trim_end_matches(';').rsplit(' ').next().unwrap();
        (child(module, name), fs::read_to_string(folder.with_file_name(path)).unwrap())
    };
    text.match_indices("\n#[path = \"").map(of_attribute).collect()
}

/// The paths of a `use` declaration, one for each name.
pub fn paths(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else { return vec![unnamed(tree.trim()).to_owned()] };
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

/// The path without the other name that it gets.
fn unnamed(path: &str) -> &str {
    path.split(" as ").next().unwrap_or_default()
}

/// A path from the root of the crate; `None`: it leads to another crate.
fn absolute(module: &str, path: &str) -> Option<String> {
    if let Some(path) = path.strip_prefix("crate::") {
        return Some(path.to_owned());
    }
    let (mut at, mut path) = (module.to_owned(), path);
    if !path.starts_with("super::") {
        return path.strip_prefix("self::").map(|path| child(&at, path));
    }
    while let Some(rest) = path.strip_prefix("super::") {
        at = at.rsplit_once("::").map_or(String::new(), |(parent, _)| parent.to_owned());
        path = rest;
    }
    Some(child(&at, path))
}

/// A file without its own tests.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default()
}

/// The declarations of a file, each on one line.
fn declarations<'a>(text: &'a str, keyword: &'a str) -> impl Iterator<Item = String> + 'a {
    let code = code(text);
    let starts = code.match_indices(keyword).filter(|(at, _)| *at == 0 || code[..*at].ends_with('\n'));
    starts.filter_map(|(at, _)| {
        let declaration = code[at + keyword.len()..].split(';').next()?;
        Some(declaration.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

/// What the modules re-export: the path that others name, and the path that is meant.
fn re_exports(modules: &[(String, String)]) -> BTreeMap<String, String> {
    let of_module = |(module, text): &(String, String)| {
        let named: Vec<_> = declarations(text, "pub use ").flat_map(|tree| paths(&tree)).collect();
        let pairs = named.into_iter().filter_map(|path| {
            let inside = absolute(module, &path).unwrap_or_else(|| child(module, &path));
            Some((child(module, path.rsplit("::").next()?), inside))
        });
        pairs.collect::<Vec<_>>()
    };
    modules.iter().flat_map(of_module).collect()
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == ':'
}

/// The lines of the code, without comments and re-exports.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let is_read = |line: &&str| !line.starts_with("pub use ") && !line.trim_start().starts_with("//");
    code(text).lines().filter(is_read)
}

/// The paths in a line that begin with this word.
fn paths_from<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    let starts = line.match_indices(word).map(|(at, _)| at).filter(|at| !line[..*at].ends_with(is_part));
    let found = starts.map(|at| line[at..].split(|c| !is_part(c)).next().unwrap_or_default());
    found.filter(|path| path[word.len()..].starts_with("::"))
}

/// What each module of the crate in `folder` imports.
pub fn imports(folder: &str) -> Imports {
    let modules = modules(folder);
    let re_exports = re_exports(&modules);
    let is_module = |path: &str| modules.iter().any(|(module, _)| module == path);
    let target = |path: String| {
        let meant = re_exports.get(&path).cloned().unwrap_or(path);
        let mut path = meant.trim_end_matches("::self");
        while !is_module(path) {
            path = path.rsplit_once("::").map_or("", |(parent, _)| parent);
        }
        path.to_owned()
    };
    let of_module = |(module, text): &(String, String)| {
        let declared = declarations(text, "use ").flat_map(|tree| paths(&tree));
        let calls = lines(text).filter(|line| !line.starts_with("use "));
        let called = calls.flat_map(|line| ["crate", "self", "super"].map(|word| paths_from(line, word)));
        let named = declared.chain(called.flatten().map(str::to_owned));
        let named = named.filter_map(|path| absolute(module, &path)).map(target);
        let is_named = |other: &&String| {
            let name = other.strip_prefix(&child(module, "")).filter(|name| !name.is_empty());
            name.is_some_and(|name| lines(text).any(|line| paths_from(line, name).next().is_some()))
        };
        let children = modules.iter().map(|(other, _)| other).filter(is_named).cloned();
        let all = named.chain(children).filter(|other| other != module && is_module(other));
        (module.clone(), all.collect())
    };
    modules.iter().map(of_module).collect()
}
