//! The IAM policy allows what the code calls, and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use super::read;

/// The operations of our client, by AWS's names, as the code has them.
fn operations() -> BTreeSet<String> {
    let metered = read("src/batch/metered.rs");
    let (_, names) = metered.split_once("fn as_str(self)").unwrap();
    let (names, _) = names.split_once("\n    }").unwrap();
    let names: BTreeSet<String> = names.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(names.contains("SubmitJob"), "{names:?}");
    names
}

/// AWS's name in the SDK's spelling.
fn snake(name: &str) -> String {
    let letters = name.char_indices().map(|(at, letter)| {
        let gap = if letter.is_uppercase() && at > 0 { "_" } else { "" };
        format!("{gap}{}", letter.to_lowercase())
    });
    letters.collect()
}

#[test]
fn the_policy_allows_every_call_of_the_code_and_no_other() {
    let policy: Value = serde_json::from_str(&read("deploy/iam/policy.json")).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let allowed: BTreeSet<&str> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|action| action.as_str().unwrap())
        .collect();
    // Calls for many jobs are authorised by the action for one. Submitting with tags needs TagResource.
    let action = |operation: &String| match operation.as_str() {
        "TerminateJobs" => "batch:TerminateJob".to_owned(),
        "CancelJobs" => "batch:CancelJob".to_owned(),
        other => format!("batch:{other}"),
    };
    let mut needed: BTreeSet<String> = operations().iter().map(action).collect();
    needed.insert("batch:TagResource".to_owned());
    assert_eq!(allowed, needed.iter().map(String::as_str).collect());
}

#[test]
fn the_client_calls_nothing_that_has_no_name_in_metrics() {
    let files = ["client", "read", "end", "probe"].map(|file| read(&format!("src/batch/aws/{file}.rs")));
    let code: String = files.concat().split_whitespace().collect();
    let called: BTreeSet<&str> =
        code.split("self.client.").skip(1).map(|rest| rest.split('(').next().unwrap()).collect();
    let counted: BTreeSet<String> = operations().iter().map(|operation| snake(operation)).collect();
    // The calls for one job are counted, and allowed, as those for many.
    let is_counted = |call: &str| counted.contains(call) || counted.contains(&format!("{call}s"));
    let own: BTreeSet<&str> = called.iter().copied().filter(|call| !is_counted(call)).collect();
    assert!(own.is_empty() && called.len() > 4, "{called:?}");
}

#[test]
fn the_trust_policies_are_for_the_charts_service_account_only() {
    for (name, subject) in [
        ("irsa", "system:serviceaccount:aws-batch-operator:aws-batch-operator"),
        ("pod-identity", "aws:RequestTag/kubernetes-service-account"),
    ] {
        let policy: Value = serde_json::from_str(&read(&format!("deploy/iam/trust-{name}.json"))).unwrap();
        let conditions = policy["Statement"][0]["Condition"]["StringEquals"].to_string();
        assert!(conditions.contains(subject), "{name}: {conditions}");
    }
}
