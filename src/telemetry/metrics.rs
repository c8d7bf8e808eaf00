//! What is counted, and how it is served.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::aws::{CallOutcome, Operation, Recorder};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    operation: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabel {
    operation: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Step {
    step: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EventLabels {
    r#type: &'static str,
    cause: &'static str,
}

/// Why an Event was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// More came than may be written.
    Budget,
    /// The API server did not take it.
    NotTaken,
}

/// All metrics of the process.
pub struct Metrics {
    registry: Registry,
    calls: Family<Call, Counter>,
    call_seconds: Family<OperationLabel, Histogram>,
    failures: Family<Step, Counter>,
    refusals: Family<Step, Counter>,
    left_out: Family<EventLabels, Counter>,
    followed: Gauge,
    leader: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    /// Everything at zero.
    fn default() -> Self {
        let mut registry = Registry::with_prefix("aws_batch_operator");
        let calls = Family::default();
        registry.register("aws_calls", "Calls of AWS Batch", calls.clone());
        let call_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        registry.register("aws_call_seconds", "How long calls of AWS Batch take", call_seconds.clone());
        let failures = Family::default();
        registry.register("failed_passes", "Passes that were broken off, by step", failures.clone());
        let refusals = Family::default();
        registry.register(
            "refused_writes",
            "Writes that the API server refuses for good, by step",
            refusals.clone(),
        );
        let left_out = Family::default();
        registry.register(
            "left_out_events",
            "Events that were not written, by type and cause",
            left_out.clone(),
        );
        let followed = Gauge::default();
        registry.register("followed_jobs", "Jobs that are polled", followed.clone());
        let leader = Gauge::default();
        registry.register("leader", "1 while this replica leads", leader.clone());
        Self { registry, calls, call_seconds, failures, refusals, left_out, followed, leader }
    }
}

impl Metrics {
    /// A pass was broken off at `step`.
    pub fn pass_failed(&self, step: &'static str) {
        self.failures.get_or_create(&Step { step }).inc();
    }

    /// The API server refuses the write of `step`.
    pub fn write_refused(&self, step: &'static str) {
        self.refusals.get_or_create(&Step { step }).inc();
    }

    /// An Event was not written.
    pub fn event_left_out(&self, is_warning: bool, cause: LeftOut) {
        let r#type = if is_warning { "Warning" } else { "Normal" };
        let cause = match cause {
            LeftOut::Budget => "budget",
            LeftOut::NotTaken => "not_taken",
        };
        self.left_out.get_or_create(&EventLabels { r#type, cause }).inc();
    }

    /// The metrics in OpenMetrics text.
    pub fn encode(&self, followed: usize, leads: bool) -> Result<String, fmt::Error> {
        self.leader.set(i64::from(leads));
        self.followed.set(i64::try_from(followed).unwrap_or(i64::MAX));
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

fn seconds() -> Histogram {
    Histogram::new([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
}

impl Recorder for Arc<Metrics> {
    fn call(&self, operation: Operation, outcome: CallOutcome, took: Duration) {
        let call =
            Call { operation: operation.as_str(), outcome: outcome.map_or("ok", |kind| kind.as_str()) };
        self.calls.get_or_create(&call).inc();
        let operation = OperationLabel { operation: operation.as_str() };
        self.call_seconds.get_or_create(&operation).observe(took.as_secs_f64());
    }
}
