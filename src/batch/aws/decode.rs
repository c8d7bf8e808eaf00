//! From the SDK's types to our words. Takes what AWS really sends: absent members, zeros for "not yet", states that
//! this version does not know.

use aws_sdk_batch::operation::list_jobs::ListJobsOutput;
use aws_sdk_batch::types as sdk;
use aws_sdk_batch::types::{
    ArrayPropertiesDetail, AttemptDetail, ContainerDetail, EcsPropertiesDetail, EksAttemptDetail, JobDetail,
    JobSummary as Summary,
};
use jiff::Timestamp;

use crate::batch::{ArrayCounts, Attempt, JobId, JobStatus, JobSummary, Nodes, Page, RemoteJob};

/// One job of DescribeJobs; `None` when it lacks an id.
pub fn job(detail: JobDetail) -> Option<RemoteJob> {
    let attempts = detail.attempts.unwrap_or_default();
    let eks_attempts = detail.eks_attempts.unwrap_or_default();
    let log_group = detail.container.as_ref().and_then(log_group);
    let mut last_attempt = attempts.last().map(attempt).or_else(|| eks_attempts.last().map(eks_attempt));
    if let Some(last) = &mut last_attempt {
        last.log_group.clone_from(&log_group);
    }
    Some(RemoteJob {
        id: JobId::new(detail.job_id?)?,
        name: detail.job_name.unwrap_or_default(),
        arn: detail.job_arn,
        queue: detail.job_queue,
        definition: detail.job_definition,
        status: detail.status.as_ref().map_or(JobStatus::Submitted, status),
        status_reason: detail.status_reason,
        created_at: time(detail.created_at),
        started_at: time(detail.started_at),
        stopped_at: time(detail.stopped_at),
        current: match detail.container {
            Some(container) => current(container, log_group),
            None => detail.ecs_properties.map(of_several).unwrap_or_default(),
        },
        attempts: attempts.len().max(eks_attempts.len()),
        last_attempt,
        array: detail.array_properties.and_then(array),
        nodes: detail
            .node_properties
            .and_then(|nodes| Some(Nodes { number: nodes.num_nodes?, main: nodes.main_node.unwrap_or(0) })),
        tags: detail.tags.unwrap_or_default().into_iter().collect(),
        is_cancelled: detail.is_cancelled.unwrap_or(false),
        is_terminated: detail.is_terminated.unwrap_or(false),
    })
}

/// A state that this version does not know is no end: the job is there, and nothing more is known of it.
fn status(status: &sdk::JobStatus) -> JobStatus {
    JobStatus::parse(status.as_str()).unwrap_or(JobStatus::Submitted)
}

/// One page of ListJobs.
pub fn page(answer: ListJobsOutput) -> Page {
    let jobs = answer.job_summary_list.unwrap_or_default();
    Page {
        jobs: jobs.into_iter().filter_map(summary).collect(),
        next: answer.next_token.filter(|token| !token.is_empty()),
    }
}

/// One job of ListJobs.
fn summary(summary: Summary) -> Option<JobSummary> {
    Some(JobSummary {
        id: JobId::new(summary.job_id?)?,
        created_at: time(summary.created_at),
        stopped_at: time(summary.stopped_at),
    })
}

/// Milliseconds since 1970. The SDK fills a missing required time with 0, which stands for "not yet".
fn time(milliseconds: Option<i64>) -> Option<Timestamp> {
    milliseconds.filter(|ms| *ms > 0).and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

/// A child also carries `arrayProperties`, but only a parent has a size.
fn array(detail: ArrayPropertiesDetail) -> Option<ArrayCounts> {
    Some(ArrayCounts {
        size: detail.size?,
        summary: detail.status_summary.unwrap_or_default().into_iter().collect(),
    })
}

fn current(container: ContainerDetail, log_group: Option<String>) -> Attempt {
    Attempt {
        exit_code: container.exit_code,
        reason: container.reason,
        task_arn: container.task_arn,
        log_stream: container.log_stream_name,
        log_group,
        ..Attempt::default()
    }
}

/// The container of a multi-container job that failed, or the first.
fn of_several(detail: EcsPropertiesDetail) -> Attempt {
    let Some(task) = detail.task_properties.unwrap_or_default().into_iter().next() else {
        return Attempt::default();
    };
    let mut containers = task.containers.unwrap_or_default();
    let failed = containers.iter().position(|container| container.exit_code.is_some_and(|code| code != 0));
    let attempt = Attempt { task_arn: task.task_arn, ..Attempt::default() };
    if containers.is_empty() {
        return attempt;
    }
    let container = containers.swap_remove(failed.unwrap_or(0));
    Attempt {
        exit_code: container.exit_code,
        reason: container.reason,
        log_stream: container.log_stream_name,
        ..attempt
    }
}

/// Batch writes to its own group unless the definition's awslogs options name another.
fn log_group(container: &ContainerDetail) -> Option<String> {
    let options = container.log_configuration.as_ref()?.options.as_ref()?;
    options.get("awslogs-group").cloned()
}

/// Multi-container jobs leave `container` empty: their first container that failed, or the first, tells.
fn attempt(detail: &AttemptDetail) -> Attempt {
    let mut attempt = Attempt {
        started_at: time(detail.started_at),
        stopped_at: time(detail.stopped_at),
        status_reason: detail.status_reason.clone(),
        ..Attempt::default()
    };
    if let Some(container) = &detail.container {
        attempt.exit_code = container.exit_code;
        attempt.reason.clone_from(&container.reason);
        attempt.task_arn.clone_from(&container.task_arn);
        attempt.log_stream.clone_from(&container.log_stream_name);
        return attempt;
    }
    let Some(task) = detail.task_properties.as_ref().and_then(|tasks| tasks.first()) else {
        return attempt;
    };
    attempt.task_arn.clone_from(&task.task_arn);
    let containers = task.containers.as_deref().unwrap_or_default();
    let failed = containers.iter().find(|container| container.exit_code.is_some_and(|code| code != 0));
    if let Some(container) = failed.or(containers.first()) {
        attempt.exit_code = container.exit_code;
        attempt.reason.clone_from(&container.reason);
        attempt.log_stream.clone_from(&container.log_stream_name);
    }
    attempt
}

fn eks_attempt(detail: &EksAttemptDetail) -> Attempt {
    let containers = detail.containers.as_deref().unwrap_or_default();
    let failed = containers.iter().find(|container| container.exit_code.is_some_and(|code| code != 0));
    let container = failed.or(containers.first());
    Attempt {
        started_at: time(detail.started_at),
        stopped_at: time(detail.stopped_at),
        exit_code: container.and_then(|container| container.exit_code),
        reason: container.and_then(|container| container.reason.clone()),
        status_reason: detail.status_reason.clone(),
        ..Attempt::default()
    }
}
