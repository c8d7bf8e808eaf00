//! What one run has measured, and the medians of several.

use serde_json::{Value, json};

use crate::bench::requests::Requests;
use crate::bench::statistics::median;

/// The figures of one run, or of several. Times are milliseconds of the API server's processors for each object.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// What the API server uses in a second by itself. The other figures are without it.
    pub idle: f64,
    /// The creation of a ConfigMap.
    pub config_map: f64,
    /// The creation of a BatchJob that no operator looks after.
    pub created: f64,
    /// A BatchJob from its creation until all have a recorded job id.
    pub recorded: f64,
    /// A BatchJob from its creation until all run.
    pub running: f64,
    /// ConfigMaps a second, as sixteen writers create them.
    pub config_maps_a_second: f64,
    /// BatchJobs a second, from the first creation to the last record.
    pub submitted_a_second: f64,
    /// Requests for each BatchJob until all have a recorded job id.
    pub requests_recorded: Requests,
    /// Requests for each BatchJob until all run.
    pub requests_running: Requests,
}

impl Figures {
    /// The operator's part until the record.
    pub fn operator(&self) -> f64 {
        self.recorded - self.created
    }

    /// So many ConfigMaps could have been created.
    pub fn ratio(&self) -> f64 {
        self.recorded / self.config_map
    }

    /// The same until all run.
    pub fn ratio_running(&self) -> f64 {
        self.running / self.config_map
    }

    /// The median of each figure.
    pub fn medians(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(runs.iter().map(figure).collect());
        Self {
            idle: of(|run| run.idle),
            config_map: of(|run| run.config_map),
            created: of(|run| run.created),
            recorded: of(|run| run.recorded),
            running: of(|run| run.running),
            config_maps_a_second: of(|run| run.config_maps_a_second),
            submitted_a_second: of(|run| run.submitted_a_second),
            requests_recorded: each_median(runs, |run| &run.requests_recorded),
            requests_running: each_median(runs, |run| &run.requests_running),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "cpuMillisecondsPerSecondIdle": self.idle,
            "cpuMillisecondsPerObject": {
                "configMapCreated": self.config_map,
                "batchJobCreated": self.created,
                "batchJobRecorded": self.recorded,
                "batchJobRunning": self.running,
                "operator": self.operator(),
            },
            "ratioToConfigMap": self.ratio(),
            "ratioToConfigMapUntilRunning": self.ratio_running(),
            "configMapsPerSecond": self.config_maps_a_second,
            "submittedPerSecond": self.submitted_a_second,
            "requestsPerObjectRecorded": self.requests_recorded,
            "requestsPerObjectRunning": self.requests_running,
        })
    }
}

/// The median for each kind of request.
fn each_median(runs: &[Figures], of: fn(&Figures) -> &Requests) -> Requests {
    let kinds = runs.iter().flat_map(|run| of(run).keys().cloned());
    let medians = kinds.map(|kind| {
        let all = runs.iter().map(|run| of(run).get(&kind).copied().unwrap_or_default());
        let each = median(all.collect());
        (kind, each)
    });
    medians.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(recorded: f64, claims: f64) -> Figures {
        Figures {
            idle: 20.0,
            config_map: 2.0,
            created: 3.0,
            recorded,
            running: 2.0 * recorded,
            config_maps_a_second: 500.0,
            submitted_a_second: 10.0,
            requests_recorded: [("PATCH batchjobs".to_owned(), claims)].into(),
            requests_running: [("PUT batchjobs/status".to_owned(), 2.0 * claims)].into(),
        }
    }

    #[test]
    fn one_run_that_went_otherwise_does_not_count() {
        let medians = Figures::medians(&[run(30.0, 1.0), run(500.0, 9.0), run(20.0, 1.5)]);
        assert_eq!(medians, run(30.0, 1.5).with_running(60.0));
        assert!((medians.ratio() - 15.0).abs() < 1e-9 && (medians.operator() - 27.0).abs() < 1e-9);
    }

    impl Figures {
        fn with_running(self, running: f64) -> Self {
            Self { running, ..self }
        }
    }
}
