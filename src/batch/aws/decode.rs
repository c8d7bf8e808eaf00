//! From the SDK's types to our words. Takes what AWS really sends: absent members, zeros for "not yet", states that
//! this version does not know.

use std::collections::BTreeMap;

use aws_sdk_batch::operation::list_jobs::ListJobsOutput;
use aws_sdk_batch::types as sdk;
use aws_sdk_batch::types::{
    ArrayPropertiesDetail, AttemptDetail, ContainerDetail, EcsPropertiesDetail, EcsTaskDetails,
    EksAttemptDetail, JobDetail, JobSummary as Summary, LogConfiguration,
};
use jiff::Timestamp;

use crate::batch::{ArrayCounts, Attempt, JobId, JobStatus, JobSummary, Nodes, Page, RemoteJob};

/// The log groups that the definition names in place of Batch's own, by container. The only container has no name.
type LogGroups = BTreeMap<String, String>;

/// One job of DescribeJobs; `None` when it lacks an id.
pub fn job(detail: JobDetail) -> Option<RemoteJob> {
    let groups = log_groups(&detail);
    let attempts = detail.attempts.unwrap_or_default();
    let eks_attempts = detail.eks_attempts.unwrap_or_default();
    let last_attempt = attempts.last().map(|last| attempt(last, &groups));
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
            Some(container) => current(container, &groups),
            None => detail.ecs_properties.map(|several| of_several(several, &groups)).unwrap_or_default(),
        },
        attempts: attempts.len().max(eks_attempts.len()),
        last_attempt: last_attempt.or_else(|| eks_attempts.last().map(eks_attempt)),
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

/// Which log group each container writes to, where it is not Batch's own.
fn log_groups(detail: &JobDetail) -> LogGroups {
    let mut groups = LogGroups::new();
    let mut put = |name: Option<&str>, configuration: Option<&LogConfiguration>| {
        let options = configuration.and_then(|configuration| configuration.options.as_ref());
        if let Some(group) = options.and_then(|options| options.get("awslogs-group")) {
            groups.insert(name.unwrap_or_default().to_owned(), group.clone());
        }
    };
    if let Some(only) = &detail.container {
        put(None, only.log_configuration.as_ref());
    }
    let tasks = detail.ecs_properties.iter().flat_map(EcsPropertiesDetail::task_properties);
    for container in tasks.flat_map(EcsTaskDetails::containers) {
        put(container.name.as_deref(), container.log_configuration.as_ref());
    }
    groups
}

fn current(container: ContainerDetail, groups: &LogGroups) -> Attempt {
    Attempt {
        exit_code: container.exit_code,
        reason: container.reason,
        task_arn: container.task_arn,
        log_stream: container.log_stream_name,
        log_group: groups.get("").cloned(),
        ..Attempt::default()
    }
}

/// The container of a multi-container job that failed, or the first.
fn of_several(detail: EcsPropertiesDetail, groups: &LogGroups) -> Attempt {
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
        log_group: groups.get(container.name.as_deref().unwrap_or_default()).cloned(),
        ..attempt
    }
}

/// Multi-container jobs leave `container` empty: their first container that failed, or the first, tells.
fn attempt(detail: &AttemptDetail, groups: &LogGroups) -> Attempt {
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
        attempt.log_group = groups.get("").cloned();
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
        attempt.log_group = groups.get(container.name.as_deref().unwrap_or_default()).cloned();
    }
    attempt
}

/// Batch keeps no log of jobs on EKS: there is no stream to name.
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

#[cfg(test)]
mod tests {
    use aws_sdk_batch::types::{
        AttemptContainerDetail, AttemptEcsTaskDetails, AttemptTaskContainerDetails,
        EksAttemptContainerDetail, LogDriver, TaskContainerDetails,
    };

    use super::*;

    fn log_to(group: &str) -> LogConfiguration {
        LogConfiguration::builder().log_driver(LogDriver::Awslogs).options("awslogs-group", group).build()
    }

