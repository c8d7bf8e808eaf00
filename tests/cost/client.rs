//! The operator's real client of AWS Batch, over a network that gives one answer to every call.

use std::time::Duration;

use aws_batch_operator::aws::sdk::{Aws, Settings};
use aws_batch_operator::aws::{Batch, Permit};
use aws_batch_operator::clock::Clock;
use aws_batch_operator::job::{JobId, RemoteJob};
use aws_sdk_batch::config::http::{HttpRequest, HttpResponse};
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, HttpClient, Region, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use tokio::runtime::{self, Runtime};

/// A client whose every call has the same answer.
pub struct Client {
    aws: Aws,
    runtime: Runtime,
}

#[derive(Clone, Debug)]
struct Network {
    answer: String,
}

impl Client {
    /// A client to whom AWS tells of these jobs.
    pub fn of(jobs: &[Value]) -> Self {
        let config = Builder::new()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "cost"))
            .http_client(Network { answer: json!({ "jobs": jobs }).to_string() });
        let permit = Permit::always(Clock::system());
        let aws = Aws::new(config, Settings { attempt_timeout: Duration::from_mins(1), permit });
        Self { aws, runtime: runtime::Builder::new_current_thread().enable_time().build().unwrap() }
    }

    /// DescribeJobs.
    pub fn describe(&self, ids: &[JobId]) -> Vec<RemoteJob> {
        self.runtime.block_on(self.aws.describe(ids)).unwrap()
    }
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let body = SdkBody::from(self.answer.as_str());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(200.try_into().unwrap(), body)))
    }
}
