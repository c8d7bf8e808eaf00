//! A live table of the jobs: drawn again in place on a terminal, line by line on change elsewhere.

use std::io::{IsTerminal, Write, stdout};

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
            "{name:<16} {phase:<10} {:<10} {:>4}  {:<36}  {}",
            text(&status["jobStatus"]),
            text(&status["exitCode"]),
            text(&status["jobId"]),
            text(&status["reason"]).chars().take(50).collect::<String>(),
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
    /// Shows these rows, where they are news.
    pub fn show(&mut self, rows: &[Row]) -> std::io::Result<()> {
        if rows == self.shown {
            return Ok(());
        }
        let mut out = stdout();
        let head = format!(
            "{:<16} {:<10} {:<10} {:>4}  {:<36}  REASON",
            "NAME", "PHASE", "STATUS", "EXIT", "JOB ID"
        );
        if out.is_terminal() {
            if !self.shown.is_empty() {
                write!(out, "\x1b[{}A\x1b[J", self.shown.len() + 1)?;
            }
            writeln!(out, "{head}")?;
            for row in rows {
                writeln!(out, "{}", row.cells)?;
            }
        } else {
            if self.shown.is_empty() {
                writeln!(out, "{head}")?;
            }
            for row in rows.iter().filter(|row| !self.shown.contains(row)) {
                writeln!(out, "{}", row.cells)?;
            }
        }
        self.shown = rows.to_vec();
        out.flush()
    }
}
