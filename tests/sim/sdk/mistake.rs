//! Mistakes that only the client can make. Each overrides the operator's settings, as an update of the SDK could.

use std::time::Duration;

use aws_runtime::service_clock_skew::DisableClockSkewCorrection;
use aws_sdk_batch::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_batch::config::retry::RetryConfig;
use aws_sdk_batch::config::{ConfigBag, Intercept};
use aws_sdk_batch::error::BoxError;
use batch_double::Message;

use super::super::mutation::Mutation;

/// A mistake, made in every call.
#[derive(Debug)]
pub struct Mistake(pub Mutation);

impl Intercept for Mistake {
    fn name(&self) -> &'static str {
        "Mistake"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match self.0 {
            Mutation::RetryUnclear => {
                let retries = RetryConfig::standard().with_initial_backoff(Duration::from_nanos(1));
                config.interceptor_state().store_put(retries);
            }
            Mutation::SkewedSignature => {
                config.interceptor_state().store_put(DisableClockSkewCorrection::from(false));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Changes an answer into what a client sees that takes a missing list for an empty one.
pub fn believe(mutation: Option<Mutation>, message: &mut Message) {
    if mutation == Some(Mutation::EmptyIsWhole) && message.status == 200 && message.body == "{}" {
        "{\"jobs\":[],\"jobSummaryList\":[],\"successful\":[],\"errors\":[]}".clone_into(&mut message.body);
        message.headers.push(("x-amzn-requestid", "believed".to_owned()));
    }
}
