//! Which jobs of AWS Batch are to be read for a BatchJob: what its status and the user's options say. Pure.

use aws_batch_operator::api::{ArrayStatus, BatchJob, BatchJobStatus, PodStatus};

use super::options::{Indexes, Options, TOGETHER};
use super::place::Place;
use crate::failure::Failure;

/// What is to be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// The Region of the job.
    pub region: String,
    /// The account of the job, if known.
    pub account: Option<String>,
    /// The job itself, or children or nodes of it.
    pub parts: Vec<Part>,
    /// Where the log is, if the status says so of what is asked for.
    pub place: Option<Place>,
    /// When AWS accepted the job, in milliseconds since 1970.
    pub submitted_at: Option<i64>,
}

/// A job, a child or a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its id in AWS Batch.
    pub id: String,
    /// What its lines begin with, where there are several.
    pub label: Option<String>,
}

/// What the status lets us do.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Read this.
    Read(Choice),
    /// Nothing yet, for this reason.
    Wait(String),
    /// The log is in the cluster of a job on Amazon EKS: a sentence.
    Elsewhere(String),
}

/// What is to be read. `Err` says which option does not fit, or that there will never be a log.
pub fn choose(job: &BatchJob, options: &Options) -> Result<Answer, Failure> {
    let name = job.metadata.name.as_deref().unwrap_or_default();
    let nothing = BatchJobStatus::default();
    let status = job.status.as_ref().unwrap_or(&nothing);
    let (Some(id), Some(target)) = (&status.job_id, &status.target) else {
        let why = status.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        if job.has_ended() {
            return Err(format!("BatchJob {name} has ended without a job, so there is no log{why}").into());
        }
        return Ok(Answer::Wait(format!("BatchJob {name} has no job yet{why}")));
    };
    if let Some(pod) = &status.pod {
        return Ok(Answer::Elsewhere(in_cluster(pod, options)));
    }
    let parts = match (&status.array, status.num_nodes) {
        (Some(array), _) => match children(job, name, array, options)? {
            Ok(indexes) => labelled(id, ':', &indexes),
            Err(wait) => return Ok(Answer::Wait(wait)),
        },
        (None, Some(nodes)) => labelled(id, '#', &nodes_of(name, nodes, options)?),
        (None, None) => {
            refuse_option(name, "an array job", options.child.is_some() || options.failed)?;
            refuse_option(name, "a multi-node parallel job", options.node.is_some())?;
            vec![Part { id: id.clone(), label: None }]
        }
    };
    // The status names one log: that of the latest attempt of a job as a whole.
    let is_whole = parts.iter().all(|part| part.id == *id);
    let is_plain = is_whole && options.container.is_none() && options.attempt.is_none();
    let place = status.logs.as_ref().filter(|_| is_plain).and_then(|logs| Place::told(logs, &target.region));
    let (region, account) = (target.region.clone(), target.account_id.clone());
    let submitted_at = status.submitted_at.as_ref().map(|at| at.0.as_millisecond());
    Ok(Answer::Read(Choice { region, account, parts, place, submitted_at }))
}

/// The children to read, or what must happen first.
fn children(
    job: &BatchJob,
    name: &str,
    array: &ArrayStatus,
    options: &Options,
) -> Result<Result<Vec<i32>, String>, Failure> {
    refuse_option(name, "a multi-node parallel job", options.node.is_some())?;
    let size = array.size.unwrap_or_default();
    if let Some(Indexes(asked)) = &options.child {
        return within(asked, size, "--child").map(Ok);
    }
    let few = usize::try_from(size).is_ok_and(|size| size <= TOGETHER);
    if few && !options.failed {
        return Ok(Ok((0..size).collect()));
    }
    let failed = array.failed_indexes.as_deref().and_then(first);
    match failed {
        Some(index) => Ok(Ok(vec![index])),
        None if !options.failed => Err(format!(
            "BatchJob {name} is an array job of {size} children: choose with --child, or see the first that fails with --failed"
        )
        .into()),
        None if job.has_ended() => Err(format!("no child of BatchJob {name} has failed: choose with --child").into()),
        None => Ok(Err(format!("no child of BatchJob {name} has failed yet"))),
    }
}

fn nodes_of(name: &str, nodes: i32, options: &Options) -> Result<Vec<i32>, Failure> {
    refuse_option(name, "an array job", options.child.is_some() || options.failed)?;
    match &options.node {
        Some(Indexes(asked)) => within(asked, nodes, "--node"),
        None if usize::try_from(nodes).is_ok_and(|nodes| nodes <= TOGETHER) => Ok((0..nodes).collect()),
        None => Err(format!("BatchJob {name} has {nodes} nodes: choose with --node").into()),
    }
}

fn refuse_option(name: &str, kind: &str, is_asked: bool) -> Result<(), Failure> {
    let option = if kind.starts_with("an") { "--child and --failed" } else { "--node" };
    if is_asked { Err(format!("BatchJob {name} is not {kind}: leave out {option}").into()) } else { Ok(()) }
}

fn within(asked: &[i32], size: i32, option: &str) -> Result<Vec<i32>, Failure> {
    match asked.iter().find(|index| **index >= size) {
        Some(index) => Err(format!("there is no {index} for {option}: the last is {}", size - 1).into()),
        None => Ok(asked.to_vec()),
    }
}

/// The first of compressed indexes.
fn first(indexes: &str) -> Option<i32> {
    indexes.split(['-', ',']).next()?.parse().ok()
}

fn labelled(id: &str, mark: char, indexes: &[i32]) -> Vec<Part> {
    let label = |index| (indexes.len() > 1).then(|| format!("[{index}] "));
    indexes.iter().map(|index| Part { id: format!("{id}{mark}{index}"), label: label(index) }).collect()
}

/// How to read the log of a pod.
pub fn in_cluster(pod: &PodStatus, options: &Options) -> String {
    let cluster = pod.cluster.as_deref().unwrap_or("the Amazon EKS cluster of the compute environment");
    let namespace = pod.namespace.as_deref().unwrap_or("NAMESPACE");
    let name = pod.name.as_deref().unwrap_or("POD");
    let container = options.container.as_deref().unwrap_or("--all-containers");
    let container = if container.starts_with('-') { container.to_owned() } else { format!("-c {container}") };
    let follow = if options.follow { " --follow" } else { "" };
    format!(
        "the job runs on Amazon EKS, and its log is in {cluster}. Read it there: kubectl logs --namespace {namespace} {name} {container}{follow}"
    )
}
