//! An answer that lacks what AWS always sends is no answer. The SDK fills in what is missing: a proxy's `{}` would read as
//! a listing without jobs, and "no job" is what allows a second send.

use aws_sdk_batch::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use serde_json::Value;

/// Refuses a good answer without this list.
#[derive(Clone, Copy, Debug)]
pub struct Whole(pub &'static str);

impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "Whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let is_whole = body.is_some_and(|body| body.get(self.0).is_some_and(Value::is_array));
        if response.status().is_success() && !is_whole {
            return Err(format!("AWS answered without {}", self.0).into());
        }
        Ok(())
    }
}
