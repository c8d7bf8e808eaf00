//! The pure half of the example for Airflow, by Python's unittest, on objects that a real operator has written.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn the_rules_of_the_example_for_airflow_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let testdata = root.join("deploy/argocd/resource_customizations/awsbatch.dev/BatchJob/testdata");
    let captured: BTreeMap<String, Value> = fs::read_dir(testdata)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            let object = serde_saphyr::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), object)
        })
        .collect();
    let file = std::env::temp_dir().join(format!("aws-batch-operator-{}-captured.json", std::process::id()));
    fs::write(&file, serde_json::to_vec(&captured).unwrap()).unwrap();
    let output = Command::new("python3")
        .arg(root.join("tests/engines/airflow/test_rules.py"))
        .env("PYTHONPATH", root.join("examples/airflow"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("CAPTURED", &file)
        .output();
    fs::remove_file(&file).unwrap();
    let output = output.expect("install Python 3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
