//! The rules that hold what never changes. The API server evaluates them at every write, those of statuses included, and
//! each look at a member of the spec builds a table of all of them there. So the rules look at members as little as can be.

use serde_json::{Value, json};

use super::{OWN_MEMBERS, REQUEST_MEMBERS};

/// Whether as many members are set as before. It looks at none of them: the server only knows the size of what is dynamic.
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

/// On the member: a member that is not set costs nothing.
fn unchanged(member: &str) -> Value {
    json!({ "rule": "self == oldSelf", "message": message(member) })
}

/// On the spec: a rule on the member would not see it come and go.
fn neither_set_nor_unset(member: &str) -> Value {
    json!({
        "rule": format!("{AS_MANY} || {}", is_set_as_before(member)),
        "message": message(member),
        "fieldPath": format!(".{member}"),
    })
}

/// One member that is set in the same write as another is unset leaves their number as it was.
fn not_exchanged(optional: &[&str]) -> Value {
    let held: Vec<_> = optional.iter().map(|member| is_set_as_before(member)).collect();
    // Parts that are put together: the server reckons a list and its `join` too dear to be taken.
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
