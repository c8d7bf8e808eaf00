//! The container that represents a job, or one attempt of it. A job has one container, those of a task on Amazon ECS,
//! or those of a pod on Amazon EKS.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aws_sdk_batch::types::{
    AttemptDetail, ContainerDetail, EcsPropertiesDetail, EcsTaskDetails, EksAttemptDetail,
    EksPropertiesDetail, JobDetail, LogConfiguration, LogDriver,
};

use super::milliseconds::time;
use crate::job::{Attempt, JobStatus, Pod};

/// The exit codes of SIGKILL and SIGTERM. When an essential container ends, Amazon ECS stops the others of its task.
const STOPPED: [i32; 2] = [137, 143];

/// Selects the container that represents a job, and its log.
pub struct Tellers {
    has_succeeded: bool,
    /// By name. A single container has an empty name.
    definition: BTreeMap<String, Definition>,
}

/// The job definition of one container.
#[derive(Clone, Default)]
struct Definition {
    /// The other containers continue without this one.
    is_optional: bool,
    /// The log is not in CloudWatch Logs, even if AWS names a stream.
    logs_elsewhere: bool,
    /// The log group, if it is not the default one.
    log_group: Option<String>,
    /// The Region of the log, if it is not the job's.
    log_region: Option<String>,
}

/// A container, of the job or of an attempt.
struct Container {
    name: Option<String>,
    exit_code: Option<i32>,
    reason: Option<String>,
    log_stream: Option<String>,
}

impl Tellers {
    /// The containers of a job in this state.
    pub fn of(detail: &JobDetail, status: JobStatus) -> Self {
        let only = detail.container.iter().map(|only| (None, None, only.log_configuration.as_ref()));
        let tasks = detail.ecs_properties.iter().flat_map(EcsPropertiesDetail::task_properties);
        let several = tasks.flat_map(EcsTaskDetails::containers);
        let several =
            several.map(|each| (each.name.clone(), each.essential, each.log_configuration.as_ref()));
        let told = |(name, is_essential, log): (Option<String>, Option<bool>, Option<&LogConfiguration>)| {
            (name.unwrap_or_default(), Definition::of(is_essential, log))
        };
        Self {
            has_succeeded: status == JobStatus::Succeeded,
            definition: only.chain(several).map(told).collect(),
        }
    }

    /// The container that runs now or ran last. On Amazon EKS only attempts show containers.
    pub fn now(&self, only: Option<ContainerDetail>, several: Option<EcsPropertiesDetail>) -> Attempt {
        let task = several.and_then(|several| several.task_properties?.into_iter().next());
        // If there are several containers, AWS sends an empty `container` too.
        if let Some(task) = task {
            let each = task.containers.into_iter().flatten();
            let each = each.map(|c| container(c.name, c.exit_code, c.reason, c.log_stream_name));
            return Attempt { task_arn: task.task_arn, ..self.told(each.collect()) };
        }
        let Some(only) = only else { return Attempt::default() };
        let one = container(None, only.exit_code, only.reason, only.log_stream_name);
        Attempt { task_arn: only.task_arn, ..self.told(vec![one]) }
    }

    /// An attempt on Amazon ECS.
    pub fn attempt(&self, detail: AttemptDetail) -> Attempt {
        let task = detail.task_properties.and_then(|tasks| tasks.into_iter().next());
        let told = match (task, detail.container) {
            (Some(task), _) => {
                let each = task.containers.into_iter().flatten();
                let each = each.map(|c| container(c.name, c.exit_code, c.reason, c.log_stream_name));
                Attempt { task_arn: task.task_arn, ..self.told(each.collect()) }
            }
            (None, Some(only)) => {
                let one = container(None, only.exit_code, only.reason, only.log_stream_name);
                Attempt { task_arn: only.task_arn, ..self.told(vec![one]) }
            }
            (None, None) => Attempt::default(),
        };
        Attempt {
            started_at: time(detail.started_at),
            stopped_at: time(detail.stopped_at),
            status_reason: detail.status_reason,
            ..told
        }
    }

    /// An attempt on Amazon EKS. AWS Batch names no log stream for it.
    pub fn eks_attempt(&self, detail: EksAttemptDetail) -> Attempt {
        let each = [detail.containers, detail.init_containers].into_iter().flatten().flatten();
        let each = each.map(|c| container(c.name, c.exit_code, c.reason, None));
        Attempt {
            started_at: time(detail.started_at),
            stopped_at: time(detail.stopped_at),
            status_reason: detail.status_reason,
            pod: Some(Pod {
                cluster: detail.eks_cluster_arn,
                namespace: detail.pod_namespace,
                name: detail.pod_name,
                node: detail.node_name,
            }),
            ..self.told(each.collect())
        }
    }

    /// The attempt, as its representative container shows it.
    fn told(&self, mut containers: Vec<Container>) -> Attempt {
        // The first container wins a tie.
        let rank = |(place, container): &(usize, &Container)| (self.rank(container), Reverse(*place));
        let Some((place, _)) = containers.iter().enumerate().max_by_key(rank) else {
            return Attempt::default();
        };
        let container = containers.swap_remove(place);
        let definition = self.definition(&container);
        Attempt {
            exit_code: container.exit_code,
            reason: container.reason,
            log_stream: container.log_stream.filter(|_| !definition.logs_elsewhere),
            log_group: definition.log_group,
            log_region: definition.log_region,
            ..Attempt::default()
        }
    }

    /// The rank of a container. After a success, containers with exit code 0 come first. Otherwise the rank says how
    /// surely this container failed.
    fn rank(&self, container: &Container) -> (u8, bool) {
        let told = match (container.exit_code, &container.reason) {
            (code, _) if self.has_succeeded => u8::from(code == Some(0)),
            (Some(0), _) | (None, None) => 0,
            (Some(code), None) if STOPPED.contains(&code) => 1,
            (None, Some(_)) => 2,
            (Some(_), _) => 3,
        };
        (told, !self.definition(container).is_optional)
    }

    fn definition(&self, container: &Container) -> Definition {
        self.definition.get(container.name.as_deref().unwrap_or_default()).cloned().unwrap_or_default()
    }
}

/// The pod that runs now or ran last. AWS names its cluster only in the ended attempt.
pub fn pod(detail: Option<EksPropertiesDetail>) -> Option<Pod> {
    let pod = detail?.pod_properties?;
    let namespace = pod.metadata.and_then(|metadata| metadata.namespace);
    let name = Some(pod.pod_name?);
    Some(Pod { cluster: None, namespace, name, node: pod.node_name })
}

impl Definition {
    fn of(is_essential: Option<bool>, log: Option<&LogConfiguration>) -> Self {
        let option = |name| log.and_then(|log| log.options.as_ref()?.get(name).cloned());
        let driver = log.and_then(|log| log.log_driver.as_ref());
        Self {
            is_optional: is_essential == Some(false),
            logs_elsewhere: driver.is_some_and(|driver| *driver != LogDriver::Awslogs),
            log_group: option("awslogs-group"),
            log_region: option("awslogs-region"),
        }
    }
}

fn container(
    name: Option<String>,
    exit_code: Option<i32>,
    reason: Option<String>,
    log_stream: Option<String>,
) -> Container {
    Container { name, exit_code, reason, log_stream }
}
