//! The calls that read: DescribeJobs, ListJobs by name, by time, by state or for an array's failed children, and
//! DescribeJobQueues.

use aws_sdk_batch::operation::list_jobs::ListJobsOutput;
use aws_sdk_batch::operation::list_jobs::builders::ListJobsFluentBuilder;
use aws_sdk_batch::types::{JobQueueDetail, JqState, JqStatus, KeyValuesPair};
use jiff::Timestamp;

use super::client::Aws;
use super::whole::CompleteAnswer;
use super::{decode, fault};
use crate::aws::{Names, Page, Queue};
use crate::job::{Fault, JobId, JobStatus, RemoteJob};

/// AWS's largest page of ListJobs with a filter.
const LIST_PAGE: i32 = 100;

/// AWS's largest page of ListJobs by state.
const STATE_PAGE: i32 = 1000;

impl Aws {
    pub(super) async fn look(&self, ids: &[JobId]) -> Result<Vec<RemoteJob>, Fault> {
        let last_check = self.unhurried();
        let ids = ids.iter().map(|id| id.as_str().to_owned()).collect();
        let call = self.client.describe_jobs().set_jobs(Some(ids)).customize();
        let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::JOBS);
        let answer = call.send().await.map_err(|error| fault::sort(&error, &last_check))?;
        let jobs = answer.jobs.unwrap_or_default().into_iter().map(decode::job).collect::<Option<_>>();
        jobs.ok_or_else(|| fault::not_whole("AWS answered with a job without an id", &last_check))
    }

    pub(super) async fn find(&self, queue: &str, name: &str, page: Option<String>) -> Result<Page, Fault> {
        let by_name = KeyValuesPair::builder().name("JOB_NAME").values(name).build();
        let call = self.client.list_jobs().job_queue(queue).filters(by_name).max_results(LIST_PAGE);
        self.list_page(call, page).await
    }

    pub(super) async fn names_before(&self, queue: &str, before: Timestamp) -> Result<Names, Fault> {
        let before = before.as_millisecond().to_string();
        let by_time = KeyValuesPair::builder().name("BEFORE_CREATED_AT").values(before).build();
        let call = self.client.list_jobs().job_queue(queue).filters(by_time).max_results(LIST_PAGE);
        self.list(call, None, decode::names).await
    }

    pub(super) async fn of_state(
        &self,
        queue: &str,
        state: JobStatus,
        page: Option<String>,
    ) -> Result<Page, Fault> {
        let call = self.client.list_jobs().job_queue(queue).job_status(state.as_str().into());
        self.list_page(call.max_results(STATE_PAGE), page).await
    }

    pub(super) async fn children(&self, array: &JobId, page: Option<String>) -> Result<Page, Fault> {
        let call = self
            .client
            .list_jobs()
            .array_job_id(array.as_str())
            .job_status(JobStatus::Failed.as_str().into());
        self.list_page(call.max_results(STATE_PAGE), page).await
    }

    pub(super) async fn look_at_queues(&self, queues: &[String]) -> Result<Vec<Queue>, Fault> {
        let last_check = self.unhurried();
        let call = self.client.describe_job_queues().set_job_queues(Some(queues.to_vec())).customize();
        let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::QUEUES);
        let answer = call.send().await.map_err(|error| fault::sort(&error, &last_check))?;
        if answer.next_token.is_some_and(|token| !token.is_empty()) {
            return Err(fault::not_whole("AWS told of some of the queues only", &last_check));
        }
        Ok(answer.job_queues.into_iter().flatten().map(queue).collect())
    }

    async fn list_page(&self, call: ListJobsFluentBuilder, page: Option<String>) -> Result<Page, Fault> {
        self.list(call, page, decode::page).await
    }

    async fn list<T>(
        &self,
        call: ListJobsFluentBuilder,
        page: Option<String>,
        decode: impl Fn(ListJobsOutput) -> Option<T>,
    ) -> Result<T, Fault> {
        let last_check = self.unhurried();
        let call = call.set_next_token(page).customize();
        let call = call.interceptor(last_check.clone()).interceptor(CompleteAnswer::SUMMARIES);
        let answer = call.send().await.map_err(|error| fault::sort(&error, &last_check))?;
        decode(answer)
            .ok_or_else(|| fault::not_whole("AWS listed a job without an id, a name or a time", &last_check))
    }
}

/// AWS accepts jobs only for an enabled queue. A queue without a status counts as valid.
fn queue(detail: JobQueueDetail) -> Queue {
    let is_enabled = detail.state == Some(JqState::Enabled);
    let is_valid = detail.status.is_none_or(|status| status == JqStatus::Valid);
    Queue {
        name: detail.job_queue_name.unwrap_or_default(),
        arn: detail.job_queue_arn.unwrap_or_default(),
        takes_jobs: is_enabled && is_valid,
    }
}
