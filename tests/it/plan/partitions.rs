//! Every partition of AWS that the SDK knows, by the SDK's own list: where a person reads on, and what the page says.

use std::fs;
use std::path::Path;
use std::process::Command;

use aws_batch_operator::job::JobStatus;
use serde_json::Value;

use super::scene::{JOB, created};

/// The list stands in the SDK's source, as one literal of bytes.
fn partitions() -> Vec<Value> {
    let arguments = ["metadata", "--format-version=1", "--locked"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let metadata: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let sdk = packages.iter().find(|package| package["name"] == "aws-sdk-batch").unwrap();
    let manifest = Path::new(sdk["manifest_path"].as_str().unwrap());
    let source = fs::read_to_string(manifest.with_file_name("src").join("endpoint_lib.rs")).unwrap();
    let begin = source.find(r#"b"{\"partitions\""#).expect("the list of partitions") + 2;
    let end = begin + source[begin..].find(r#"")"#).unwrap();
    let text = source[begin..end].replace(r#"\""#, "\"").replace(r"\\", r"\");
    let list: Value = serde_json::from_str(&text).unwrap();
    list["partitions"].as_array().unwrap().clone()
}

fn regions(partition: &Value) -> Vec<&str> {
    let names = partition["regions"].as_object().unwrap().keys().map(String::as_str);
    // Names such as `aws-global` stand for services without a Region.
    names.filter(|name| !name.ends_with("-global")).collect()
}

/// The address of the console in a Region, as AWS's documentation of the partition has it; `None`: there is none in public.
fn console(partition: &str, region: &str) -> Option<String> {
    match partition {
        "aws" => Some("console.aws.amazon.com".to_owned()),
        "aws-cn" => Some("console.amazonaws.cn".to_owned()),
        "aws-us-gov" => Some("console.amazonaws-us-gov.com".to_owned()),
        "aws-eusc" => Some(format!("{region}.console.amazonaws-eusc.eu")),
        "aws-iso" | "aws-iso-b" | "aws-iso-e" | "aws-iso-f" => None,
        other => panic!("the SDK knows the partition {other}: find out where its console is"),
    }
}

#[test]
fn a_person_reads_on_in_each_region_of_awss_partitions_or_is_not_sent_astray() {
    let mut seen = 0;
    for partition in partitions() {
        for region in regions(&partition) {
            let domain = console(partition["id"].as_str().unwrap(), region);
            let scene = created().region(region).claimed(0).seen(JobStatus::Failed).accepted();
            let status = scene.plan().status.unwrap();
            let expected = domain
                .as_ref()
                .map(|domain| format!("https://{domain}/batch/home?region={region}#jobs/detail/{JOB}"));
            assert_eq!(status.console_url, expected, "{region}");
            let logs = status.logs.unwrap();
            assert_eq!(logs.group.as_deref(), Some("/aws/batch/job"));
            let at = "log-group/$252Faws$252Fbatch$252Fjob/log-events/sleep60$252Fdefault$252F0123";
            let expected = domain.map(|domain| {
                format!("https://{domain}/cloudwatch/home?region={region}#logsV2:log-groups/{at}")
            });
            assert_eq!(logs.url, expected, "{region}");
            seen += 1;
        }
    }
    assert!(seen > 30, "only {seen} Regions");
}

#[test]
fn the_page_on_policies_names_each_partition() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md")).unwrap();
    let row = page.lines().find(|line| line.starts_with("| `PARTITION` |")).unwrap();
    for partition in partitions() {
        let name = partition["id"].as_str().unwrap();
        assert!(row.contains(&format!("`{name}`")), "{name} is not in: {row}");
    }
}
