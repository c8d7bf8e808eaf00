//! The figures as a Markdown table: one column for each subject.

use std::collections::BTreeSet;

use super::figures::Figures;
use crate::bench::markdown::{head, line};
use crate::bench::requests::Requests;

/// A figure with its words.
type Figure = (&'static str, fn(&Figures) -> f64);

/// The requests until some moment.
type Counts = fn(&Figures) -> &Requests;

/// One line for each figure.
pub fn table(columns: &[(&str, &Figures)]) -> String {
    let names: Vec<_> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut lines = head("for each object", &names).to_vec();
    let times: [Figure; 5] = [
        ("CPU ms: a ConfigMap, created", |figures| figures.config_map),
        ("CPU ms: a BatchJob, created", |figures| figures.created),
        ("CPU ms: a BatchJob, until its job id is recorded", |figures| figures.recorded),
        ("CPU ms: the operator's part of that", Figures::operator),
        ("CPU ms: a BatchJob, until its job runs", |figures| figures.running),
    ];
    let ratios: [Figure; 5] = [
        ("CPU ms a second, by itself", |figures| figures.idle),
        ("ConfigMaps for one recorded BatchJob", Figures::ratio),
        ("ConfigMaps for one running BatchJob", Figures::ratio_running),
        ("ConfigMaps created a second", |figures| figures.config_maps_a_second),
        ("BatchJobs recorded a second", |figures| figures.submitted_a_second),
    ];
    for (name, figure) in times.into_iter().chain(ratios) {
        lines.push(line(name, &cells(columns, |figures| format!("{:.1}", figure(figures)))));
    }
    let counts: [(_, Counts); 2] = [
        ("recorded", |figures| &figures.requests_recorded),
        ("running", |figures| &figures.requests_running),
    ];
    for (until, of) in counts {
        let kinds: BTreeSet<_> = columns.iter().flat_map(|(_, figures)| of(figures).keys()).collect();
        for kind in kinds {
            let number = |figures: &Figures| of(figures).get(kind).copied().unwrap_or_default();
            let name = format!("until {until}: {kind}");
            lines.push(line(&name, &cells(columns, |figures| format!("{:.2}", number(figures)))));
        }
    }
    lines.join("\n")
}

fn cells(columns: &[(&str, &Figures)], cell: impl Fn(&Figures) -> String) -> Vec<String> {
    columns.iter().map(|(_, figures)| cell(figures)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_line_and_every_subject_a_column() {
        let before = Figures {
            idle: 20.0,
            config_map: 2.0,
            created: 3.0,
            recorded: 42.0,
            running: 60.0,
            config_maps_a_second: 500.0,
            submitted_a_second: 25.0,
            requests_recorded: [("PATCH batchjobs".to_owned(), 1.0)].into(),
            requests_running: [("PUT batchjobs/status".to_owned(), 2.5)].into(),
        };
        let after = Figures { recorded: 14.0, requests_running: [].into(), ..before.clone() };
        let table = table(&[("before", &before), ("after", &after)]);
        for expected in [
            "| for each object | before | after |",
            "| ConfigMaps for one recorded BatchJob | 21.0 | 7.0 |",
            "| CPU ms: the operator's part of that | 39.0 | 11.0 |",
            "| until recorded: PATCH batchjobs | 1.00 | 1.00 |",
            "| until running: PUT batchjobs/status | 2.50 | 0.00 |",
        ] {
            assert!(table.lines().any(|line| line == expected), "{expected}\n{table}");
        }
    }
}
