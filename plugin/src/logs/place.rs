//! Where a log is, and what one attempt of a job tells of it.

use aws_batch_operator::api::{Logs, PodStatus};
use aws_sdk_batch::types::{
    AttemptDetail, AttemptEcsTaskDetails, ContainerDetail, EcsPropertiesDetail, EcsTaskDetails, JobDetail,
    JobStatus, LogConfiguration, LogDriver,
};

/// Where AWS Batch writes if a definition names no other group.
const GROUP: &str = "/aws/batch/job";

/// A log stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The Region.
    pub region: String,
    /// The log group.
    pub group: String,
    /// The log stream.
    pub stream: String,
}

/// A job, a child or a node, as AWS Batch tells of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// AWS's word for its state.
    pub state: String,
    /// When it ended, in milliseconds since 1970.
    pub stopped_at: Option<i64>,
    /// It has ended.
    pub is_over: bool,
    /// The attempts that have begun, and the containers of each.
    pub attempts: Vec<Vec<Container>>,
    /// The pod of a job on Amazon EKS.
    pub pod: Option<PodStatus>,
}

/// A container in one attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// The only container of a job may have none.
    pub name: Option<String>,
    /// The exit code, once it has ended.
    pub exit_code: Option<i32>,
    /// Where its log is; `None`: not in CloudWatch Logs, or not yet.
    pub place: Option<Place>,
    /// Its log goes elsewhere, by this driver.
    pub driver: Option<String>,
}

impl Place {
    /// The log that a status names. Its Region is in the URL alone, as the definition may name another one than the job's.
    pub fn told(logs: &Logs, home: &str) -> Option<Self> {
        let url = logs.url.as_deref().unwrap_or_default();
        let named = url.split_once("region=").and_then(|(_, rest)| rest.split(['#', '&']).next());
        let region = named.filter(|named| !named.is_empty()).unwrap_or(home).to_owned();
        Some(Self { region, group: logs.group.clone()?, stream: logs.stream.clone()? })
    }
}

impl View {
    /// What DescribeJobs tells of a job in this Region.
    pub fn of(detail: &JobDetail, region: &str) -> Self {
        let definitions = Definitions::of(detail, region);
        let mut attempts: Vec<_> =
            detail.attempts().iter().map(|attempt| definitions.attempt(attempt)).collect();
        let now = definitions.now(detail);
        let streams = |containers: &[Container]| -> Vec<_> {
            containers.iter().filter_map(|each| each.place.clone()).collect()
        };
        // The latest attempt is told apart from those that have ended, and among them once it has.
        let is_new = attempts.last().is_none_or(|last| streams(last) != streams(&now));
        if is_new && (now.iter().any(|each| each.place.is_some() || each.exit_code.is_some())) {
            attempts.push(now);
        }
        let state = detail.status().map(JobStatus::as_str).unwrap_or_default().to_owned();
        Self {
            is_over: matches!(state.as_str(), "SUCCEEDED" | "FAILED"),
            state,
            stopped_at: detail.stopped_at().filter(|at| *at > 0),
            attempts,
            pod: pod(detail),
        }
    }
}

/// The container that was asked for, or the one that tells most: the one that failed, else the first.
pub fn pick<'a>(containers: &'a [Container], asked: Option<&str>) -> Option<&'a Container> {
    if let Some(asked) = asked {
        return containers.iter().find(|each| each.name.as_deref().unwrap_or("default") == asked);
    }
    let code = |each: &Container| each.exit_code.unwrap_or_default();
    // When one container ends, Amazon ECS stops the others of its task by SIGTERM or SIGKILL.
    let by_itself = |each: &&Container| !matches!(code(each), 0 | 137 | 143);
    let failed = containers.iter().find(by_itself);
    failed.or_else(|| containers.iter().find(|each| code(each) != 0)).or(containers.first())
}

/// What the definition says of each container's log.
struct Definitions<'a> {
    region: &'a str,
    by_name: Vec<(Option<&'a str>, Option<&'a LogConfiguration>)>,
}

impl<'a> Definitions<'a> {
    fn of(detail: &'a JobDetail, region: &'a str) -> Self {
        let several = detail.ecs_properties().map(EcsPropertiesDetail::task_properties).unwrap_or_default();
        let mut by_name: Vec<_> = several
            .iter()
            .flat_map(EcsTaskDetails::containers)
            .map(|each| (each.name(), each.log_configuration()))
            .collect();
        by_name.extend(detail.container().map(|only| (None, only.log_configuration())));
        Self { region, by_name }
    }

    fn container(&self, name: Option<&str>, stream: Option<&str>, exit_code: Option<i32>) -> Container {
        let log = self.by_name.iter().find(|(each, _)| *each == name).and_then(|(_, log)| *log);
        let option = |key: &str| log.and_then(|log| log.options()?.get(key)).cloned();
        let driver =
            log.and_then(LogConfiguration::log_driver).filter(|driver| **driver != LogDriver::Awslogs);
        let place = stream.filter(|_| driver.is_none()).map(|stream| Place {
            region: option("awslogs-region").unwrap_or_else(|| self.region.to_owned()),
            group: option("awslogs-group").unwrap_or_else(|| GROUP.to_owned()),
            stream: stream.to_owned(),
        });
        let driver = driver.map(|driver| driver.as_str().to_owned());
        Container { name: name.map(str::to_owned), exit_code, place, driver }
    }

    fn attempt(&self, attempt: &AttemptDetail) -> Vec<Container> {
        let tasks = attempt.task_properties().iter().flat_map(AttemptEcsTaskDetails::containers);
        let several: Vec<_> =
            tasks.map(|each| self.container(each.name(), each.log_stream_name(), each.exit_code())).collect();
        match attempt.container() {
            Some(only) if several.is_empty() => {
                vec![self.container(None, only.log_stream_name(), only.exit_code())]
            }
            _ => several,
        }
    }

    fn now(&self, detail: &JobDetail) -> Vec<Container> {
        let several = detail.ecs_properties().map(EcsPropertiesDetail::task_properties).unwrap_or_default();
        let several: Vec<_> = several
            .iter()
            .flat_map(EcsTaskDetails::containers)
            .map(|each| self.container(each.name(), each.log_stream_name(), each.exit_code()))
            .collect();
        let only = |only: &ContainerDetail| self.container(None, only.log_stream_name(), only.exit_code());
        if several.is_empty() { detail.container().map(only).into_iter().collect() } else { several }
    }
}

fn pod(detail: &JobDetail) -> Option<PodStatus> {
    let pod = detail.eks_properties()?.pod_properties()?;
    let cluster = detail.eks_attempts().last().and_then(|attempt| attempt.eks_cluster_arn());
    Some(PodStatus {
        cluster: cluster.map(str::to_owned),
        namespace: pod.metadata().and_then(|metadata| metadata.namespace()).map(str::to_owned),
        name: Some(pod.pod_name()?.to_owned()),
        node: pod.node_name().map(str::to_owned),
    })
}
