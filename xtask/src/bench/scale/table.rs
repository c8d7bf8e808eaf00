//! The figures as a Markdown table: one column for each subject.

use super::figures::Column;
use super::rows::ROWS;
use crate::bench::markdown::{head, line};

/// One line for each figure that a column has; a column without it has a dash.
pub fn table(columns: &[Column]) -> String {
    let names: Vec<_> = columns.iter().map(Column::title).collect();
    let mut lines = head("medians of all runs", &names).to_vec();
    for row in ROWS {
        let cells: Vec<_> = columns.iter().map(|column| column.figures.get(row)).collect();
        if cells.iter().any(Option::is_some) {
            let shown = |cell: Option<f64>| match cell {
                Some(number) => format!("{number:.*}", row.decimals),
                None => "-".to_owned(),
            };
            lines.push(line(row.words, &cells.into_iter().map(shown).collect::<Vec<_>>()));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::figures::Figures;
    use super::super::rows::{QUIET_CALLS, TWICE};
    use super::*;

    #[test]
    fn what_only_one_column_has_is_a_line_and_what_none_has_is_not() {
        let (mut operator, mut naive) = (Figures::default(), Figures::default());
        operator.set(&QUIET_CALLS, 4.904);
        operator.set(&TWICE, 0.0);
        naive.set(&QUIET_CALLS, 66.7);
        let table = table(&[
            Column { name: "operator", objects: 1_000, figures: operator },
            Column { name: "naive", objects: 300, figures: naive },
        ]);
        let expected = [
            "| medians of all runs | operator, 1000 objects | naive, 300 objects |",
            "| --- | ---: | ---: |",
            "| nothing moves: calls of AWS a second | 4.90 | 66.70 |",
            "| objects with two jobs | 0 | - |",
        ];
        assert_eq!(table.lines().collect::<Vec<_>>(), expected);
    }
}
