//! The CRD without a server: it is what is stored, every part of it is bounded, and AWS's request has no member that it
//! lacks.

use std::collections::BTreeSet;
use std::path::Path;

use aws_batch_operator::api::{self, BatchJobSpec, OWN_MEMBERS, REQUEST_MEMBERS};
use aws_sdk_batch::operation::submit_job::SubmitJobInput;
use aws_sdk_batch::types as sdk;
use serde_json::Value;

fn schema() -> Value {
    let crd = serde_json::to_value(api::crd()).unwrap();
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone()
}

/// Calls `check` for the schema at every path.
fn walk(path: &str, schema: &Value, check: &mut impl FnMut(&str, &Value)) {
    check(path, schema);
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        walk(&format!("{path}.{name}"), inner, check);
    }
    for inner in ["items", "additionalProperties"] {
        if schema[inner].is_object() {
            walk(&format!("{path}[]"), &schema[inner], check);
        }
    }
}

#[test]
fn the_stored_crd_is_what_the_program_prints() {
    let stored =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/crd.yaml")).unwrap();
    assert!(stored == api::crd_yaml(), "deploy/crd.yaml is stale: run `cargo xtask gen`");
}

/// The API server warns of any other at each `kubectl apply`.
#[test]
fn kubernetes_knows_every_format() {
    walk("", &schema(), &mut |path, schema| {
        let format = schema["format"].as_str();
        let is_known = format.is_none_or(|it| ["int32", "int64", "date-time"].contains(&it));
        assert!(is_known, "{path}: {format:?}");
    });
}

#[test]
fn every_string_list_and_map_is_bounded_and_nothing_is_nullable() {
    let mut visited = 0;
    walk("", &schema(), &mut |path, schema| {
        visited += 1;
        assert!(schema.get("nullable").is_none(), "{path} is nullable");
        let bound = match schema["type"].as_str() {
            Some("string") if schema.get("enum").is_none() && schema.get("format").is_none() => "maxLength",
            Some("array") => "maxItems",
            Some("object") if schema.get("additionalProperties").is_some() => "maxProperties",
            _ => return,
        };
        assert!(schema[bound].is_u64(), "{path} has no {bound}");
    });
    assert!(visited > 150, "{visited}");
}

#[test]
fn no_default_but_that_of_the_status() {
    walk("", &schema(), &mut |path, schema| {
        assert!(schema.get("default").is_none() || path == ".status", "{path} has a default");
    });
}

#[test]
fn every_field_explains_itself() {
    walk("", &schema(), &mut |path, schema| {
        let is_element = path.ends_with("[]");
        let described = schema["description"].as_str().is_some_and(|text| !text.is_empty());
        assert!(described || is_element || path.is_empty(), "{path} has no description");
    });
}

/// The description of an enum's type replaces that of its member in the schema: so it may get lost.
#[test]
fn every_member_of_the_spec_says_whether_it_can_be_changed() {
    let schema = schema();
    for (name, member) in schema["properties"]["spec"]["properties"].as_object().unwrap() {
        let text = member["description"].as_str().unwrap();
        let mutable = OWN_MEMBERS.iter().any(|(own, mutable)| own == name && *mutable);
        let word = if mutable { "Mutable" } else { "Immutable" };
        assert!(text.contains(word), "spec.{name} does not say {word}: {text}");
    }
}

#[test]
fn a_spec_with_every_member_reads_and_writes_back_unchanged() {
    let full: Value = serde_json::from_str(include_str!("full-spec.json")).unwrap();
    let spec: BatchJobSpec = serde_json::from_value(full.clone()).unwrap();
    assert_eq!(api::request_json(&spec), full);
    let members: BTreeSet<_> = full.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(REQUEST_MEMBERS));
}

/// The members of an SDK type, read from what `Debug` prints of one that has none set.
fn members(debug: &str) -> BTreeSet<String> {
    let (_, fields) = debug.split_once('{').unwrap_or(("", ""));
    let names = fields.trim_end_matches('}').split(',').filter_map(|field| field.split_once(':'));
    names.map(|(name, _)| camel(name.trim())).collect()
}

fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// The members of the schema at `path` below the spec.
fn carried(path: &[&str]) -> BTreeSet<String> {
    let mut schema = schema()["properties"]["spec"].clone();
    for part in path {
        schema = if *part == "[]" { schema["items"].clone() } else { schema["properties"][part].clone() };
    }
    schema["properties"].as_object().unwrap_or_else(|| panic!("{path:?}")).keys().cloned().collect()
}

#[test]
fn aws_has_no_member_that_we_do_not_carry() {
    let request = members(&format!("{:?}", SubmitJobInput::builder().build().unwrap()));
    assert_eq!(request, REQUEST_MEMBERS.into_iter().map(str::to_owned).collect());
    macro_rules! same {
        ($shape:ident, $($part:literal)*) => {
            let theirs = members(&format!("{:?}", sdk::$shape::builder().build()));
            let ours: BTreeSet<_> = carried(&[$($part),*]).into_iter().filter(|name| name != "name" || theirs.contains("name")).collect();
            assert_eq!(theirs, ours, stringify!($shape));
        };
    }
    same!(ArrayProperties, "arrayProperties");
    same!(JobDependency, "dependsOn" "[]");
    same!(ContainerOverrides, "containerOverrides");
    same!(KeyValuePair, "containerOverrides" "environment" "[]");
    same!(ResourceRequirement, "containerOverrides" "resourceRequirements" "[]");
    same!(NodeOverrides, "nodeOverrides");
    same!(NodePropertyOverride, "nodeOverrides" "nodePropertyOverrides" "[]");
    same!(RetryStrategy, "retryStrategy");
    same!(EvaluateOnExit, "retryStrategy" "evaluateOnExit" "[]");
    same!(JobTimeout, "timeout");
    same!(EksPropertiesOverride, "eksPropertiesOverride");
    same!(EksPodPropertiesOverride, "eksPropertiesOverride" "podProperties");
    same!(EksContainerOverride, "eksPropertiesOverride" "podProperties" "containers" "[]");
    same!(EksContainerEnvironmentVariable, "eksPropertiesOverride" "podProperties" "containers" "[]" "env" "[]");
    same!(EksContainerResourceRequirements, "eksPropertiesOverride" "podProperties" "containers" "[]" "resources");
    same!(EksMetadata, "eksPropertiesOverride" "podProperties" "metadata");
    same!(EcsPropertiesOverride, "ecsPropertiesOverride");
    same!(TaskPropertiesOverride, "ecsPropertiesOverride" "taskProperties" "[]");
    same!(TaskContainerOverrides, "ecsPropertiesOverride" "taskProperties" "[]" "containers" "[]");
    same!(ConsumableResourceProperties, "consumableResourcePropertiesOverride");
    same!(ConsumableResourceRequirement, "consumableResourcePropertiesOverride" "consumableResourceList" "[]");
}
