//! A naive client of AWS Batch, for comparison with the operator: `naive API_SERVER NAMESPACE AWS`.
//!
//! Each BatchJob has a thread. The thread submits the job, asks for that job alone every 15 seconds, and writes a status
//! after each answer. The client keeps nothing: a crash between SubmitJob and the status runs a job twice.

use std::error::Error;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stand::ask;

/// The time between two looks at one job.
const INTERVAL: Duration = Duration::from_secs(15);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The two services.
struct Client {
    api_server: String,
    batch_jobs: String,
    aws: String,
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next =
        || arguments.next().ok_or("usage: naive API_SERVER NAMESPACE AWS, each address as HOST:PORT");
    let (api_server, namespace, aws) = (next()?, next()?, next()?);
    let batch_jobs = format!("/apis/awsbatch.dev/v1alpha1/namespaces/{namespace}/batchjobs");
    let client = Client { api_server, batch_jobs, aws };
    let list =
        ask(&client.api_server, &format!("GET {}", client.batch_jobs), "Accept: application/json\r\n", "")?;
    let objects = list["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let share = INTERVAL / u32::try_from(objects.len().max(1))?;
    scope(|scope| {
        for (object, number) in objects.iter().zip(0..) {
            let client = &client;
            scope.spawn(move || client.follow(object, share * number));
        }
    });
    Ok(())
}

impl Client {
    /// Looks at one job for ever, from its own moment of the interval on.
    #[allow(clippy::print_stderr, reason = "the log of a program")]
    fn follow(&self, object: &Value, moment: Duration) {
        let begun = Instant::now();
        sleep(moment);
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let mut id = None;
        for look in 1.. {
            if let Err(error) = self.look(name, &object["spec"], &mut id) {
                eprintln!("{name}: {error}");
            }
            sleep((moment + INTERVAL * look).saturating_sub(begun.elapsed()));
        }
    }

    fn look(&self, name: &str, spec: &Value, id: &mut Option<Value>) -> Outcome<()> {
        let status = match id {
            None => {
                let mut request = spec.clone();
                request["jobName"] = name.into();
                let job = self.call("submitjob", &request)?;
                json!({ "phase": "Submitted", "jobId": id.insert(job["jobId"].clone()) })
            }
            Some(id) => {
                let answer = self.call("describejobs", &json!({ "jobs": [id] }))?;
                let status = &answer["jobs"][0]["status"];
                let phase = match status.as_str() {
                    Some("FAILED") => "Failed",
                    Some("SUCCEEDED") => "Succeeded",
                    Some("RUNNING") => "Running",
                    _ => "Submitted",
                };
                json!({ "phase": phase, "jobStatus": status })
            }
        };
        let request = format!("PATCH {}/{name}/status", self.batch_jobs);
        let headers = "Accept: application/json\r\nContent-Type: application/merge-patch+json\r\n";
        ask(&self.api_server, &request, headers, &json!({ "status": status }).to_string())?;
        Ok(())
    }

    /// The double of AWS Batch looks at the date of a signature, and not at the signature.
    #[allow(clippy::disallowed_methods, reason = "a program with a clock of its own")]
    fn call(&self, operation: &str, request: &Value) -> Outcome<Value> {
        let date = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        let headers =
            format!("Authorization: none\r\nX-Amz-Date: {date}\r\nContent-Type: application/json\r\n");
        ask(&self.aws, &format!("POST /v1/{operation}"), &headers, &request.to_string())
    }
}
