//! A live table of the jobs: drawn again in place on a terminal, line by line on change elsewhere.
//! Knows nothing of where the objects come from.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stdout};
use std::time::Duration;

use serde_json::Value;

/// The row of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The object's name.
    pub name: String,
    /// The status' phase.
    pub phase: String,
    cells: String,
}

impl Row {
    /// Reads an object as kubectl prints it.
    pub fn of(object: &Value) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => "-".to_owned(),
            other => other.to_string(),
        };
        let status = &object["status"];
        let (name, phase) = (text(&object["metadata"]["name"]), text(&status["phase"]));
        let cells = format!(
            "{name:<15} {phase:<10} {:<10} {:>4}  {:<36}  {}",
            text(&status["jobStatus"]),
            text(&status["exitCode"]),
            text(&status["jobId"]),
            text(&status["reason"]),
        );
        Self { name, phase, cells }
    }
}

/// The table, and what it showed last.
#[derive(Debug, Default)]
pub struct Table {
    shown: Vec<Row>,
}

impl Table {
    /// Shows the rows of objects that were applied `age` ago.
    pub fn show(&mut self, rows: &[Row], age: Duration) -> std::io::Result<()> {
        let mut out = stdout();
        let text = if out.is_terminal() { self.drawn_again(rows, age) } else { self.news(rows, age) };
        self.shown = rows.to_vec();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// All rows, over those drawn before. Nothing wraps, for then they would be more lines than rows.
    fn drawn_again(&self, rows: &[Row], age: Duration) -> String {
        let mut text = String::new();
        if !self.shown.is_empty() {
            let _ = write!(text, "\x1b[{}A\x1b[J", self.shown.len() + 1);
        }
        let lines = rows.iter().map(|row| line(row, age)).collect::<String>();
        let _ = write!(text, "\x1b[?7l{}{lines}\x1b[?7h", head());
        text
    }

    /// The rows that have changed.
    fn news(&self, rows: &[Row], age: Duration) -> String {
        let head = if self.shown.is_empty() { head() } else { String::new() };
        let changed = rows.iter().filter(|row| !self.shown.contains(row));
        head + &changed.map(|row| line(row, age)).collect::<String>()
    }
}

fn head() -> String {
    let (name, phase, status, id) = ("NAME", "PHASE", "STATUS", "JOB ID");
    format!(" AGE  {name:<15} {phase:<10} {status:<10} EXIT  {id:<36}  REASON\n")
}

fn line(row: &Row, age: Duration) -> String {
    format!("{:>3}s  {}\n", age.as_secs(), row.cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(phase: &str) -> Row {
        Row::of(&json!({ "metadata": { "name": "a" }, "status": { "phase": phase, "exitCode": 137 } }))
    }

    #[test]
    fn a_row_shows_what_there_is_and_a_dash_for_what_is_not() {
        let cells = row("Failed").cells;
        assert_eq!(cells.split_whitespace().collect::<Vec<_>>(), ["a", "Failed", "-", "137", "-", "-"]);
        assert_eq!(Row::of(&json!({ "metadata": { "name": "a" } })).phase, "-");
    }

    #[test]
    fn a_log_hears_of_changes_only() {
        let mut table = Table::default();
        assert_eq!(table.news(&[row("Running")], Duration::ZERO).lines().count(), 2);
        table.shown = vec![row("Running")];
        assert_eq!(table.news(&[row("Running")], Duration::from_secs(1)), "");
        assert_eq!(table.news(&[row("Failed")], Duration::from_secs(2)).lines().count(), 1);
    }

    #[test]
    fn a_terminal_is_drawn_over() {
        let mut table = Table::default();
        assert!(!table.drawn_again(&[row("Running")], Duration::ZERO).contains("\x1b[J"));
        table.shown = vec![row("Running")];
        assert!(table.drawn_again(&[row("Running")], Duration::ZERO).starts_with("\x1b[2A\x1b[J"));
    }
}
