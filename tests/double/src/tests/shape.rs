//! What SubmitJob refuses whatever it names: each rule, just within and just beyond.

use serde_json::{Value, json};

use super::Scene;

/// Accepts the first, and refuses the second with these words.
#[track_caller]
fn check(accepted: &Value, refused: &Value, words: &str) {
    let mut scene = Scene::new();
    let answer = scene.try_submit(accepted, 0);
    assert!(answer.is_ok(), "{accepted}: {answer:?}");
    let refusal = scene.refusal(refused);
    assert!(refusal.contains(words), "{refused}: {refusal}");
}

#[test]
fn a_name_has_128_plain_characters_and_begins_with_one_that_is_no_mark() {
    let words = "Job name should match valid pattern";
    let name = |name: &str| json!({ "jobName": name });
    check(&name(&"x".repeat(128)), &name(&"x".repeat(129)), words);
    check(&name("a-b_C9"), &name("a.b"), words);
    check(&name("9"), &name("-a"), words);
    check(&name("a"), &name("_a"), words);
}

#[test]
fn name_queue_and_definition_are_required() {
    for member in ["jobName", "jobQueue", "jobDefinition"] {
        check(&json!({}), &json!({ member: null }), &format!("{member} is required"));
    }
}

#[test]
fn numbers_have_limits() {
    for (member, inner, least, most) in
        [("arrayProperties", "size", 2, 10_000), ("retryStrategy", "attempts", 1, 10)]
    {
        check(&json!({ member: { inner: least } }), &json!({ member: { inner: least - 1 } }), inner);
        check(&json!({ member: { inner: most } }), &json!({ member: { inner: most + 1 } }), inner);
        check(&json!({ member: {} }), &json!({ member: { inner: "3" } }), inner);
    }
    let timeout = |seconds: i64| json!({ "timeout": { "attemptDurationSeconds": seconds } });
    check(&timeout(60), &timeout(59), "attemptDurationSeconds");
    let priority = |priority: i64| json!({ "schedulingPriorityOverride": priority });
    check(&priority(9_999), &priority(10_000), "schedulingPriorityOverride");
    check(&priority(0), &priority(-1), "schedulingPriorityOverride");
}

#[test]
fn conditions_need_attempts_known_actions_and_plain_patterns() {
    let strategy =
        |conditions: Value| json!({ "retryStrategy": { "attempts": 2, "evaluateOnExit": conditions } });
    let one = |member: &str, pattern: &str| strategy(json!([{ member: pattern, "action": "retry" }]));
    let alone = json!({ "retryStrategy": { "evaluateOnExit": [{ "action": "EXIT" }] } });
    check(
        &strategy(json!([{ "action": "EXIT" }])),
        &alone,
        "RetryAttempts must be provided with retry strategy",
    );
    let many = |number: usize| strategy(json!(vec![json!({ "action": "EXIT" }); number]));
    check(&many(5), &many(6), "at most 5");
    check(&strategy(json!([{ "action": "exit" }])), &strategy(json!([{ "action": "STOP" }])), "action");
    check(&one("onExitCode", "13*"), &one("onExitCode", "1*3"), "onExitCode");
    check(&one("onReason", "Host EC2: x.*"), &one("onReason", "a/b"), "onReason");
    check(
        &one("onStatusReason", &"x".repeat(512)),
        &one("onStatusReason", &"x".repeat(513)),
        "onStatusReason",
    );
}

#[test]
fn tags_have_limits() {
    let tags = |number: usize| {
        let tags: serde_json::Map<_, _> = (0..number).map(|n| (n.to_string(), json!("v"))).collect();
        json!({ "tags": tags })
    };
    check(&tags(50), &tags(51), "at most 50 tags");
    let tag = |key: &str, value: &str| json!({ "tags": { key: value } });
    check(&tag(&"k".repeat(128), ""), &tag(&"k".repeat(129), ""), "not valid");
    check(&tag("k", &"v".repeat(256)), &tag("k", &"v".repeat(257)), "not valid");
    check(&tag("awsbatch", ""), &tag("aws:batch", ""), "not valid");
}

#[test]
fn dependencies_are_twenty_at_most_and_their_types_are_for_arrays() {
    let array = json!({ "size": 2 });
    let sequential = json!([{ "type": "SEQUENTIAL" }]);
    check(
        &json!({ "arrayProperties": array, "dependsOn": sequential }),
        &json!({ "dependsOn": sequential }),
        "for array jobs",
    );
    check(&json!({ "dependsOn": [] }), &json!({ "dependsOn": [{}] }), "jobId is required");
    let n_to_n = json!({ "arrayProperties": array, "dependsOn": [{ "type": "N_TO_N" }] });
    check(&json!({ "arrayProperties": array }), &n_to_n, "jobId is required");
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    let on = |number: usize| json!({ "dependsOn": vec![json!({ "jobId": id }); number] });
    assert!(scene.try_submit(&on(20), 0).is_ok());
    assert!(scene.refusal(&on(21)).contains("maximum of 20"));
}

#[test]
fn parameters_are_strings() {
    let parameters = |value: Value| json!({ "parameters": { "a": value } });
    check(&parameters(json!("1")), &parameters(json!(1)), "parameters");
}

#[test]
fn containers_of_every_kind_keep_to_their_rules() {
    let environment = |name: &str| json!([{ "name": name, "value": "x" }]);
    let reserved = "Environment variables cannot start with AWS_BATCH";
    let container = |member: &str, value: Value| json!({ "containerOverrides": { member: value } });
    check(
        &container("environment", environment("AWS")),
        &container("environment", environment("AWS_BATCH_X")),
        reserved,
    );
    let pod = |name: &str| {
        let containers = json!([{ "env": environment(name) }]);
        json!({ "eksPropertiesOverride": { "podProperties": { "initContainers": containers } } })
    };
    check(&pod("A"), &pod("AWS_BATCH"), reserved);
    let task = |name: &str| {
        let containers = json!([{ "environment": environment(name) }]);
        json!({ "ecsPropertiesOverride": { "taskProperties": [{ "containers": containers }] } })
    };
    check(&task("A"), &task("AWS_BATCH"), reserved);
    check(&container("command", json!(["a"])), &container("command", json!(["a", ""])), "empty string");
    let requirement = |kind: &str, value: &str| {
        container("resourceRequirements", json!([{ "type": kind, "value": value }]))
    };
    check(&requirement("MEMORY", "4"), &requirement("MEMORY", "3"), "not valid");
    check(&requirement("VCPU", "0.25"), &requirement("VCPU", "0.3"), "not valid");
    check(&requirement("GPU", "1"), &requirement("TPU", "1"), "type");
}

#[test]
fn nodes_tasks_and_namespaces_keep_to_theirs() {
    let nodes =
        |range: &str| json!({ "nodeOverrides": { "nodePropertyOverrides": [{ "targetNodes": range }] } });
    for (good, bad) in [("0", ""), ("0:3", "0-3"), (":3", ":x"), ("0:", "-1:"), (":", "::")] {
        check(&nodes(good), &nodes(bad), "targetNodes");
    }
    let tasks =
        |number: usize| json!({ "ecsPropertiesOverride": { "taskProperties": vec![json!({}); number] } });
    check(&tasks(1), &tasks(2), "one element");
    let namespace = |name: &str| json!({ "eksPropertiesOverride": { "podProperties": { "metadata": { "namespace": name } } } });
    for bad in ["default", "kube-system", "-a", "A", ""] {
        check(&namespace("team-1"), &namespace(bad), "namespace");
    }
}
