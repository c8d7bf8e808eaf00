//! From the SDK's types to our own. Accepts what AWS really sends: absent members, zeros for "not yet", states that
//! this version does not know.

use std::collections::HashMap;

use super::containers::{Tellers, pod};
use super::milliseconds::time;
use crate::aws::{NamedJob, Names, Page};
use crate::job::{ArrayCounts, Attempt, JobId, JobStatus, JobSummary, Nodes, RemoteJob};
use aws_sdk_batch::operation::list_jobs::ListJobsOutput;
use aws_sdk_batch::types as sdk;
use aws_sdk_batch::types::{JobDetail, JobSummary as Summary};

/// One job of DescribeJobs; `None` when it lacks an id.
pub fn job(detail: JobDetail) -> Option<RemoteJob> {
    let status = detail.status.as_ref().map_or(JobStatus::Submitted, status);
    let tellers = Tellers::of(&detail, status);
    let mut attempts = detail.attempts.unwrap_or_default();
    let mut eks_attempts = detail.eks_attempts.unwrap_or_default();
    Some(RemoteJob {
        id: JobId::new(detail.job_id?)?,
        name: detail.job_name.unwrap_or_default(),
        arn: detail.job_arn,
        queue: detail.job_queue,
        definition: detail.job_definition,
        status,
        status_reason: detail.status_reason,
        created_at: time(detail.created_at),
        started_at: time(detail.started_at),
        stopped_at: time(detail.stopped_at),
        current: Attempt {
            pod: pod(detail.eks_properties),
            ..tellers.now(detail.container, detail.ecs_properties)
        },
        attempts: attempts.len().max(eks_attempts.len()),
        last_attempt: match attempts.pop() {
            Some(last) => Some(Box::new(tellers.attempt(last))),
            None => eks_attempts.pop().map(|last| Box::new(tellers.eks_attempt(last))),
        },
        array: detail.array_properties.and_then(|array| counts(array.size, array.status_summary)),
        nodes: detail
            .node_properties
            .and_then(|nodes| Some(Nodes { number: nodes.num_nodes?, main: nodes.main_node.unwrap_or(0) })),
        tags: detail.tags.into_iter().flatten().collect(),
        is_cancelled: detail.is_cancelled.unwrap_or(false),
        is_terminated: detail.is_terminated.unwrap_or(false),
    })
}

/// A state that this version does not know is not terminal: it counts as Submitted.
fn status(status: &sdk::JobStatus) -> JobStatus {
    JobStatus::parse(status.as_str()).unwrap_or(JobStatus::Submitted)
}

/// One page of ListJobs; `None` when a job lacks an id.
pub fn page(answer: ListJobsOutput) -> Option<Page> {
    let jobs = answer.job_summary_list.unwrap_or_default();
    Some(Page {
        jobs: jobs.into_iter().map(summary).collect::<Option<_>>()?,
        next: answer.next_token.filter(|token| !token.is_empty()),
    })
}

/// The names of a list that says to be newest first. Answers `None` if a job has no name or no time, or is newer than the
/// one before: such a list may hide a job.
pub fn names(answer: ListJobsOutput) -> Option<Names> {
    let jobs = answer.job_summary_list.unwrap_or_default();
    let named = |job: Summary| Some(NamedJob { name: job.job_name?, created_at: time(job.created_at)? });
    let jobs = jobs.into_iter().map(named).collect::<Option<Vec<_>>>()?;
    let is_in_order = jobs.is_sorted_by(|newer, older| newer.created_at >= older.created_at);
    let is_all = answer.next_token.is_none_or(|token| token.is_empty());
    is_in_order.then_some(Names { jobs, is_all })
}

/// One job of ListJobs.
fn summary(summary: Summary) -> Option<JobSummary> {
    Some(JobSummary {
        id: JobId::new(summary.job_id?)?,
        status: summary.status.as_ref().and_then(|status| JobStatus::parse(status.as_str())),
        status_reason: summary.status_reason,
        created_at: time(summary.created_at),
        started_at: time(summary.started_at),
        stopped_at: time(summary.stopped_at),
        array: summary.array_properties.and_then(|array| counts(array.size, array.status_summary)),
        is_cancelled: summary.is_cancelled.unwrap_or(false),
        is_terminated: summary.is_terminated.unwrap_or(false),
    })
}

