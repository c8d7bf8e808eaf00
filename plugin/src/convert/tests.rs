//! Pairs of texts in `plugin/tests/convert`: an input, and what it becomes.

use std::path::{Path, PathBuf};

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/convert")
}

/// The output as a page: the notes stand behind it.
fn page(input: &str) -> String {
    let Converted { text, notes } = converted(input, None).unwrap();
    notes.into_iter().fold(text, |page, note| format!("{page}# note: {note}\n"))
}

#[test]
fn each_input_becomes_what_is_stored() {
    let mut names: Vec<_> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.to_string_lossy().contains(".in."));
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    for path in names {
        let page = page(&std::fs::read_to_string(&path).unwrap());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (stem, _) = name.split_once(".in.").unwrap();
        stand::assert_golden(&folder().join(format!("{stem}.out")), &page);
    }
}

#[test]
fn a_manifest_and_back_is_the_same_request() {
    let request = std::fs::read_to_string(folder().join("cli.in.json")).unwrap();
    let back = converted(&converted(&request, None).unwrap().text, None).unwrap().text;
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(parsed(&back), parsed(&request));
}

#[test]
fn what_cannot_be_converted_is_named_with_the_way_out() {
    for (input, words) in [
        ("", "aws batch submit-job"),
        ("[1]", "aws batch submit-job"),
        (r#"{"jobName":"a","jobQueue":"q"}"#, "jobDefinition is missing"),
        (r#"{"jobQueue":"q","jobDefinition":"d"}"#, "--name"),
        (r#"{"jobQueue":"q","jobDefinition":"d","jobNam":"a"}"#, "there is no member jobNam"),
        (r#"{"Resource":"arn:aws:states:::lambda:invoke"}"#, "batch:submitJob"),
        (r#"{"Resource":"arn:aws:states:::batch:submitJob","Parameters":{"JobName.$":"$.n"}}"#, "JobName.$"),
        (
            r#"{"Resource":"arn:aws:states:::batch:submitJob.sync","Arguments":{"JobName":"{% $n %}"}}"#,
            "JobName is known only while",
        ),
        (r#"{"States":{"Run":{"Resource":"arn:aws:states:::batch:submitJob"}}}"#, "submit a job: Run"),
        ("aws batch list-jobs --job-queue q", "aws batch list-jobs"),
        ("aws batch submit-job --job-que q", "--job-que is no option"),
        ("aws batch submit-job --job-name 'a", "quotation"),
        (
            "aws batch submit-job --array-properties size=ten",
            "--array-properties: 'ten' is not a whole number",
        ),
        ("aws batch submit-job --container-overrides command=[a", "not closed"),
        ("aws batch submit-job --timeout 60", "lacks a ="),
        ("aws batch submit-job --cli-input-json file://job.json", "write the text of the file"),
        (
            "apiVersion: awsbatch.dev/v1alpha1\nkind: BatchJob\nmetadata: { name: a }\nspec: { jobQueue: q, jobDefinition: d, dependsOn: [{ name: b }] }",
            "dependsOn[0].name",
        ),
    ] {
        let told = converted(input, None).unwrap_err().to_string();
        assert!(told.contains(words), "{input:?}: {told}");
    }
}

#[test]
fn a_job_name_becomes_a_name_that_kubernetes_takes() {
    assert_eq!(object_name("Nightly_Train-2").as_deref(), Some("nightly-train-2"));
    assert_eq!(object_name("_"), None);
}
