//! The charts of a run.

use std::fs;
use std::path::Path;

use super::figures::Column;
use super::rows::{
    ACTIVE, ACTIVE_AGAIN, CHANGE_P50, CHANGE_P99, FINISHED, FINISHED_AGAIN, IDLE, QUIET_CALLS, QUIET_WRITES,
    Row,
};
use super::svg::{Bar, svg};
use crate::run::Failure;

/// A chart: the name of its file, its title, its unit, and what it shows of each column.
type Chart = (&'static str, &'static str, &'static str, &'static [(&'static str, Row)]);

const CHARTS: [Chart; 3] = [
    (
        "memory",
        "Resident memory of the operator",
        "MiB",
        &[
            ("idle", IDLE),
            ("active", ACTIVE),
            ("active, restarted", ACTIVE_AGAIN),
            ("finished", FINISHED),
            ("finished, restarted", FINISHED_AGAIN),
        ],
    ),
    (
        "calls",
        "Calls and writes while nothing moves",
        "a second",
        &[("calls of AWS", QUIET_CALLS), ("writes", QUIET_WRITES)],
    ),
    ("delay", "From a change in AWS to the status", "seconds", &[("p50", CHANGE_P50), ("p99", CHANGE_P99)]),
];

/// Writes each chart to the folder.
pub fn write(folder: &Path, columns: &[Column]) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, title, unit, shown) in CHARTS {
        let file = folder.join(format!("{name}.svg"));
        fs::write(&file, svg(title, unit, &bars(shown, columns)))
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

fn bars(shown: &[(&str, Row)], columns: &[Column]) -> Vec<Bar> {
    let of_column = |column: &Column| {
        let title = column.title();
        let bar = |(words, row): &(&str, Row)| {
            Some(Bar { label: format!("{title}: {words}"), number: column.figures.get(row)? })
        };
        shown.iter().filter_map(bar).collect::<Vec<_>>()
    };
    columns.iter().flat_map(of_column).collect()
}

#[cfg(test)]
mod tests {
    use super::super::figures::Figures;
    use super::*;

    #[test]
    fn a_column_without_the_figure_has_no_bar() {
        let (mut operator, naive) = (Figures::default(), Figures::default());
        operator.set(&IDLE, 19.5);
        let columns = [
            Column { name: "operator", objects: 1_000, figures: operator },
            Column { name: "naive", objects: 300, figures: naive },
        ];
        let bars = bars(CHARTS[0].3, &columns);
        assert_eq!(bars, [Bar { label: "operator, 1000 objects: idle".to_owned(), number: 19.5 }]);
    }
}
