//! Both Helms, and what they render of the chart.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The major versions.
pub const HELMS: [u8; 2] = [3, 4];

/// A path from the root of the repository.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A file of the repository.
pub fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The Helm of that major version, at the root.
pub fn helm(major: u8, arguments: &[&str]) -> Command {
    let program = path(&format!("target/tools/go/helm{major}/helm{major}"));
    assert!(program.exists(), "no {}: `cargo xtask packaging` puts it there", program.display());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(path("")).env_remove("KUBECONFIG");
    command
}

fn template(major: u8, arguments: &[&str]) -> Output {
    let chart = ["template", "abo", "charts/aws-batch-operator", "--namespace", "ns"];
    let common = [&chart[..], &["--kube-version", "1.37.0"]].concat();
    helm(major, &[&common[..], arguments].concat()).output().unwrap()
}

/// The text that is rendered.
pub fn text(major: u8, arguments: &[&str]) -> String {
    let output = template(major, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What Helm says of values that it does not take.
pub fn refusal(major: u8, arguments: &[&str]) -> String {
    let output = template(major, arguments);
    assert!(!output.status.success(), "{arguments:?} is taken");
    String::from_utf8(output.stderr).unwrap()
}

/// The objects of a YAML text.
pub fn parse(text: &str) -> Vec<Value> {
    let objects: Vec<Value> = serde_saphyr::from_multiple(text).unwrap();
    objects.into_iter().filter(Value::is_object).collect()
}

/// The objects that are rendered.
pub fn objects(arguments: &[&str]) -> Vec<Value> {
    parse(&text(4, arguments))
}

/// The value files that stand for how people install it.
pub fn value_sets() -> Vec<String> {
    let files = fs::read_dir(path("charts/aws-batch-operator/ci")).unwrap();
    let mut sets: Vec<String> = files.map(|file| file.unwrap().path().display().to_string()).collect();
    sets.sort();
    assert!(sets.len() >= 12, "{sets:?}");
    sets
}

/// The objects of the value set of that name.
pub fn of_set(name: &str) -> Vec<Value> {
    objects(&["--values", &format!("charts/aws-batch-operator/ci/{name}.yaml")])
}

/// The objects of one kind.
pub fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["kind"] == kind).collect()
}

/// The one object of a kind.
pub fn one<'a>(objects: &'a [Value], kind: &str) -> &'a Value {
    let found = of_kind(objects, kind);
    assert_eq!(found.len(), 1, "{kind}");
    found[0]
}
