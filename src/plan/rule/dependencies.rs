//! Dependencies by name: an object waits until AWS has a job for each BatchJob that it names. AWS then gets the ids of
//! these jobs and schedules the rest.

use std::collections::BTreeSet;

use crate::api::{DependencyStatus, JobDependency};
use crate::job::JobId;
use crate::plan::rule::relation::Parent;
use crate::plan::situation::Situation;
use crate::plan::status::indexes;

/// Most jobs that AWS lets a job depend on.
const AWS_MAX: usize = 20;

/// Longest list of places, in characters. Every other one of 200 dependencies takes 346.
const RECORD_MAX: usize = 500;

/// How many names a message lists.
const NAMES_SHOWN: usize = 5;

/// What the dependencies allow.
#[derive(Clone, Debug, PartialEq)]
pub enum Ready {
    /// The job may be sent with these.
    Yes(Option<Vec<JobDependency>>),
    /// Not yet, for this reason.
    Wait(String),
    /// Never, for this reason.
    Never(String),
}

/// Checks all dependencies of the object.
pub fn ready(s: &Situation<'_>) -> Ready {
    let Some(dependencies) = &s.object.spec.depends_on else {
        return Ready::Yes(None);
    };
    let record = Record::of(s);
    let (mut open, mut waiting, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (place, dependency) in (0..).zip(dependencies) {
        let Some(name) = &dependency.name else {
            open.push(dependency.clone());
            continue;
        };
        match s.parents.get(name).unwrap_or(&Parent::Missing) {
            Parent::Missing if record.succeeded.contains(&place) => {}
            Parent::Missing if record.seen.contains(&place) => {
                return Ready::Never(format!("dependsOn: BatchJob {name} was deleted"));
            }
            Parent::Failed => {
                return Ready::Never(format!("dependsOn: BatchJob {name} failed or is being deleted"));
            }
            Parent::Cycle => {
                return Ready::Never(format!("dependsOn: BatchJob {name} waits for this one in turn"));
            }
            Parent::Missing => missing.push(name.as_str()),
            Parent::Waiting => waiting.push(name.as_str()),
            Parent::Succeeded => {}
            Parent::Job(id) => open.push(by_id(dependency, id)),
        }
    }
    if let Some(why) = wait(&waiting, &missing) {
        return Ready::Wait(why);
    }
    if open.len() > AWS_MAX {
        return Ready::Wait(format!(
            "Waiting until at most {AWS_MAX} of {} dependencies are open",
            open.len()
        ));
    }
    Ready::Yes((!open.is_empty()).then_some(open))
}

/// The places of the dependencies that were seen, for the status, so that a restart does not change the answer. A
/// BatchJob that never existed may still be created. One that was seen and is missing was deleted. One that had
/// succeeded counts as done.
pub fn record(s: &Situation<'_>) -> Option<DependencyStatus> {
    let mut record = Record::of(s);
    for (place, dependency) in (0..).zip(s.object.spec.depends_on.iter().flatten()) {
        match dependency.name.as_ref().and_then(|name| s.parents.get(name)) {
            None | Some(Parent::Missing) => continue,
            Some(Parent::Succeeded) => record.succeeded.insert(place),
            Some(_) => false,
        };
        record.seen.insert(place);
    }
    let text = |places: BTreeSet<i32>| {
        let places: Vec<_> = places.into_iter().collect();
        (!places.is_empty()).then(|| indexes::compressed(&places, RECORD_MAX))
    };
    let status = DependencyStatus { seen: text(record.seen), succeeded: text(record.succeeded) };
    (status != DependencyStatus::default()).then_some(status)
}

/// The places of those that were seen, and of those that succeeded.
struct Record {
    seen: BTreeSet<i32>,
    succeeded: BTreeSet<i32>,
}

impl Record {
    fn of(s: &Situation<'_>) -> Self {
        let dependencies = s.object.status.as_ref().and_then(|status| status.dependencies.as_ref());
        let places = |text: Option<&String>| text.map(|text| indexes::parsed(text)).unwrap_or_default();
        Self {
            seen: places(dependencies.and_then(|known| known.seen.as_ref())),
            succeeded: places(dependencies.and_then(|known| known.succeeded.as_ref())),
        }
    }
}

fn wait(waiting: &[&str], missing: &[&str]) -> Option<String> {
    let of_waiting = format!("Waiting for AWS to have the job of BatchJob {}", listed(waiting));
    let of_missing = format!("Waiting for BatchJob {} to be created", listed(missing));
    match (waiting.is_empty(), missing.is_empty()) {
        (true, true) => None,
        (false, true) => Some(of_waiting),
        (true, false) => Some(of_missing),
        (false, false) => Some(format!("{of_waiting}. {of_missing}")),
    }
}

fn by_id(dependency: &JobDependency, id: &JobId) -> JobDependency {
    JobDependency { job_id: Some(id.to_string()), name: None, type_: dependency.type_ }
}

fn listed(names: &[&str]) -> String {
    let shown = names[..names.len().min(NAMES_SHOWN)].join(", ");
    match names.len().saturating_sub(NAMES_SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
