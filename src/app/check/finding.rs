//! The result of a check, and the reads of the API server.

use std::fmt;
use std::time::Duration;

use kube::Client;
use serde_json::Value;
use tokio::time::timeout;

use crate::causes::causes;

/// The longest time for one call of the API server, up to the last byte.
const DEADLINE: Duration = Duration::from_secs(5);

/// One checked thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the checked thing.
    pub what: String,
    /// `Ok`: what was found. `Err`: what is wrong, and what to do.
    pub outcome: Result<String, String>,
}

impl Finding {
    pub fn new(what: impl Into<String>, outcome: Result<String, String>) -> Self {
        Self { what: what.into(), outcome }
    }

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

/// The JSON answer to a GET, or why there is none.
pub async fn get(client: &Client, path: &str) -> Result<Value, String> {
    let request = axum::http::Request::get(path).body(Vec::new()).map_err(|error| error.to_string())?;
    within(client.request(request)).await
}

/// The answer, or why there is none.
pub async fn within<T>(call: impl Future<Output = kube::Result<T>>) -> Result<T, String> {
    match timeout(DEADLINE, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(causes(&error)),
        Err(_) => Err(format!("no answer within {} s", DEADLINE.as_secs())),
    }
}
