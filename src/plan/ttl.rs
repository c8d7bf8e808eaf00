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

/// Who would create the object again when it is deleted; for a person. Hooks of Argo CD are meant to be made anew.
pub fn keeper(object: &BatchJob) -> Option<&'static str> {
    const ANNOTATIONS: [(&str, &str); 2] =
        [("argocd.argoproj.io/tracking-id", "Argo CD"), ("meta.helm.sh/release-name", "Helm")];
    const LABELS: [(&str, &str); 3] = [
        ("argocd.argoproj.io/instance", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/name", "Flux"),
        ("helm.toolkit.fluxcd.io/name", "Flux"),
    ];
    if object.annotations().contains_key("argocd.argoproj.io/hook") {
        return None;
    }
    let annotated = ANNOTATIONS.into_iter().find(|(key, _)| object.annotations().contains_key(*key));
    let labelled = LABELS.into_iter().find(|(key, _)| object.labels().contains_key(*key));
    annotated.or(labelled).map(|(_, keeper)| keeper)
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