    fn container(name: &str, code: i32) -> TaskContainerDetails {
        let stream = format!("{name}/now");
        TaskContainerDetails::builder().name(name).exit_code(code).log_stream_name(stream).build()
    }

    fn ended(name: &str, code: i32) -> AttemptTaskContainerDetails {
        let stream = format!("{name}/last");
        AttemptTaskContainerDetails::builder()
            .name(name)
            .exit_code(code)
            .reason(format!("{name} told"))
            .log_stream_name(stream)
            .build()
    }

    #[test]
    fn of_several_containers_the_one_that_failed_tells_and_in_its_own_log_group() {
        let mut audit = container("audit", 3);
        audit.log_configuration = Some(log_to("/audit"));
        let task =
            EcsTaskDetails::builder().containers(container("web", 0)).containers(audit).task_arn("arn");
        let several = EcsPropertiesDetail::builder().task_properties(task.build()).build();
        let task = AttemptEcsTaskDetails::builder().containers(ended("web", 0)).containers(ended("audit", 3));
        let last = AttemptDetail::builder().task_properties(task.task_arn("arn").build()).build();
        let detail = JobDetail::builder().job_id("1").ecs_properties(several).attempts(last).build();
        let job = job(detail).unwrap();
        let last = job.last_attempt.unwrap();
        for (attempt, stream) in [(&job.current, "audit/now"), (&last, "audit/last")] {
            assert_eq!(attempt.log_stream.as_deref(), Some(stream));
            assert_eq!(attempt.log_group.as_deref(), Some("/audit"));
            assert_eq!((attempt.exit_code, attempt.task_arn.as_deref()), (Some(3), Some("arn")));
        }
        assert_eq!(last.reason.as_deref(), Some("audit told"));
    }

    #[test]
    fn of_several_containers_that_did_well_the_first_tells() {
        let task =
            EcsTaskDetails::builder().containers(container("web", 0)).containers(container("audit", 0));
        let several = EcsPropertiesDetail::builder().task_properties(task.build()).build();
        let job = job(JobDetail::builder().job_id("1").ecs_properties(several).build()).unwrap();
        assert_eq!(job.current.log_stream.as_deref(), Some("web/now"));
        assert_eq!(job.current.log_group, None, "Batch's own");
    }

    #[test]
    fn the_only_container_tells_in_the_group_that_its_definition_names() {
        let now =
            ContainerDetail::builder().log_stream_name("now").log_configuration(log_to("/mine")).build();
        let last = AttemptContainerDetail::builder().log_stream_name("last").exit_code(1).build();
        let last = AttemptDetail::builder().container(last).build();
        let job = job(JobDetail::builder().job_id("1").container(now).attempts(last).build()).unwrap();
        for attempt in [&job.current, &job.last_attempt.unwrap()] {
            assert_eq!(attempt.log_group.as_deref(), Some("/mine"));
        }
    }

    #[test]
    fn a_job_on_eks_tells_how_it_ended_and_has_no_log() {
        let failed = EksAttemptContainerDetail::builder().exit_code(2).reason("Error").build();
        let well = EksAttemptContainerDetail::builder().exit_code(0).build();
        let last = EksAttemptDetail::builder().pod_name("pod").status_reason("pod failed");
        let last = last.started_at(1_000).stopped_at(2_000).containers(well).containers(failed).build();
        let job = job(JobDetail::builder().job_id("1").eks_attempts(last).build()).unwrap();
        let last = job.last_attempt.unwrap();
        assert_eq!((job.attempts, last.exit_code, last.reason.as_deref()), (1, Some(2), Some("Error")));
        assert_eq!(last.status_reason.as_deref(), Some("pod failed"));
        assert!(last.started_at.unwrap() < last.stopped_at.unwrap());
        assert_eq!((last.log_stream, job.current.log_stream), (None, None));
    }
}
