//! The walls of the architecture, checked on the source text.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`, with its path from the root and its text.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

/// The files of `folder`, apart from those below `except`, whose code (tests left out) contains `word`.
fn files_with(word: &str, folder: &str, except: &[&str]) -> Vec<String> {
    let is_excepted = |name: &str| except.iter().any(|part| name.starts_with(part));
    let code = |text: &str| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    let files =
        sources(folder).into_iter().filter(|(name, text)| !is_excepted(name) && code(text).contains(word));
    files.map(|(name, _)| name).collect()
}

#[track_caller]
fn only_in(word: &str, folder: &str, allowed: &[&str]) {
    let elsewhere = files_with(word, folder, allowed);
    assert!(elsewhere.is_empty(), "`{word}` belongs in {allowed:?} only, and is in {elsewhere:?}");
    let used = allowed.iter().all(|place| Path::new(&root().join(place)).exists());
    assert!(used, "{allowed:?} has moved: this wall stands in the wrong place");
}

#[test]
fn only_the_aws_module_names_the_sdk() {
    for word in ["aws_sdk_", "aws_config", "aws_smithy", "aws_credential", "hyper", "rustls"] {
        only_in(word, "src", &["src/aws/sdk/"]);
    }
}

#[test]
fn the_planner_has_no_clock_no_io_and_no_log() {
    for word in [
        "async ",
        "await",
        "clock::",
        "Timestamp::now",
        "std::env",
        "tracing::",
        "tokio",
        "kube::Client",
        "Mutex",
        "panic!",
    ] {
        let files = files_with(word, "src/plan", &[]);
        assert!(files.is_empty(), "`{word}` in {files:?}");
    }
}

#[test]
fn the_planner_cannot_fail() {
    let module = fs::read_to_string(root().join("src/plan/mod.rs")).unwrap();
    assert!(module.contains("pub fn plan(s: &Situation<'_>) -> Plan {"));
}

#[test]
fn what_proves_a_job_to_be_an_objects_stands_in_few_places() {
    only_in("Owned::submitted(", "src", &["src/plan/known.rs"]);
    only_in("Owned::adopted(", "src", &["src/plan/rule/consent.rs"]);
    only_in("Owned(", "src", &["src/job/owned.rs"]);
}

#[test]
fn a_job_is_submitted_in_one_place() {
    only_in("batch.submit(", "src", &["src/controller/execute.rs"]);
    let execute = fs::read_to_string(root().join("src/controller/execute.rs")).unwrap();
    let claim = execute.find("patch::claim(").unwrap();
    let send = execute.find("batch.submit(").unwrap();
    assert!(claim < send, "the claim comes before the send");
}

#[test]
fn objects_are_written_in_one_place() {
    // The elector replaces the Lease, and `events` writes Events; both know of nothing else.
    let places = ["src/controller/patch.rs", "src/leader/elector.rs", "src/controller/events.rs"];
    let words = [
        ".patch(",
        ".patch_status(",
        ".replace(&",
        ".replace_status(",
        "Request::new(",
        ".api.create(",
        ".delete(",
    ];
    for word in words {
        only_in(word, "src", &places);
    }
    assert_eq!(files_with("BatchJob", "src/leader", &["src/leader/mod.rs"]), [""; 0]);
    let events = fs::read_to_string(root().join("src/controller/events.rs")).unwrap();
    assert!(!events.contains("BatchJob"));
    only_in("patch::", "src", &["src/controller/execute.rs"]);
}

#[test]
fn what_people_are_shown_of_an_object_is_never_its_spec() {
    for word in [".spec", "BatchJobSpec", "Submission", "request_json"] {
        for folder in ["src/view", "src/http"] {
            assert_eq!(files_with(word, folder, &[]), [""; 0], "{word}");
        }
        let inspect = fs::read_to_string(root().join("src/controller/inspect.rs")).unwrap();
        assert!(!inspect.contains(word), "{word}");
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short() {
    for folder in ["plugin", "src", "tests", "xtask"] {
        for (name, text) in sources(folder) {
            assert!(text.starts_with("//!"), "{name} does not open with its one job");
            let lines = text.lines().count();
            assert!(lines <= 300, "{name} has {lines} lines");
        }
    }
}
