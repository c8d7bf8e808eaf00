//! The log of a world: each line of a pass names its object.

use std::io::{self, Write};
use std::process::Command;
use std::sync::{Arc, Mutex};

use aws_batch_operator::telemetry::{Format, logger};
use serde_json::Value;

use super::run::Run;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The log of the replicas of some worlds.
fn log(format: Format) -> String {
    let log = Log::default();
    let writer = log.clone();
    let logger = logger(format, "warn,aws_batch_operator=debug", move || writer.clone()).unwrap();
    tracing::subscriber::with_default(logger, || {
        for seed in 0..20 {
            Run { seed, mutation: None, with_history: false }.go();
        }
    });
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// This test needs a process of its own. tracing caches for each log line whether a subscriber wants it. Other tests
/// that reach a line at the same moment can leave a wrong cache.
#[test]
fn each_line_of_a_pass_names_its_object() {
    let mut alone = Command::new(std::env::current_exe().unwrap());
    let ended = alone.args(["--ignored", "--exact", "lines::each_line_names_its_object"]).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "the test above runs it in a process of its own"]
fn each_line_names_its_object() {
    let log_lines = log(Format::Json);
    let lines: Vec<Value> = log_lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_of_pass = |line: &&Value| {
        let message = line["message"].as_str().unwrap();
        line.get("reason").is_some() || message.ends_with("trying again") || message.contains("has changed")
    };
    let of_passes: Vec<_> = lines.iter().filter(is_of_pass).collect();
    assert!(of_passes.len() > 50, "{} of {}", of_passes.len(), lines.len());
    for line in of_passes {
        let has = |key: &str| line[key].as_str().is_some_and(|value| !value.is_empty());
        assert!(["namespace", "name", "uid"].into_iter().all(has), "{line}");
    }
    let lines = log(Format::Text);
    let is_named = |line: &str| line.contains("pass{namespace=\"") && line.contains("uid=\"");
    assert!(lines.lines().filter(|line| line.contains("reason=")).all(is_named), "{lines:.2000}");
}
