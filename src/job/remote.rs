//! A job as AWS Batch describes it, in our own types. Knows nothing of the SDK.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::job::Tags;

/// Longest accepted job id, in bytes. AWS's own ids are far shorter, and a status has room for this length.
const ID_MAX: usize = 128;

/// The id AWS gave a job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(Arc<str>);

impl JobId {
    /// A job id as AWS wrote it. `None` for an empty string, which stands for a missing id, and for text that is no id.
    pub fn new(id: impl Into<String>) -> Option<Self> {
        let id = id.into();
        let is_id = (1..=ID_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
        is_id.then(|| Self(id.into()))
    }

    /// The index of an array's child, or of a node of a multi-node parallel job.
    pub fn index(&self) -> Option<i32> {
        self.0.rsplit_once([':', '#'])?.1.parse().ok()
    }

    /// An id that no job has. DescribeJobs of this id shows that AWS answers, without a job.
    pub fn nobody() -> Self {
        Self("00000000-0000-0000-0000-000000000000".into())
    }

    /// The id as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The states of a job, with AWS's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobStatus {
    /// Accepted.
    Submitted,
    /// Waits for its dependencies; an array parent also while its children run.
    Pending,
    /// Waits for compute resources.
    Runnable,
    /// Its container is being started.
    Starting,
    /// Runs.
    Running,
    /// Ended with success.
    Succeeded,
    /// Failed, or was ended on request.
    Failed,
}

impl JobStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::Pending => "PENDING",
            Self::Runnable => "RUNNABLE",
            Self::Starting => "STARTING",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }

    /// Reads AWS's name of a state; `None`: this version does not know it.
    pub fn parse(word: &str) -> Option<Self> {
        const ALL: [JobStatus; 7] = [
            JobStatus::Submitted,
            JobStatus::Pending,
            JobStatus::Runnable,
            JobStatus::Starting,
            JobStatus::Running,
            JobStatus::Succeeded,
            JobStatus::Failed,
        ];
        ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether the job has ended for good.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// The part of DescribeJobs that a status shows. Never the environment, which may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteJob {
    pub id: JobId,
    /// The name it was submitted under.
    pub name: String,
    pub arn: Option<String>,
    pub queue: Option<String>,
    /// The definition's ARN, with its revision.
    pub definition: Option<String>,
    pub status: JobStatus,
    pub status_reason: Option<String>,
    /// When AWS accepted it.
    pub created_at: Option<Timestamp>,
    /// When the first or latest attempt began to run.
    pub started_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    /// Exit code and reason of the container that runs now or ran last.
    pub current: Attempt,
    /// How many attempts have ended.
    pub attempts: usize,
    /// The latest attempt that ended.
    pub last_attempt: Option<Box<Attempt>>,
    /// Set for array parents.
    pub array: Option<ArrayCounts>,
    /// Set for multi-node parallel jobs.
    pub nodes: Option<Nodes>,
    pub tags: Tags,
    /// Whether a CancelJob was accepted.
    pub is_cancelled: bool,
    /// Whether a TerminateJob was accepted.
    pub is_terminated: bool,
}

/// The pod of an attempt on Amazon EKS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pod {
    /// The ARN of the cluster.
    pub cluster: Option<String>,
    pub namespace: Option<String>,
    pub name: Option<String>,
    /// The node that it ran on.
    pub node: Option<String>,
}

/// One attempt of a job, as one of its containers shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    pub started_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    /// The container's exit code.
    pub exit_code: Option<i32>,
    pub reason: Option<String>,
    pub status_reason: Option<String>,
    pub task_arn: Option<String>,
    /// The pod, on Amazon EKS.
    pub pod: Option<Pod>,
    /// The CloudWatch Logs stream.
    pub log_stream: Option<String>,
    /// The CloudWatch Logs group, where the definition names another than Batch's own.
    pub log_group: Option<String>,
    /// The Region of that group, where the definition names another than the job's.
    pub log_region: Option<String>,
}

/// The children of an array parent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayCounts {
    /// How many children there are.
    pub size: i32,
    /// How many children are in each state, by AWS's names.
    pub summary: BTreeMap<String, i32>,
}

impl ArrayCounts {
    /// How many children are in `status`.
    pub fn count(&self, status: JobStatus) -> i32 {
        self.summary.get(status.as_str()).copied().unwrap_or(0)
    }
}

/// The nodes of a multi-node parallel job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nodes {
    /// How many there are.
    pub number: i32,
    /// The index of the main node, whose end is the end of the job.
    pub main: i32,
}

/// One job of ListJobs. It has no tags, so a matching name proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobSummary {
    pub id: JobId,
    /// `None`: AWS names none, or one that this version does not know.
    pub status: Option<JobStatus>,
    pub status_reason: Option<String>,
    /// When AWS accepted it.
    pub created_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    /// Set for array parents.
    pub array: Option<ArrayCounts>,
    pub is_cancelled: bool,
    pub is_terminated: bool,
}

impl RemoteJob {
    /// Whether the summary tells nothing that this description does not tell.
    pub fn agrees_with(&self, summary: &JobSummary) -> bool {
        // Without `..`: a new member of the summary does not compile until it is compared.
        let JobSummary {
            id,
            status,
            status_reason,
            created_at: _,
            started_at,
            stopped_at,
            array,
            is_cancelled,
            is_terminated,
        } = summary;
        self.id == *id
            && Some(self.status) == *status
            && self.status_reason == *status_reason
            && self.started_at == *started_at
            && self.stopped_at == *stopped_at
            && self.array == *array
            && (self.is_cancelled, self.is_terminated) == (*is_cancelled, *is_terminated)
    }

    /// What ListJobs shows of the job.
    pub fn summary(&self) -> JobSummary {
        JobSummary {
            id: self.id.clone(),
            status: Some(self.status),
            status_reason: self.status_reason.clone(),
            created_at: self.created_at,
            started_at: self.started_at,
            stopped_at: self.stopped_at,
            array: self.array.clone(),
            is_cancelled: self.is_cancelled,
            is_terminated: self.is_terminated,
        }
    }
}

/// The result of a search by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The jobs with the object's four tags, oldest first.
    pub own: Vec<RemoteJob>,
    /// How many listed jobs DescribeJobs does not show yet. They may be the object's.
    pub undescribed: usize,
    /// How many described jobs lack some of the four tags and have no tag of another object. They may be the object's.
    pub untagged: usize,
    /// Whether the object's known job is listed.
    pub shows_the_job: bool,
}
