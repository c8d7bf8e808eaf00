//! The IAM policies allow what the code calls, on what is the operator's, and nothing else.

use std::collections::BTreeSet;

use aws_batch_operator::api::{TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE, TAG_UID};
use serde_json::{Value, json};

use super::read;

/// The tag by which the owner of a job lets a BatchJob adopt it.
const GRANT: &str = "awsbatch.dev/adoptable-by";
const POLICIES: [&str; 5] = ["policy", "scp", "trust-irsa", "trust-pod-identity", "logs"];

fn statements(policy: &str) -> Vec<Value> {
    let policy: Value = serde_json::from_str(&read(&format!("deploy/iam/{policy}.json"))).unwrap();
    policy["Statement"].as_array().unwrap().clone()
}

/// One value and a list of values mean the same to IAM.
fn list(member: &Value) -> Vec<&str> {
    match member {
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap()).collect(),
        value => vec![value.as_str().unwrap()],
    }
}

/// The statements of the role's policy that allow the action.
fn allowing(action: &str) -> Vec<Value> {
    let found: Vec<Value> =
        statements("policy").into_iter().filter(|s| list(&s["Action"]).contains(&action)).collect();
    assert!(!found.is_empty(), "{action} is not allowed");
    found
}

/// The words of a policy that a person fills in.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let is_upper = |word: &&str| word.len() > 5 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(is_upper).collect()
}

