//! What the tests of the service as a library stand on: a clock that they turn, and signed calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hyper::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{START, brisk};
use crate::answer::Call;
use crate::clock::Clock;
use crate::delivery::Delivery;
use crate::message::Message;
use crate::service::Core;
use crate::shared::Config;

/// A service by a clock that stands until it is turned.
pub struct Served {
    pub core: Core,
    time: Arc<AtomicI64>,
}

impl Served {
    pub fn new() -> Self {
        Self::of(&Config::default())
    }

    /// One of this account.
    pub fn in_account(account: &str) -> Self {
        Self::of(&Config { account: account.to_owned(), ..Config::default() })
    }

    fn of(config: &Config) -> Self {
        let time = Arc::new(AtomicI64::new(START));
        let shown = time.clone();
        let mut core = Core::new(config, Clock::new(move || shown.load(Ordering::SeqCst)));
        core.set_job_behaviour("job", brisk());
        Self { core, time }
    }

    pub fn turn(&self, by_ms: i64) {
        self.time.fetch_add(by_ms, Ordering::SeqCst);
    }

    /// A call that is signed now.
    pub fn call(&mut self, path: &str, body: &Value) -> Delivery {
        self.signed(path, body.to_string(), 0)
    }

    /// A call that was signed so long ago, by the clock that is turned.
    pub fn signed(&mut self, path: &str, body: String, ago_ms: i64) -> Delivery {
        let at = Timestamp::from_millisecond(self.time.load(Ordering::SeqCst) - ago_ms).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "AWS4-HMAC-SHA256 x".parse().unwrap());
        headers.insert("x-amz-date", at.strftime("%Y%m%dT%H%M%SZ").to_string().parse().unwrap());
        self.core.answer(&Call { method: Method::POST, path: path.to_owned(), headers, body: body.into() })
    }

    /// The whole answer to such a call.
    pub fn ask(&mut self, path: &str, body: &Value) -> Message {
        let delivery = self.call(path, body);
        let Delivery::CompleteAnswer(message) = delivery else { panic!("{delivery:?}") };
        message
    }

    /// Submits `job` to `q`; its id.
    pub fn submit(&mut self) -> String {
        let answer = self.ask("/v1/submitjob", &job());
        body(&answer)["jobId"].as_str().unwrap().to_owned()
    }

    /// How many jobs ListJobs tells of.
    pub fn listed(&mut self) -> usize {
        body(&self.ask("/v1/listjobs", &by_name()))["jobSummaryList"].as_array().unwrap().len()
    }

    /// What DescribeJobs tells of the job.
    pub fn described(&mut self, id: &str) -> Option<Value> {
        body(&self.ask("/v1/describejobs", &json!({ "jobs": [id] })))["jobs"].get(0).cloned()
    }
}

pub fn job() -> Value {
    json!({ "jobName": "job", "jobQueue": "q", "jobDefinition": "d", "tags": { "uid": "1" } })
}

pub fn by_name() -> Value {
    json!({ "jobQueue": "q", "filters": [{ "name": "JOB_NAME", "values": ["job"] }] })
}

pub fn body(message: &Message) -> Value {
    serde_json::from_str(&message.body).unwrap()
}
