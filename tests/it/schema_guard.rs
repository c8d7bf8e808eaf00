//! What keeps the other tests of the schema honest: no rule without a refused case, no member without an example, no
//! value of AWS's that we lack. Knows no member by name.

use std::collections::{BTreeMap, BTreeSet};

use aws_batch_operator::api;
use aws_sdk_batch::types as sdk;
use serde_json::Value;

const REFUSED: &str = include_str!("../cluster/schema/refused.jsonl");

fn spec() -> Value {
    let crd = serde_json::to_value(api::crd()).unwrap();
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"].clone()
}

/// The schemas below this one, this one included.
fn all(schema: &Value) -> Vec<&Value> {
    let members = schema["properties"].as_object().into_iter().flat_map(|members| members.values());
    let inner = members.chain(schema.get("items")).chain(schema.get("additionalProperties"));
    std::iter::once(schema).chain(inner.flat_map(all)).collect()
}

/// Which members of each shape an example sets, at whichever of its places. A shape is known by its members.
type Shapes = BTreeMap<String, BTreeMap<String, bool>>;

fn look(schema: &Value, examples: &[&Value], shapes: &mut Shapes) {
    let key = schema["properties"].to_string();
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let set: Vec<_> = examples.iter().filter_map(|example| example.get(name)).collect();
        *shapes.entry(key.clone()).or_default().entry(name.clone()).or_default() |= !set.is_empty();
        look(inner, &set, shapes);
    }
    if schema["items"].is_object() {
        let elements: Vec<_> = examples.iter().filter_map(|list| list.as_array()).flatten().collect();
        look(&schema["items"], &elements, shapes);
    }
}

#[test]
fn every_rule_speaks_and_has_a_case_that_it_refuses() {
    let cases: Vec<Value> = REFUSED.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let spec = spec();
    let rules = all(&spec).into_iter().filter_map(|schema| schema["x-kubernetes-validations"].as_array());
    let mut number = 0;
    for rule in rules.flatten() {
        number += 1;
        let message = rule["message"].as_str().unwrap_or_else(|| panic!("no message: {rule}"));
        // Whether they refuse is tried member by member, on the server.
        if message.contains("is immutable") {
            continue;
        }
        let is_tried = cases.iter().any(|case| {
            let (names, says) = (case["names"].as_str().unwrap(), case["says"].as_str().unwrap());
            message.contains(says) && (message.contains(names) || names.starts_with("spec."))
        });
        assert!(is_tried, "no case in refused.jsonl for: {message}");
    }
    assert!(number > 40, "{number}");
}

#[test]
fn the_full_spec_has_every_member_of_the_request() {
    let full: Value = serde_json::from_str(include_str!("full-spec.json")).unwrap();
    let mut shapes = Shapes::new();
    look(&spec(), &[&full], &mut shapes);
    let own: Vec<_> = api::OWN_MEMBERS.iter().map(|(member, _)| *member).collect();
    for (shape, members) in &shapes {
        // `dependsOn[].name` is ours.
        let is_ours = |name: &str| own.contains(&name) || (name == "name" && members.contains_key("jobId"));
        let missing: Vec<_> = members.iter().filter(|(name, is_set)| !**is_set && !is_ours(name)).collect();
        assert!(missing.is_empty(), "full-spec.json never sets {missing:?} of {shape:.200}");
    }
    assert!(shapes.len() > 15, "{}", shapes.len());
}

#[test]
fn the_crd_bears_the_names_that_people_depend_on() {
    let crd = serde_json::to_value(api::crd()).unwrap();
    assert_eq!(crd["metadata"]["name"], format!("batchjobs.{}", api::GROUP));
    assert_eq!((&crd["spec"]["group"], &crd["spec"]["scope"]), (&api::GROUP.into(), &"Namespaced".into()));
    let version = &crd["spec"]["versions"][0];
    assert_eq!((&version["name"], &version["storage"]), (&api::VERSION.into(), &true.into()));
    let names = [&crd["spec"]["names"]["kind"], &crd["spec"]["names"]["shortNames"][0]];
    assert_eq!(names, ["BatchJob", "bj"]);
    let columns = version["additionalPrinterColumns"].as_array().unwrap();
    let columns: Vec<_> = columns.iter().map(|column| column["name"].as_str().unwrap()).collect();
    assert_eq!(columns, ["Phase", "Status", "Queue", "Exit", "Started", "Age", "Job ID", "Reason"]);
    for name in [api::FINALIZER, api::CLAIM_ANNOTATION, api::TAG_UID, api::TAG_NAME] {
        assert!(name.starts_with(&format!("{}/", api::GROUP)), "{name}");
    }
}

#[test]
fn no_value_is_listed_twice_and_no_bound_of_integers_has_a_fraction() {
    for values in all(&spec()).into_iter().filter_map(|schema| schema["enum"].as_array()) {
        let distinct: BTreeSet<_> = values.iter().map(Value::to_string).collect();
        assert_eq!(distinct.len(), values.len(), "{values:?}");
    }
    let yaml = api::crd_yaml();
    let bounds = yaml.lines().filter(|line| line.contains("imum: "));
    let broken: Vec<_> = bounds.filter(|line| line.contains(['.', 'e'])).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn aws_has_no_value_that_we_refuse() {
    let spec = spec();
    let enums: Vec<BTreeSet<&str>> = all(&spec)
        .into_iter()
        .filter_map(|schema| schema["enum"].as_array())
        .map(|values| values.iter().filter_map(Value::as_str).collect())
        .collect();
    for theirs in [sdk::RetryAction::values(), sdk::ArrayJobDependency::values(), sdk::ResourceType::values()]
    {
        let is_carried = enums.iter().any(|ours| theirs.iter().all(|value| ours.contains(value)));
        assert!(is_carried, "{theirs:?}");
    }
}
