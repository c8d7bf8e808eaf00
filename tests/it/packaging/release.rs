//! What the release workflow may do, and after what; read from the workflow itself.

use std::collections::BTreeSet;

use serde_json::Value;

use super::read;

fn jobs() -> Value {
    let workflow: Value = serde_saphyr::from_str(&read(".github/workflows/release.yaml")).unwrap();
    workflow["jobs"].clone()
}

/// The job, and all that have passed before it.
fn with_needs(jobs: &Value, name: &str) -> BTreeSet<String> {
    let needs = match &jobs[name]["needs"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => Vec::new(),
    };
    let mut all: BTreeSet<String> = needs.into_iter().flat_map(|need| with_needs(jobs, need)).collect();
    all.insert(name.to_owned());
    all
}

/// The jobs that may change something outside of their own run.
fn writers(jobs: &Value) -> Vec<&str> {
    let may_write = |job: &Value| {
        let permissions = job["permissions"].as_object().expect("each job says what it may");
        permissions.values().any(|permission| permission == "write")
    };
    let writers = jobs.as_object().unwrap().iter().filter(|(_, job)| may_write(job));
    writers.map(|(name, _)| name.as_str()).collect()
}

#[test]
fn nothing_is_published_before_the_checks_have_passed_and_people_have_agreed() {
    let jobs = jobs();
    let writers = writers(&jobs);
    assert!(writers.len() >= 3, "{writers:?}");
    for writer in writers {
        let before = with_needs(&jobs, writer);
        assert!(before.contains("version") && before.contains("checks"), "{writer}: {before:?}");
        assert!(before.iter().any(|job| jobs[job]["environment"] == "release"), "{writer}: {before:?}");
    }
    assert_eq!(jobs["checks"]["uses"], "./.github/workflows/ci.yaml");
    assert!(jobs["version"].to_string().contains("merge-base --is-ancestor"));
}

#[test]
fn no_job_that_may_write_runs_code_of_dependencies() {
    let jobs = jobs();
    for writer in writers(&jobs) {
        for step in jobs[writer]["steps"].as_array().unwrap() {
            let runs = step["run"].as_str().unwrap_or_default();
            assert!(!runs.contains("cargo"), "{writer}: {runs}");
        }
    }
    assert!(jobs["package"].to_string().contains("cargo xtask release --digest"));
}

/// The manifest of the plugin names the archives by their sums, so both come from jobs that have run before.
#[test]
fn the_plugin_is_packed_for_each_architecture_of_the_image_before_its_manifest_is_made() {
    let jobs = jobs();
    assert!(with_needs(&jobs, "package").contains("plugin"));
    assert_eq!(jobs["plugin"]["strategy"], jobs["image"]["strategy"]);
    assert!(jobs["plugin"].to_string().contains("cargo xtask plugin"));
    assert!(jobs["package"].to_string().contains(r#""pattern":"plugin-*""#));
}

#[test]
fn what_is_signed_is_what_the_page_verifies() {
    let files = "for file in install.yaml crd.yaml checksums.txt; do";
    let workflow = read(".github/workflows/release.yaml");
    let page = read("docs/operations.md");
    assert!(workflow.contains(files) && page.contains(files));
    assert_eq!(
        workflow.matches("cosign\" sign --yes").count(),
        page.matches("cosign verify ghcr.io").count()
    );
}

/// Every step of both workflows that runs an action.
fn actions() -> Vec<String> {
    let workflows = ["ci.yaml", "release.yaml"].map(|name| read(&format!(".github/workflows/{name}")));
    let lines = workflows.iter().flat_map(|workflow| workflow.lines());
    lines
        .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
        .map(str::to_owned)
        .collect()
}

#[test]
fn an_action_is_named_by_its_commit_and_a_workflow_has_no_right_of_its_own() {
    let actions = actions();
    assert!(actions.len() >= 5, "{actions:?}");
    for action in actions.iter().filter(|action| !action.starts_with("./")) {
        let commit = action.split_once('@').and_then(|(_, commit)| commit.split_whitespace().next());
        let is_commit = commit
            .is_some_and(|commit| commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(is_commit, "{action}: a tag or a branch can be moved");
    }
    for name in ["ci.yaml", "release.yaml"] {
        let workflow: Value = serde_saphyr::from_str(&read(&format!(".github/workflows/{name}"))).unwrap();
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{name}");
    }
}

/// A member that the build of the image cannot see ends that build, and nothing else shows it before a release.
#[test]
fn the_build_of_the_image_sees_every_member_of_the_workspace() {
    let seen = read(".dockerignore");
    let seen: BTreeSet<&str> = seen.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let manifest = read("Cargo.toml");
    let (_, members) = manifest.split_once("members = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();
    let members: Vec<&str> = members.split('"').skip(1).step_by(2).filter(|member| *member != ".").collect();
    assert!(members.len() > 2, "{members:?}");
    let unseen: Vec<_> = members.iter().filter(|member| !seen.contains(**member)).collect();
    assert!(unseen.is_empty(), ".dockerignore hides {unseen:?}");
}
