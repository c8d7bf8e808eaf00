//! The rules for immutable members. The API server evaluates them at every write, even of a status. Each access to a
//! member of the spec builds a table of all members there. So the rules access as few members as possible.

use serde_json::{Value, json};

use super::{OWN_MEMBERS, REQUEST_MEMBERS};

/// Whether the number of set members is unchanged. `dyn` hides the type, so the rule uses only the size.
const AS_MANY: &str = "size(dyn(self)) == size(dyn(oldSelf))";

/// Adds the rules to the schema of the spec.
pub fn hold(spec: &mut Value) {
    let required: Vec<String> = serde_json::from_value(spec["required"].clone()).unwrap_or_default();
    for member in members() {
        push(&mut spec["properties"][member], unchanged(member));
    }
    let optional: Vec<_> = members().filter(|member| !required.iter().any(|name| name == member)).collect();
    for member in &optional {
        push(spec, neither_set_nor_unset(member));
    }
    push(spec, not_exchanged(&optional));
}

fn members() -> impl Iterator<Item = &'static str> {
    let own = OWN_MEMBERS.into_iter().filter(|(_, mutable)| !mutable).map(|(member, _)| member);
    REQUEST_MEMBERS.into_iter().chain(own)
}

fn push(schema: &mut Value, rule: Value) {
    match &mut schema["x-kubernetes-validations"] {
        Value::Array(rules) => rules.push(rule),
        none => *none = json!([rule]),
    }
}

/// A rule on the member, which costs nothing while the member is not set.
fn unchanged(member: &str) -> Value {
    json!({ "rule": "self == oldSelf", "message": message(member) })
}

/// A rule on the spec, because a rule on the member would not notice that the member is added or removed.
fn neither_set_nor_unset(member: &str) -> Value {
    json!({
        "rule": format!("{AS_MANY} || {}", is_set_as_before(member)),
        "message": message(member),
        "fieldPath": format!(".{member}"),
    })
}

/// If one member is set and another is removed in one write, the number of members is unchanged.
fn not_exchanged(optional: &[&str]) -> Value {
    let held: Vec<_> = optional.iter().map(|member| is_set_as_before(member)).collect();
    // The parts are concatenated: the API server would reject a list and its `join` as too expensive.
    let named =
        |member: &&str| format!("({} ? '' : 'spec.{member} is immutable; ')", is_set_as_before(member));
    let named: Vec<_> = optional.iter().map(named).collect();
    json!({
        "rule": format!("!({AS_MANY}) || self == oldSelf || ({})", held.join(" && ")),
        "message": "a member that is immutable was set or unset; create a new BatchJob to run a changed one",
        "messageExpression": format!("{} + 'create a new BatchJob to run a changed one'", named.join(" + ")),
    })
}

fn is_set_as_before(member: &str) -> String {
    format!("has(self.{member}) == has(oldSelf.{member})")
}

fn message(member: &str) -> String {
    format!("{member} is immutable; create a new BatchJob to run a changed one")
}
