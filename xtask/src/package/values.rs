//! The values of the chart as its schema describes them: written as `values.yaml`, and as a table for people.

use std::fmt::Write;

use serde_json::{Value, json};

/// One value.
struct Row<'a> {
    path: String,
    description: &'a str,
    /// `None`: it has members.
    default: Option<Value>,
}

fn rows(schema: &Value) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    collect("", schema, &mut rows);
    rows
}

fn collect<'a>(parent: &str, schema: &'a Value, rows: &mut Vec<Row<'a>>) {
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        let has_members = member["properties"].is_object();
        let default = (!has_members).then(|| member.get("default").cloned().unwrap_or_else(|| json!({})));
        let description = member["description"].as_str().unwrap_or_default();
        rows.push(Row { path: path.clone(), description, default });
        collect(&path, member, rows);
    }
}

/// `values.yaml`: each default below what it means. JSON is YAML, too.
pub fn yaml(schema: &Value) -> String {
    let mut text = "# Generated from values.schema.json by `cargo xtask gen`. Do not edit.\n".to_owned();
    for row in rows(schema) {
        let (depth, name) = match row.path.rsplit_once('.') {
            Some((parent, name)) => (parent.split('.').count(), name),
            None => (0, row.path.as_str()),
        };
        let indent = "  ".repeat(depth);
        let value = row.default.map(|default| format!(" {default}")).unwrap_or_default();
        let gap = if depth == 0 { "\n" } else { "" };
        let _ = writeln!(text, "{gap}{indent}# {}\n{indent}{name}:{value}", row.description);
    }
    text
}

/// The table of the README.
pub fn table(schema: &Value) -> String {
    let mut text = "| value | default | meaning |\n|---|---|---|\n".to_owned();
    for row in rows(schema) {
        if let Some(default) = &row.default {
            let _ =
                writeln!(text, "| `{}` | `{default}` | {} |", row.path, row.description.replace('|', "\\|"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_below_its_meaning_and_in_the_table() {
        let leaf = json!({ "type": "integer", "description": "how many | at most", "default": 2 });
        let schema = json!({ "properties": { "a": { "description": "all", "properties": { "b": leaf } } } });
        assert!(yaml(&schema).ends_with("\n# all\na:\n  # how many | at most\n  b: 2\n"));
        assert!(table(&schema).ends_with("| `a.b` | `2` | how many \\| at most |\n"));
    }
}
