//! Dependencies by name: holds an object until AWS has a job for each BatchJob that it names, then hands AWS their ids,
//! and AWS schedules the rest.

use super::situation::{Parent, Situation};
use crate::api::JobDependency;
use crate::batch::JobId;

/// Most jobs that AWS lets a job depend on.
const AWS_MAX: usize = 20;

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

/// Asks all dependencies of the object.
pub fn ready(s: &Situation<'_>) -> Ready {
    let Some(dependencies) = &s.object.spec.depends_on else {
        return Ready::Yes(None);
    };
    let (mut open, mut waiting) = (Vec::new(), Vec::new());
    for dependency in dependencies {
        let Some(name) = &dependency.name else {
            open.push(dependency.clone());
            continue;
        };
        match s.parents.get(name).unwrap_or(&Parent::Missing) {
            Parent::Failed => {
                return Ready::Never(format!("dependsOn: BatchJob {name} failed or is being deleted"));
            }
            Parent::Cycle => {
                return Ready::Never(format!("dependsOn: BatchJob {name} waits for this one in turn"));
            }
            Parent::Missing | Parent::Waiting => waiting.push(name.as_str()),
            Parent::Succeeded => {}
            Parent::Job(id) => open.push(by_id(dependency, id)),
        }
    }
    if !waiting.is_empty() {
        return Ready::Wait(format!("Waiting for AWS to have the job of BatchJob {}", listed(&waiting)));
    }
    if open.len() > AWS_MAX {
        return Ready::Wait(format!(
            "Waiting until at most {AWS_MAX} of {} dependencies are open",
            open.len()
        ));
    }
    Ready::Yes((!open.is_empty()).then_some(open))
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
