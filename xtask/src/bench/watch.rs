//! When the API server shows a change: one watch of metadata, which costs the server one small event for each change.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::time::Instant;

use serde_json::Value;

use super::load::batch_jobs;
use super::stage::Stage;
use crate::run::Failure;

/// The BatchJobs that come to be selected.
#[derive(Debug)]
pub struct Watch {
    lines: BufReader<TcpStream>,
}

impl Watch {
    /// Begins with what comes to be selected from now on.
    pub fn start(stage: &Stage, namespace: &str, selector: &str) -> Result<Self, Failure> {
        let path = batch_jobs(namespace);
        let now = stage.proxy.get(&format!("{path}?limit=1&{selector}"))?;
        let version =
            now["metadata"]["resourceVersion"].as_str().ok_or("a list without a resourceVersion")?;
        let stream =
            stage.proxy.stream(&format!("{path}?watch=true&resourceVersion={version}&{selector}"))?;
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while lines.read_line(&mut head)? > 2 {}
        if head.split(' ').nth(1) != Some("200") {
            return Err(format!("the watch of BatchJobs is refused: {}", head.trim()).into());
        }
        Ok(Self { lines })
    }

    /// Reads until so many have come. Answers when each came, by name.
    pub fn arrivals(mut self, number: usize) -> Result<BTreeMap<String, Instant>, Failure> {
        let mut arrivals = BTreeMap::new();
        let mut line = String::new();
        while arrivals.len() < number {
            line.clear();
            let length = self.lines.read_line(&mut line);
            let length = length.map_err(|error| {
                format!("{} of {number} changes were shown, and then none: {error}", arrivals.len())
            })?;
            if length == 0 {
                return Err("the API server has ended the watch of BatchJobs".into());
            }
            if let Some(name) = added(&line) {
                arrivals.entry(name).or_insert_with(Instant::now);
            }
        }
        Ok(arrivals)
    }
}

/// The name of the object that this event adds to what is selected.
fn added(event: &str) -> Option<String> {
    let event: Value = serde_json::from_str(event).ok()?;
    let name = event["object"]["metadata"]["name"].as_str()?;
    (event["type"] == "ADDED").then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_comes_to_be_selected_counts() {
        let event = |kind: &str| {
            format!(r#"{{"type":"{kind}","object":{{"metadata":{{"name":"kept-7","uid":"u"}}}}}}"#)
        };
        assert_eq!(added(&event("ADDED")).as_deref(), Some("kept-7"));
        assert_eq!(added(&event("MODIFIED")), None);
        assert_eq!(added("{"), None);
    }
}
