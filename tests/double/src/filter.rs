//! The five filters of ListJobs.

use serde_json::Value;

use crate::describe::definition_arn;
use crate::job::Job;
use crate::retry::is_like;

/// One filter with its value.
#[derive(Clone, Debug)]
pub enum Filter {
    /// A name in lower case, which may end in `*`.
    JobName(String),
    /// A name that may end in `*`, or the ARN of one revision.
    JobDefinition(String),
    /// Milliseconds since 1970.
    BeforeCreatedAt(i64),
    /// Milliseconds since 1970.
    AfterCreatedAt(i64),
    /// An identifier that may end in `*`.
    ShareIdentifier(String),
}

impl Filter {
    /// The filter of the request, of which there may be one.
    pub fn of(request: &Value) -> Result<Option<Self>, String> {
        match request["filters"].as_array().map(Vec::as_slice).unwrap_or_default() {
            [] => Ok(None),
            [filter] => Self::parse(filter).map(Some),
            _ => Err("Only one filter can be used at a time".to_owned()),
        }
    }

    fn parse(filter: &Value) -> Result<Self, String> {
        let name = filter["name"].as_str().unwrap_or_default();
        let value = match filter["values"].as_array().map(Vec::as_slice) {
            Some([Value::String(value)]) => value.clone(),
            _ => return Err(format!("Filter {name} takes one value")),
        };
        let moment = || value.parse::<i64>().map_err(|_| format!("Filter {name} takes milliseconds"));
        match name {
            "JOB_NAME" => Ok(Self::JobName(value.to_lowercase())),
            "JOB_DEFINITION" => Ok(Self::JobDefinition(value)),
            "BEFORE_CREATED_AT" => Ok(Self::BeforeCreatedAt(moment()?)),
            "AFTER_CREATED_AT" => Ok(Self::AfterCreatedAt(moment()?)),
            "SHARE_IDENTIFIER" => Ok(Self::ShareIdentifier(value)),
            _ => Err(format!("Filter name {name} is not valid")),
        }
    }

    /// Whether the job is one of those asked for.
    pub fn fits(&self, job: &Job) -> bool {
        match self {
            Self::JobName(pattern) => is_like(pattern, &job.name().to_lowercase()),
            Self::JobDefinition(arn) if arn.starts_with("arn:") => *arn == definition_arn(job),
            Self::JobDefinition(pattern) => is_like(pattern, &job.definition),
            Self::BeforeCreatedAt(moment) => job.created_at < *moment,
            Self::AfterCreatedAt(moment) => job.created_at > *moment,
            Self::ShareIdentifier(pattern) => {
                job.request["shareIdentifier"].as_str().is_some_and(|share| is_like(pattern, share))
            }
        }
    }
}