/// A child also carries `arrayProperties`, but only a parent has a size.
fn counts(size: Option<i32>, summary: Option<HashMap<String, i32>>) -> Option<ArrayCounts> {
    Some(ArrayCounts { size: size?, summary: summary.unwrap_or_default().into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use aws_sdk_batch::types::{
        AttemptContainerDetail, AttemptDetail, AttemptEcsTaskDetails, AttemptTaskContainerDetails,
        ContainerDetail, EcsPropertiesDetail, EcsTaskDetails, EksAttemptContainerDetail, EksAttemptDetail,
        EksMetadata, EksPodPropertiesDetail, EksPropertiesDetail, LogConfiguration, LogDriver,
        TaskContainerDetails,
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

    /// A container: its name, whether it is essential, its exit code and its reason.
    type Told = (&'static str, bool, Option<i32>, Option<&'static str>);

    /// Which container tells of a job that ended so, now and of its last attempt: by its log stream.
    fn teller(status: &str, containers: &[Told]) -> [Option<String>; 2] {
        let (mut now, mut then) = (EcsTaskDetails::builder(), AttemptEcsTaskDetails::builder());
        for (name, essential, code, reason) in containers {
            let reason = reason.map(str::to_owned);
            let told = TaskContainerDetails::builder().name(*name).essential(*essential);
            let told = told.set_exit_code(*code).set_reason(reason.clone()).log_stream_name(*name);
            let ended = AttemptTaskContainerDetails::builder().name(*name).set_exit_code(*code);
            now = now.containers(told.build());
            then = then.containers(ended.set_reason(reason).log_stream_name(*name).build());
        }
        // The service calls `container` empty in such a job: there, and without members.
        let several = EcsPropertiesDetail::builder().task_properties(now.build()).build();
        let last = AttemptDetail::builder().container(AttemptContainerDetail::builder().build());
        let last = last.task_properties(then.build()).build();
        let detail = JobDetail::builder().job_id("1").status(status.into()).ecs_properties(several);
        let detail = detail.container(ContainerDetail::builder().build()).attempts(last).build();
        let job = job(detail).unwrap();
        [job.current.log_stream, job.last_attempt.unwrap().log_stream]
    }

    #[test]
    fn the_container_that_made_the_job_fail_is_told_from_those_that_ended_with_it() {
        let pulled = Some("CannotPullContainerError: no such image");
        let memory = Some("OutOfMemoryError: Container killed due to memory usage");
        let cases: [(&str, &str, &[Told]); 8] = [
            ("b", "stopped with it", &[("a", true, Some(137), None), ("b", true, Some(3), None)]),
            ("b", "stopped with it", &[("a", true, Some(143), None), ("b", true, Some(137), memory)]),
            ("b", "never began", &[("a", true, None, None), ("b", true, None, pulled)]),
            ("b", "never began", &[("a", true, Some(137), None), ("b", true, None, pulled)]),
            ("b", "its end ends the job", &[("a", false, Some(2), None), ("b", true, Some(3), None)]),
            ("a", "the other waited for it", &[("a", false, Some(1), None), ("b", true, None, None)]),
            ("a", "the first of two", &[("a", true, Some(1), None), ("b", true, Some(2), None)]),
            ("a", "ended from outside", &[("a", true, Some(137), None), ("b", true, Some(137), None)]),
        ];
        for (expected, why, containers) in cases {
            let told = [Some(expected.to_owned()), Some(expected.to_owned())];
            assert_eq!(teller("FAILED", containers), told, "{why}: {containers:?}");
        }
    }

    #[test]
    fn of_a_job_that_succeeded_no_container_that_failed_tells() {
        let (optional, well) = (("a", false, Some(1), Some("Error")), ("b", true, Some(0), None));
        assert_eq!(teller("SUCCEEDED", &[optional, well])[1].as_deref(), Some("b"));
        let stopped = ("a", true, Some(137), None);
        assert_eq!(teller("SUCCEEDED", &[stopped, well])[1].as_deref(), Some("b"));
    }

    #[test]
    fn a_log_that_goes_elsewhere_is_not_named_and_its_region_is_the_definitions() {
        let logs_to = |log: LogConfiguration| {
            let only = ContainerDetail::builder().log_stream_name("now").log_configuration(log).build();
            job(JobDetail::builder().job_id("1").container(only).build()).unwrap().current
        };
        let elsewhere = LogConfiguration::builder().log_driver(LogDriver::Splunk).build();
        assert_eq!(logs_to(elsewhere).log_stream, None);
        let abroad = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
        let abroad = logs_to(abroad.options("awslogs-region", "eu-west-1").build());
        assert_eq!(
            (abroad.log_stream.as_deref(), abroad.log_region.as_deref()),
            (Some("now"), Some("eu-west-1"))
        );
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

    #[test]
    fn a_job_on_eks_tells_its_pod_now_and_of_its_last_attempt() {
        let metadata = EksMetadata::builder().namespace("jobs").build();
        let runs = EksPodPropertiesDetail::builder().pod_name("now").node_name("node-2").metadata(metadata);
        let runs = EksPropertiesDetail::builder().pod_properties(runs.build()).build();
        let last = EksAttemptDetail::builder().pod_name("last").node_name("node-1").pod_namespace("jobs");
        let last = last.eks_cluster_arn("arn:aws:eks:us-east-1:123456789012:cluster/c").build();
        let job =
            job(JobDetail::builder().job_id("1").eks_properties(runs).eks_attempts(last).build()).unwrap();
        let (now, last) = (job.current.pod.unwrap(), job.last_attempt.unwrap().pod.unwrap());
        assert_eq!((now.name.as_deref(), now.node.as_deref()), (Some("now"), Some("node-2")));
        assert_eq!((now.namespace.as_deref(), now.cluster), (Some("jobs"), None));
        assert_eq!((last.name.as_deref(), last.node.as_deref()), (Some("last"), Some("node-1")));
        assert!(last.cluster.unwrap().ends_with("cluster/c"));
    }

    #[test]
    fn on_eks_a_container_that_fails_before_the_others_begin_tells() {
        let waits = EksAttemptContainerDetail::builder().reason("PodInitializing").build();
        let failed = EksAttemptContainerDetail::builder().exit_code(1).reason("Error").build();
        let last = EksAttemptDetail::builder().containers(waits).init_containers(failed).build();
        let last = job(JobDetail::builder().job_id("1").eks_attempts(last).build()).unwrap().last_attempt;
        let last = last.unwrap();
        assert_eq!((last.exit_code, last.reason.as_deref()), (Some(1), Some("Error")));
    }
}
