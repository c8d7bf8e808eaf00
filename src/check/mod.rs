//! Proves that an installation can work, without changing anything: what `aws-batch-operator check` says.

mod access;
mod cloud;
mod need;
mod served;
mod time;

pub use need::{Need, needs};

use std::fmt;
use std::time::Duration;

use kube::Client;
use serde_json::Value;
use tokio::time::timeout;

use crate::batch::aws::Connection;
use crate::causes::causes;
use crate::config::Config;

/// One question of the API server, from request to last byte.
const DEADLINE: Duration = Duration::from_secs(5);

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    /// `Ok`: what was found. `Err`: what is wrong, and what to do.
    pub outcome: Result<String, String>,
}

impl Finding {
    fn new(what: impl Into<String>, outcome: Result<String, String>) -> Self {
        Self { what: what.into(), outcome }
    }

    /// Whether it is as it should be.
    pub fn is_ok(&self) -> bool {
        self.outcome.is_ok()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.outcome {
            Ok(text) => ("ok", text),
            Err(text) => ("failed", text),
        };
        let separator = if text.is_empty() { "" } else { ": " };
        write!(f, "{word:<7} {}{separator}{text}", self.what)
    }
}

/// The cluster's half: the API server, the CRD, the permissions. Where the API server is away, nothing else is asked.
pub async fn cluster(client: &Client, config: &Config) -> Vec<Finding> {
    let server = served::server(client).await;
    let is_there = server.is_ok();
    let mut findings = vec![server];
    if is_there {
        findings.push(served::resource(client).await);
        findings.extend(access::permissions(client, &needs(config, client.default_namespace())).await);
    }
    findings
}

/// What is found where no client of the API server can be made at all.
pub fn no_cluster(error: &(dyn std::error::Error + 'static)) -> Vec<Finding> {
    let way_out = "run it in a pod with a ServiceAccount token, or set KUBECONFIG";
    vec![Finding::new("API server", Err(format!("no way to reach one ({}); {way_out}", causes(error))))]
}

/// What is found where endpoints, proxies or certificates for AWS are not taken.
pub fn no_aws(error: &(dyn std::error::Error + 'static)) -> Finding {
    Finding::new("way to AWS", Err(causes(error)))
}

/// AWS's half: Region, credentials, account, the permissions that a harmless read can show, and how AWS takes time.
pub async fn aws(connection: &Connection, config: &Config) -> Vec<Finding> {
    match cloud::region(connection.region.as_deref()) {
        region if region.is_ok() => [vec![region], cloud::reads(connection, config).await].concat(),
        // Without a Region nothing can be asked.
        region => vec![region],
    }
}

/// GET, or why not.
async fn get(client: &Client, path: &str) -> Result<Value, String> {
    let request = axum::http::Request::get(path).body(Vec::new()).map_err(|error| error.to_string())?;
    within(client.request(request)).await
}

/// The answer, or why there is none.
async fn within<T>(call: impl Future<Output = kube::Result<T>>) -> Result<T, String> {
    match timeout(DEADLINE, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(causes(&error)),
        Err(_) => Err(format!("no answer within {} s", DEADLINE.as_secs())),
    }
}
