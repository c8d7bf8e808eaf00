//! What one run has measured, and the medians of several.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rows::{ROWS, Row};
use crate::bench::statistics::median;

/// The figures that were measured, by their names in the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures(BTreeMap<&'static str, f64>);

/// What a table and a chart show of one subject.
#[derive(Clone, Debug)]
pub struct Column {
    /// What the subject is called.
    pub name: &'static str,
    /// With how many objects it was measured.
    pub objects: u16,
    /// The medians of its runs.
    pub figures: Figures,
}

impl Column {
    /// The name with the number.
    pub fn title(&self) -> String {
        format!("{}, {} objects", self.name, self.objects)
    }
}

impl Figures {
    /// Puts down a figure.
    pub fn set(&mut self, row: &Row, number: f64) {
        self.0.insert(row.key, number);
    }

    /// Puts down a figure, and shows it: a run takes long, and may fail later.
    pub fn measured(&mut self, row: &Row, number: f64) {
        println!("    {}: {number:.*}", row.words, row.decimals);
        self.set(row, number);
    }

    /// Puts down a number of things, and shows it.
    pub fn count(&mut self, row: &Row, number: impl TryInto<u32>) {
        self.measured(row, number.try_into().unwrap_or(u32::MAX).into());
    }

    /// The figure, if it was measured.
    pub fn get(&self, row: &Row) -> Option<f64> {
        self.0.get(row.key).copied()
    }

    /// The median of each figure over the runs that have it.
    pub fn medians(runs: &[Self]) -> Self {
        let mut medians = Self::default();
        for row in ROWS {
            let numbers: Vec<_> = runs.iter().filter_map(|run| run.get(row)).collect();
            if !numbers.is_empty() {
                medians.set(row, median(numbers));
            }
        }
        medians
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::{IDLE, TWICE};
    use super::*;

    #[test]
    fn a_median_is_that_of_the_runs_that_have_the_figure() {
        let run = |idle: Option<f64>| {
            let mut run = Figures::default();
            run.count(&TWICE, 0_usize);
            if let Some(idle) = idle {
                run.set(&IDLE, idle);
            }
            run
        };
        let medians = Figures::medians(&[run(Some(19.0)), run(None), run(Some(90.0)), run(Some(20.0))]);
        assert_eq!(medians, run(Some(20.0)));
        assert_eq!(medians.to_json(), json!({ "idleMiB": 20.0, "submittedTwice": 0.0 }));
    }
}
