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

/// Annotations that tell who keeps an object; their values are not read.
pub const KEEPER_ANNOTATIONS: [&str; 3] = [HOOK, TRACKING_ID, HELM_RELEASE];
/// Labels that tell who keeps an object; their values are not read.
pub const KEEPER_LABELS: [&str; 3] =
    ["argocd.argoproj.io/instance", "kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"];

const HOOK: &str = "argocd.argoproj.io/hook";
const TRACKING_ID: &str = "argocd.argoproj.io/tracking-id";
const HELM_RELEASE: &str = "meta.helm.sh/release-name";

/// Who would create the object again when it is deleted; for a person. Hooks of Argo CD are meant to be made anew.
pub fn keeper(object: &BatchJob) -> Option<&'static str> {
    if object.annotations().contains_key(HOOK) {
        return None;
    }
    let annotations = [(TRACKING_ID, "Argo CD"), (HELM_RELEASE, "Helm")];
    let labels = KEEPER_LABELS.into_iter().zip(["Argo CD", "Flux", "Flux"]);
    let annotated = annotations.into_iter().find(|(key, _)| object.annotations().contains_key(*key));
    let labelled = labels.into_iter().find(|(key, _)| object.labels().contains_key(*key));
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
