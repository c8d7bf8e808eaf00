//! `ttlSecondsAfterFinished`: deletes a finished object, unless someone keeps it in Git, who would create it again and
//! so run the job again.

use jiff::{SignedDuration, Timestamp};
use kube::ResourceExt;

use super::situation::Situation;
use super::{Plan, Step, ending, settle};
use crate::api::{BatchJob, condition};
use crate::moment::left;

/// The plan for an object whose job has ended.
pub fn plan(s: &Situation<'_>) -> Plan {
    let plan = Plan { status: settle::observed(s), ..ending::release(s) };
    let Some(at) = due(s) else { return plan };
    if plan.step != Step::Rest || s.is_deleting() {
        return plan;
    }
    match left(at.duration_since(s.now.wall)) {
        Some(left) => Plan { wake: Some(left), ..plan },
        None => Plan::step(Step::Delete),
    }
}

/// Annotations and labels by which tools know the objects that they create again. A tool is one line more.
const KEEPERS: [(&str, &str); 9] = [
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
    ("meta.helm.sh/release-name", "Helm"),
    ("kapp.k14s.io/app", "kapp"),
    ("kapp.k14s.io/identity", "kapp"),
    ("configsync.gke.io/resource-id", "Config Sync"),
    ("configmanagement.gke.io/managed", "Config Sync"),
];

const HOOK: &str = "argocd.argoproj.io/hook";

/// Whether this annotation or label tells who keeps an object; its value is not read.
pub fn tells_of_a_keeper(key: &str) -> bool {
    key == HOOK || KEEPERS.iter().any(|(known, _)| *known == key)
}

/// Who would create the object again when it is deleted; for a person. Hooks of Argo CD are meant to be made anew.
pub fn keeper(object: &BatchJob) -> Option<&'static str> {
    if object.annotations().contains_key(HOOK) {
        return None;
    }
    let bears = |key: &str| object.annotations().contains_key(key) || object.labels().contains_key(key);
    KEEPERS.into_iter().find(|(key, _)| bears(key)).map(|(_, keeper)| keeper)
}

/// When the object is to be deleted.
fn due(s: &Situation<'_>) -> Option<Timestamp> {
    let seconds = s.object.spec.ttl_seconds_after_finished?;
    if keeper(s.object).is_some() {
        return None;
    }
    let conditions = &s.object.status.as_ref()?.conditions;
    let is_end = |kind: &str| kind == condition::COMPLETE || kind == condition::FAILED;
    let end = conditions.iter().find(|condition| is_end(&condition.type_) && condition.status == "True")?;
    end.last_transition_time.0.checked_add(SignedDuration::from_secs(seconds)).ok()
}
