//! `docs/batchjob.md` against the CRD: a member without its line is an error, and so is a line for a member that does not
//! exist. The page is written by hand; this keeps it whole.

use std::collections::BTreeSet;

use aws_batch_operator::api::condition::{self, Reason};
use aws_batch_operator::api::{self, OWN_MEMBERS, Phase};
use serde_json::Value;

const PAGE: &str = include_str!("../../docs/batchjob.md");

/// What stands for the members of a shape that another row has told of.
const SAME: &str = "Has the members of `";

/// The text below the heading that begins so, up to the next.
fn section(heading: &str) -> &'static str {
    let (_, rest) =
        PAGE.split_once(&format!("\n## {heading}")).unwrap_or_else(|| panic!("no section {heading}"));
    rest.split("\n## ").next().unwrap()
}

/// The rows of the section's tables: the name in the first cell, and the rest.
fn rows(heading: &str) -> Vec<(&'static str, &'static str)> {
    let named = |line: &'static str| line.strip_prefix("| `")?.split_once("` |");
    section(heading).lines().filter_map(named).collect()
}

/// The names in the first cells, each once.
fn names(heading: &str) -> BTreeSet<&'static str> {
    let rows = rows(heading);
    let names: BTreeSet<_> = rows.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), rows.len(), "{heading}: a name has two rows");
    names
}

fn schema(of: &str) -> Value {
    let crd = serde_json::to_value(api::crd()).unwrap();
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"][of].clone()
}

/// The paths of all members below this one.
fn members(path: &str, schema: &Value, found: &mut BTreeSet<String>) {
    let (inner, suffix) = if schema["items"].is_object() { (&schema["items"], "[]") } else { (schema, "") };
    for (name, member) in inner["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}{suffix}.{name}") };
        members(&path, member, found);
        found.insert(path);
    }
}

fn all(of: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    members("", &schema(of), &mut found);
    found
}

/// What follows `prefix` in the paths below it.
fn below(paths: &BTreeSet<String>, prefix: &str) -> BTreeSet<String> {
    let rest = |path: &String| Some(path.strip_prefix(prefix)?.to_owned());
    paths.iter().filter_map(rest).filter(|rest| rest.starts_with(['.', '['])).collect()
}

/// Fails unless the rows are those of the members, no more and no less.
fn assert_told(members: &BTreeSet<String>, rows: &[(&str, &str)]) {
    let mut told = BTreeSet::new();
    for (name, text) in rows {
        assert!(told.insert((*name).to_owned()), "`{name}` has two lines");
        let Some((_, same)) = text.split_once(SAME) else { continue };
        let other = same.split('`').next().unwrap();
        assert_eq!(below(members, name), below(members, other), "`{name}` and `{other}` are not alike");
        told.extend(below(members, name).into_iter().map(|rest| format!("{name}{rest}")));
    }
    let untold: Vec<_> = members.difference(&told).collect();
    assert!(untold.is_empty(), "docs/batchjob.md has no line for {untold:#?}");
    let unknown: Vec<_> = told.difference(members).collect();
    assert!(unknown.is_empty(), "docs/batchjob.md has lines for what the CRD does not have: {unknown:#?}");
}

#[test]
fn every_member_of_the_spec_has_its_line() {
    let own: BTreeSet<_> = OWN_MEMBERS.iter().map(|(member, _)| *member).collect();
    assert_eq!(names("spec: our own members"), own);
    let rows = [rows("spec: the request"), rows("spec: our own members")].concat();
    assert_told(&all("spec"), &rows);
}

#[test]
fn our_members_say_whether_they_may_change() {
    for (member, is_mutable) in OWN_MEMBERS {
        let rows = rows("spec: our own members");
        let (_, row) = rows.iter().find(|(name, _)| *name == member).unwrap();
        let may = row.trim_end_matches(['|', ' ']).rsplit("| ").next().unwrap();
        assert_eq!(may.starts_with("yes"), is_mutable, "{member}: {may}");
    }
}

#[test]
fn every_member_of_the_status_has_its_line() {
    assert_told(&all("status"), &rows("status"));
}

#[test]
fn every_phase_condition_reason_and_name_is_told() {
    let phases: BTreeSet<_> = schema("status")["properties"]["phase"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    let told: BTreeSet<_> = names("The life of a job").iter().map(|name| format!("{name:?}")).collect();
    assert_eq!(told, phases);
    assert!(told.contains(&format!("\"{:?}\"", Phase::Unknown)));
    let conditions = [
        condition::SUBMITTED,
        condition::COMPLETE,
        condition::FAILED,
        condition::FINISHED,
        condition::SUSPENDED,
        condition::SCHEDULABLE,
        condition::OBSERVED,
        condition::RECONCILING,
        condition::STALLED,
    ];
    assert_eq!(names("Conditions"), conditions.into());
    let ours = [
        api::ADOPT_ANNOTATION,
        api::CLAIM_ANNOTATION,
        api::FINALIZER,
        api::TAG_UID,
        api::TAG_CLUSTER,
        api::TAG_NAMESPACE,
        api::TAG_NAME,
        api::TAG_ADOPTABLE_BY,
    ];
    assert_eq!(names("Annotations, finalizer, tags"), ours.into());
    let untold: Vec<_> =
        Reason::ALL.iter().filter(|reason| !PAGE.contains(&format!("`{}`", reason.as_str()))).collect();
    assert!(untold.is_empty(), "docs/batchjob.md has no word of the reasons {untold:?}");
    let words: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    let unknown: Vec<_> =
        names("When it goes wrong").into_iter().filter(|name| !words.contains(name)).collect();
    assert!(unknown.is_empty(), "there are no reasons {unknown:?}");
}
