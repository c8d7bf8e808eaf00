//! Refuses an answer that lacks a member which AWS always sends. The SDK fills in what is missing: the `{}` of a proxy
//! would read as a list without jobs, and so allow a second send. A job without an id would read as a missing job.

use aws_sdk_batch::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;

use super::whole::CompleteAnswer;

impl Intercept for CompleteAnswer {
    fn name(&self) -> &'static str {
        "CompleteAnswer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        if response.status().is_success() {
            self.check(response.body().bytes())?;
        }
        Ok(())
    }
}
