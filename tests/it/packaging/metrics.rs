//! Alerts and dashboard name metrics that the binary serves, with values that it gives their labels.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::aws::{Operation, Recorder};
use aws_batch_operator::job::FaultKind;
use aws_batch_operator::telemetry::{LeftOut, Metrics};
use serde_json::Value;

use super::read;

/// What is served once everything has happened.
fn served() -> String {
    let metrics = Arc::new(Metrics::default());
    metrics.pass_failed("changed");
    metrics.write_refused("write_status");
    metrics.event_left_out(true, LeftOut::Budget);
    metrics.event_left_out(false, LeftOut::NotTaken);
    metrics.call(Operation::SubmitJob, None, Duration::from_millis(1));
    for kind in [
        FaultKind::Throttled,
        FaultKind::Refused,
        FaultKind::Denied,
        FaultKind::NoCredentials,
        FaultKind::NotSent,
        FaultKind::Unclear,
    ] {
        metrics.call(Operation::SubmitJob, Some(kind), Duration::from_millis(1));
    }
    metrics.encode(1, true).unwrap()
}

/// The metrics that a text names.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
    let starts = text.match_indices("aws_batch_operator_").map(|(at, _)| &text[at..]);
    starts.map(|rest| rest.chars().take_while(|c| is_part(*c)).collect()).collect()
}

/// The queries of the dashboard and of the alerts.
fn queries() -> Vec<String> {
    let dashboard = read("charts/aws-batch-operator/files/dashboard.json");
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().unwrap());
    let mut queries: Vec<String> =
        targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect();
    let rules = read("charts/aws-batch-operator/files/rules.yaml");
    queries.extend(rules.lines().filter(|line| line.trim().starts_with("expr: ")).map(str::to_owned));
    assert!(queries.len() > 12, "{queries:?}");
    queries
}

#[test]
fn alerts_and_dashboard_name_metrics_that_are_served() {
    let served = served();
    for query in queries() {
        let named = names(&query);
        assert!(!named.is_empty(), "{query}");
        for name in named {
            let is = |line: &str| line.strip_prefix(&name).is_some_and(|rest| rest.starts_with([' ', '{']));
            assert!(served.lines().any(is), "{name}, of {query}, is not served:\n{served}");
        }
    }
}

#[test]
fn every_value_of_a_label_that_a_query_asks_for_is_one_that_is_given() {
    let served = served();
    for query in queries() {
        // Between quotes stand the values.
        for value in query.split('"').skip(1).step_by(2).flat_map(|values| values.split('|')) {
            assert!(served.contains(&format!("\"{value}\"")), "{value}, of {query}");
        }
    }
}
