//! The queues and job definitions of the account, and how a request names them. Knows nothing of jobs.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::behaviour::Behaviour;
use crate::home::Home;

/// Where AWS Batch writes if a definition names no other group.
pub const BATCH_GROUP: &str = "/aws/batch/job";

/// A job queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Queue {
    /// Whether it takes jobs.
    pub enabled: bool,
    /// Whether it has a fair-share scheduling policy.
    pub fair_share: bool,
}

impl Default for Queue {
    fn default() -> Self {
        Self { enabled: true, fair_share: false }
    }
}

/// A job definition: its active revisions, all alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Definition {
    /// The latest active revision; 0: none is active.
    pub revision: u32,
    /// How its jobs behave; `None`: by its name.
    pub behaviour: Option<Behaviour>,
    /// The number of nodes, which makes it a multi-node parallel one.
    pub nodes: Option<i32>,
    /// The containers of a job, a child or a node.
    pub containers: Containers,
    /// The log groups of containers that do not write to Batch's own, by name; the only container is `default`.
    pub log_groups: BTreeMap<String, String>,
    /// The Region that all of them log to, where that is not the job's.
    pub log_region: Option<String>,
    /// The priority in a fair-share queue.
    pub scheduling_priority: Option<i32>,
    /// The tags that jobs get which ask for it by `propagateTags`.
    pub tags: BTreeMap<String, String>,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            revision: 1,
            behaviour: None,
            nodes: None,
            containers: Containers::One,
            log_groups: BTreeMap::new(),
            log_region: None,
            scheduling_priority: None,
            tags: BTreeMap::new(),
        }
    }
}

/// What runs in an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Containers {
    /// One container on Amazon ECS.
    One,
    /// A task on Amazon ECS of these containers, all essential.
    Task(Vec<String>),
    /// A pod on Amazon EKS of these containers.
    Pod(Vec<String>),
}

/// Every queue and definition.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Where they all are.
    pub home: Home,
    /// The queues by name; `None`: deleted.
    pub queues: HashMap<String, Option<Queue>>,
    /// The definitions by name.
    pub definitions: HashMap<String, Definition>,
    /// Whether a queue of any other name exists too.
    pub has_any_queue: bool,
    /// Whether a definition of any other name exists too.
    pub has_any_definition: bool,
}

impl Catalogue {
    /// The queue of that name or ARN, with its name. There is none of another account or Region.
    pub fn queue(&self, name_or_arn: &str) -> Option<(String, Queue)> {
        let name = self.home.local("job-queue", name_or_arn)?;
        let queue = match self.queues.get(name) {
            Some(queue) => queue.clone(),
            None => self.has_any_queue.then(Queue::default),
        };
        queue.map(|queue| (name.to_owned(), queue))
    }

    /// Whether jobs write to that log group of that Region: AWS Batch's own is always there.
    pub fn logs_to(&self, region: &str, group: &str) -> bool {
        let mut definitions = self
            .definitions
            .values()
            .filter(|definition| definition.log_region.as_deref().unwrap_or(&self.home.region) == region);
        let is_its = |definition: &Definition| definition.log_groups.values().any(|named| named == group);
        (group == BATCH_GROUP && region == self.home.region)
            || definitions.any(|each| group == BATCH_GROUP || is_its(each))
    }

    /// The definition of that name, name with revision, or ARN, with its name and the revision meant: without one,
    /// the latest that is active.
    pub fn definition(&self, asked: &str) -> Option<(String, u32, Definition)> {
        let asked = self.home.local("job-definition", asked)?;
        let (name, revision) = match asked.split_once(':') {
            Some((name, revision)) => (name, Some(revision.parse::<u32>().ok()?)),
            None => (asked, None),
        };
        let definition = match self.definitions.get(name) {
            Some(definition) => definition.clone(),
            None => self.has_any_definition.then(Definition::default)?,
        };
        let revision = revision.unwrap_or(definition.revision);
        let is_active = (1..=definition.revision).contains(&revision);
        is_active.then(|| (name.to_owned(), revision, definition))
    }
}
