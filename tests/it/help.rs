//! The tables of `docs/debugging.md` that are printed from `help`, which `explain` and `kubectl batchjob why` tell from.

use std::path::Path;

use aws_batch_operator::help::{DELETED, ENDED, HAS_JOB, Help, NOT_SUBMITTED, UNREAD, UNSEEN};

#[test]
fn the_page_for_debugging_says_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/debugging.md");
    for (name, head, rows) in [
        ("unseen", "cause | evidence | way out", UNSEEN),
        ("not submitted", "reason | cause | evidence | way out", NOT_SUBMITTED),
        ("has a job", "reason | cause | evidence | way out", HAS_JOB),
        ("unread", "reason at `Observed` | way out", UNREAD),
        ("ended", "reason | cause | evidence | way out", ENDED),
        ("deleted", "reason | cause | evidence | way out", DELETED),
    ] {
        let columns = head.split(" | ").count();
        let rows: String = rows.iter().map(|row| line(row, columns)).collect();
        let marks = (format!("<!-- {name} -->\n"), format!("<!-- the end of {name} -->\n"));
        let table = format!("| {head} |\n{}|\n{rows}", "|---".repeat(columns));
        stand::assert_golden_part(&path, (&marks.0, &marks.1), &table);
    }
}

/// The row with as many cells as its table has columns.
fn line(row: &Help, columns: usize) -> String {
    let reasons: Vec<_> = row.reasons.iter().map(|reason| format!("`{}`", reason.as_str())).collect();
    let at = if row.at.is_empty() { String::new() } else { format!(", at `{}`", row.at) };
    let reason = if reasons.is_empty() { "none".to_owned() } else { reasons.join(", ") + &at };
    let cells = match columns {
        2 => vec![&*reason, row.way_out],
        3 => vec![row.cause, row.evidence, row.way_out],
        _ => vec![&*reason, row.cause, row.evidence, row.way_out],
    };
    format!("| {} |\n", cells.join(" | "))
}
