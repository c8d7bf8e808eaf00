//! Refuses an answer that lacks a member which AWS always sends. The SDK fills in what is missing: the `{}` of a proxy
//! would read as a list without jobs, and so allow a second send. A job without an id would read as a missing job.

use aws_sdk_batch::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use serde::de::Deserializer;

use super::whole::WholeAnswer;

/// Refuses a successful answer that is no JSON object, lacks its list, or has elements that lack a member.
#[derive(Clone, Copy, Debug)]
pub struct CompleteAnswer {
    pub list: &'static str,
    /// Members that every element has, as strings that are not empty.
    pub members: &'static [&'static str],
    pub is_optional: bool,
}

impl CompleteAnswer {
    pub const JOBS: Self = Self { list: "jobs", members: &["jobId", "status"], is_optional: false };
    pub const SUMMARIES: Self = Self { list: "jobSummaryList", members: &["jobId"], is_optional: false };
    pub const QUEUES: Self =
        Self { list: "jobQueues", members: &["jobQueueName", "jobQueueArn", "state"], is_optional: false };
    /// For TerminateJobs and CancelJobs. The answers of TerminateJob and CancelJob have no list at all.
    pub const ERRORS: Self = Self { list: "errors", members: &["job"], is_optional: true };

    fn check(self, body: Option<&[u8]>) -> Result<(), String> {
        let mut json = serde_json::Deserializer::from_slice(body.unwrap_or_default());
        let whole = json.deserialize_map(WholeAnswer(self)).and_then(|()| json.end());
        whole.map_err(|error| format!("the answer of AWS has no complete {}: {error}", self.list))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_every_element_has_its_members() {
        for (whole, body, expected) in [
            (CompleteAnswer::JOBS, r#"{"jobs":[]}"#, true),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"1","status":"RUNNING"}]}"#, true),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"1","status":"RUNNING"},{"jobId":"2"}]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"","status":"RUNNING"}]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[null]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":null}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[["1","RUNNING"]]}"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":[{"jobId":"1","status":"RUNNING"},"2"]}"#, false),
            (
                CompleteAnswer::JOBS,
                r#"{"jobs":[{"jobId":"1","jobName":{"a":[1]},"status":"RUNNING"}],"more":{}}"#,
                true,
            ),
            (CompleteAnswer::JOBS, r#"{"jobs":[]} and more"#, false),
            (CompleteAnswer::JOBS, r#"{"jobs":["#, false),
            (CompleteAnswer::JOBS, "[[]]", false),
            (CompleteAnswer::JOBS, "{}", false),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":"1"}]}"#, true),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":"\u0031"}]}"#, true),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":1}]}"#, false),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":null}]}"#, false),
            (CompleteAnswer::SUMMARIES, r#"{"jobSummaryList":[{"jobId":{}}]}"#, false),
            (CompleteAnswer::ERRORS, "{}", true),
            (CompleteAnswer::ERRORS, r#"{"errors":null}"#, true),
            (CompleteAnswer::ERRORS, r#"{"errors":[{"code":"AccessDenied"}]}"#, false),
            (CompleteAnswer::ERRORS, r#"{"errors":{}}"#, false),
            (CompleteAnswer::ERRORS, "[]", false),
            (CompleteAnswer::ERRORS, "", false),
        ] {
            assert_eq!(whole.check(Some(body.as_bytes())).is_ok(), expected, "{whole:?} {body}");
        }
        assert!(CompleteAnswer::ERRORS.check(None).is_err(), "a body that was never read");
    }
}
