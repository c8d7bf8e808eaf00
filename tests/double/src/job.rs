//! A job as it was accepted, and what was done to it since. What state it is in follows from that and from the time:
//! see `life`. No clock here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::catalogue::Containers;
use crate::home::Home;
use crate::retry::Retry;

/// An accepted job.
#[derive(Clone, Debug)]
pub struct Job {
    /// The id.
    pub id: String,
    /// Where it is.
    pub home: Home,
    /// How long reads do not show it.
    pub hides: Hiding,
    /// When it was accepted, in milliseconds since 1970.
    pub created_at: i64,
    /// The request as it came.
    pub request: Value,
    /// The queue's name.
    pub queue: String,
    /// The definition's name.
    pub definition: String,
    /// The definition's revision.
    pub revision: u32,
    /// Its tags, those of the definition included if they propagate.
    pub tags: BTreeMap<String, String>,
    /// One container, an array, or several nodes.
    pub shape: Shape,
    /// What runs in an attempt.
    pub containers: Containers,
    /// The log groups of containers that do not write to Batch's own, by name.
    pub log_groups: BTreeMap<String, String>,
    /// The Region that all of them log to, where that is not the job's.
    pub log_region: Option<String>,
    /// How it behaves.
    pub behaviour: Behaviour,
    /// How often it is tried.
    pub retry: Retry,
    /// When an attempt is ended, in milliseconds of running.
    pub timeout_ms: Option<i64>,
    /// The jobs it waits for, by place.
    pub depends_on: Vec<usize>,
    /// What was asked for the whole job.
    pub marks: Marks,
    /// What was asked for one child alone.
    pub child_marks: BTreeMap<i32, Marks>,
    /// What its dependencies allow.
    pub gate: Gate,
    /// When it ends and whether well, if nothing more is done to it; `None`: never.
    pub end: Option<End>,
    /// Its queue was deleted, and the job with it.
    pub is_deleted: bool,
}

/// How long reads do not show a new job, in milliseconds from its acceptance. States are told at once: see `Lag`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Hiding {
    /// ListJobs.
    pub list_ms: i64,
    /// DescribeJobs.
    pub describe_ms: i64,
    /// The tags in DescribeJobs.
    pub tags_ms: i64,
}

/// One container, an array, or several nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One container.
    Single,
    /// An array of so many children.
    Array(i32),
    /// A multi-node parallel job of so many nodes.
    Nodes(i32),
}

/// Someone asked for the end of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// The first request of each kind.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Terminate: in every state.
    pub terminated: Option<Mark>,
    /// Cancel: only before STARTING.
    pub cancelled: Option<Mark>,
}

/// What a job's dependencies allow. Moments may lie ahead: how jobs end is known before they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may go on from then.
    Open(i64),
    /// One of them never ends.
    Closed,
    /// It cannot go on, from then, for this reason.
    Failed(i64, &'static str),
}

/// The end of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: i64,
    /// Whether it succeeded.
    pub is_success: bool,
}

/// What sets one child apart from the others.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its container fails.
    pub fails: bool,
    /// It was terminated, by itself or with all.
    pub terminated: Option<&'a Mark>,
    /// It was cancelled, by itself or with all.
    pub cancelled: Option<&'a Mark>,
}

impl Job {
    /// The name, as it was given.
    pub fn name(&self) -> &str {
        self.request["jobName"].as_str().unwrap_or_default()
    }

    /// The job itself, or all children that nothing sets apart.
    pub fn part(&self, fails: bool) -> Part<'_> {
        Part { fails, terminated: self.marks.terminated.as_ref(), cancelled: self.marks.cancelled.as_ref() }
    }

    /// The child of that index.
    pub fn child(&self, index: i32) -> Part<'_> {
        let whole = self.part(self.behaviour.failing_indexes.contains(&index));
        let Some(own) = self.child_marks.get(&index) else { return whole };
        Part {
            fails: whole.fails,
            terminated: first(whole.terminated, own.terminated.as_ref()),
            cancelled: first(whole.cancelled, own.cancelled.as_ref()),
        }
    }

    /// The parts that may differ, with how many children each stands for: ten thousand children are a few parts.
    pub fn parts(&self) -> Vec<(Part<'_>, i32)> {
        let Shape::Array(size) = self.shape else { return vec![(self.part(false), 1)] };
        let own = self.child_marks.keys();
        let bad = self.behaviour.failing_indexes.range(0..size);
        let bad = bad.filter(|index| !self.child_marks.contains_key(index)).count();
        let bad = i32::try_from(bad).unwrap_or(size);
        let good = size - bad - i32::try_from(own.len()).unwrap_or(size);
        let alike = [(self.part(false), good), (self.part(true), bad)];
        let alike = alike.into_iter().filter(|(_, number)| *number > 0);
        alike.chain(own.map(|index| (self.child(*index), 1))).collect()
    }
}

impl Part<'_> {
    /// Whether it had been terminated by `now`.
    pub fn is_terminated(&self, now: i64) -> bool {
        self.terminated.is_some_and(|mark| mark.at <= now)
    }

    /// Whether it had been cancelled by `now`.
    pub fn is_cancelled(&self, now: i64) -> bool {
        self.cancelled.is_some_and(|mark| mark.at <= now)
    }
}

fn first<'a>(one: Option<&'a Mark>, other: Option<&'a Mark>) -> Option<&'a Mark> {
    [one, other].into_iter().flatten().min_by_key(|mark| mark.at)
}