/// The operations of our client, by AWS's names, as the code has them.
fn operations() -> BTreeSet<String> {
    let hooked = read("src/aws/hooked.rs");
    let (_, names) = hooked.split_once("fn as_str(self)").unwrap();
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
    let statements = statements("policy");
    let allowed: BTreeSet<&str> =
        statements.iter().flat_map(|statement| list(&statement["Action"])).collect();
    assert!(statements.iter().all(|statement| statement["Effect"] == "Allow"));
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
fn jobs_are_submitted_to_named_queues_with_the_tag_of_the_cluster() {
    let ours = json!({ "StringEquals": { format!("aws:RequestTag/{TAG_CLUSTER}"): "CLUSTER_ID" } });
    let expected = [
        ("batch:SubmitJob", &["job-queue/JOB_QUEUE", "job-definition/JOB_DEFINITION:*"][..]),
        // Tags of queues and definitions are what other policies judge by.
        ("batch:TagResource", &["job/*"]),
    ];
    for (action, resources) in expected {
        for statement in allowing(action) {
            let arns = resources.iter().map(|name| format!("arn:PARTITION:batch:REGION:ACCOUNT_ID:{name}"));
            assert_eq!(list(&statement["Resource"]), arns.collect::<Vec<_>>(), "{action}");
            assert_eq!(statement["Condition"], ours, "{action}");
        }
    }
}

#[test]
fn only_jobs_of_the_cluster_or_granted_to_it_are_ended() {
    let ours = json!({ "StringEquals": { format!("aws:ResourceTag/{TAG_CLUSTER}"): "CLUSTER_ID" } });
    let granted = json!({ "StringLike": { format!("aws:ResourceTag/{GRANT}"): "CLUSTER_ID/*" } });
    for action in ["batch:TerminateJob", "batch:CancelJob"] {
        for statement in allowing(action) {
            let condition = &statement["Condition"];
            assert!(*condition == ours || *condition == granted, "{action}: {condition}");
            assert_eq!(list(&statement["Resource"]), ["arn:PARTITION:batch:REGION:ACCOUNT_ID:job/*"]);
        }
    }
}

#[test]
fn nobody_but_the_operator_sets_or_removes_identity_tags() {
    let statement = &statements("scp")[0];
    assert_eq!(statement["Effect"], "Deny");
    let actions: BTreeSet<&str> = list(&statement["Action"]).into_iter().collect();
    assert_eq!(actions, BTreeSet::from(["batch:SubmitJob", "batch:TagResource", "batch:UntagResource"]));
    assert_eq!(statement["Resource"], "*");
    // The tag of a grant is not among them: the owner of a job sets it.
    let keys = json!([TAG_UID, TAG_CLUSTER, TAG_NAMESPACE, TAG_NAME]);
    let operator = "arn:PARTITION:iam::ACCOUNT_ID:role/OPERATOR_ROLE";
    let condition = json!({
        // Names of condition keys ignore case, so another spelling of a tag could pass for the operator's.
        "ForAnyValue:StringEqualsIgnoreCase": { "aws:TagKeys": keys },
        "ArnNotEquals": { "aws:PrincipalArn": operator },
    });
    assert_eq!(statement["Condition"], condition);
}

#[test]
fn every_policy_is_for_any_partition_and_the_page_fills_each_placeholder() {
    let texts = POLICIES.map(|policy| read(&format!("deploy/iam/{policy}.json")));
    let used: BTreeSet<&str> = texts.iter().flat_map(|text| placeholders(text)).collect();
    for (policy, text) in POLICIES.iter().zip(&texts) {
        let arns: Vec<&str> = text.split('"').filter(|word| word.starts_with("arn:")).collect();
        assert!(
            !arns.is_empty() && arns.iter().all(|arn| arn.starts_with("arn:PARTITION:")),
            "{policy}: {arns:?}"
        );
    }
    let page = read("docs/operations.md");
    let filled: BTreeSet<&str> =
        page.split("-e 's|").skip(1).map(|rest| rest.split('|').next().unwrap()).collect();
    assert_eq!(filled, used);
    for name in used {
        assert!(page.contains(&format!("\n| `{name}` |")), "the page does not explain {name}");
    }
}

#[test]
fn the_client_calls_nothing_that_has_no_name_in_metrics() {
    let files = ["client", "read", "end", "probe"].map(|file| read(&format!("src/aws/sdk/{file}.rs")));
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
fn the_account_is_learned_by_a_call_that_needs_no_permission() {
    let sdk = read("src/aws/sdk/identity.rs");
    let called: BTreeSet<&str> =
        sdk.split(".get_").skip(1).map(|rest| rest.split('(').next().unwrap()).collect();
    assert_eq!(called, BTreeSet::from(["caller_identity"]));
}

#[test]
fn who_reads_logs_may_make_the_two_calls_of_the_plugin_and_no_other() {
    let code: String = read("plugin/src/logs/cloud.rs").split_whitespace().collect();
    let called: BTreeSet<&str> =
        code.split("=client.").skip(1).map(|rest| rest.split('(').next().unwrap()).collect();
    let statements = statements("logs");
    let actions: Vec<&str> = statements.iter().flat_map(|statement| list(&statement["Action"])).collect();
    assert_eq!(actions, ["batch:DescribeJobs", "logs:GetLogEvents"]);
    let allowed = actions.iter().map(|action| snake(action.split_once(':').unwrap().1));
    assert_eq!(called.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), allowed.collect());
    let streams = "arn:PARTITION:logs:REGION:ACCOUNT_ID:log-group:/aws/batch/job:log-stream:*";
    assert_eq!(list(&statements[1]["Resource"]), [streams]);
}

#[test]
fn the_trust_policies_are_for_the_charts_service_account_of_one_cluster() {
    let irsa = json!({
        "OIDC_PROVIDER:aud": "sts.amazonaws.com",
        "OIDC_PROVIDER:sub": "system:serviceaccount:aws-batch-operator:aws-batch-operator",
    });
    let pod_identity = json!({
        "aws:RequestTag/eks-cluster-arn": "arn:PARTITION:eks:REGION:ACCOUNT_ID:cluster/EKS_CLUSTER",
        "aws:RequestTag/kubernetes-namespace": "aws-batch-operator",
        "aws:RequestTag/kubernetes-service-account": "aws-batch-operator",
    });
    for (name, conditions) in [("trust-irsa", irsa), ("trust-pod-identity", pod_identity)] {
        let statements = statements(name);
        assert_eq!(statements.len(), 1, "{name}");
        assert_eq!(statements[0]["Condition"], json!({ "StringEquals": conditions }), "{name}");
    }
}
