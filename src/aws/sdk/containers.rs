//! What the containers of a job, or of one attempt, tell: the only one, those of a task on Amazon ECS, those of a pod on
//! Amazon EKS. Of several, one tells for all.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aws_sdk_batch::types::{
    AttemptDetail, ContainerDetail, EcsPropertiesDetail, EcsTaskDetails, EksAttemptDetail,
    EksPropertiesDetail, JobDetail, LogConfiguration, LogDriver,
};

use super::milliseconds::time;
use crate::job::{Attempt, JobStatus, Pod};

/// What SIGKILL and SIGTERM leave behind: when a container ends, Amazon ECS stops the others of its task.
const STOPPED: [i32; 2] = [137, 143];

/// What decides which container tells, and where its log is.
pub struct Tellers {
    has_succeeded: bool,
    /// By name. The only container has none.
    definition: BTreeMap<String, Definition>,
}

/// What the definition says of a container.
#[derive(Clone, Default)]
struct Definition {
    /// The others run on without it.
    is_optional: bool,
    /// Its log does not go to CloudWatch Logs, whatever stream AWS names.
    logs_elsewhere: bool,
    /// Where that is not Batch's own.
    log_group: Option<String>,
    /// Where that is not the job's.
    log_region: Option<String>,
}

/// A container, now or in an attempt.
struct Container {
    name: Option<String>,
    exit_code: Option<i32>,
    reason: Option<String>,
    log_stream: Option<String>,
}

impl Tellers {
    /// Those of a job in this state.
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

    /// The container that runs now or ran last. On Amazon EKS only the attempts tell.
    pub fn now(&self, only: Option<ContainerDetail>, several: Option<EcsPropertiesDetail>) -> Attempt {
        let task = several.and_then(|several| several.task_properties?.into_iter().next());
        // Where there are several, AWS calls the only one empty, which may be less than absent.
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

    /// An attempt on Amazon EKS. Batch keeps no log of those: there is no stream to name.
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

    /// What the one that tells has to tell.
    fn told(&self, mut containers: Vec<Container>) -> Attempt {
        // The first of those that are equal.
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

    /// How much a container has to tell: of a job that succeeded, one that did; else, how surely it is the one that failed.
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

/// The pod that runs now or ran last. AWS tells its cluster with the attempt, once that has ended.
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
