//! Writes a status: whole, bounded, and only after a change. A condition keeps its time until its status changes.

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};

use crate::api::{BatchJobStatus, Phase, condition};
use crate::plan::Situation;
use crate::plan::status::bounds;

/// A condition to be written.
#[derive(Clone, Debug)]
pub struct NewCondition {
    pub kind: &'static str,
    /// True or False.
    pub is_true: bool,
    /// One CamelCase word.
    pub reason: &'static str,
    /// One sentence.
    pub message: String,
}

impl NewCondition {
    pub fn is_true(kind: &'static str, reason: condition::Reason, message: impl Into<String>) -> Self {
        Self { kind, is_true: true, reason: reason.as_str(), message: message.into() }
    }

    pub fn is_false(kind: &'static str, reason: condition::Reason, message: impl Into<String>) -> Self {
        Self { is_true: false, ..Self::is_true(kind, reason, message) }
    }
}

/// The status after `change`, with these conditions and those that follow from the phase. `None`: nothing has changed.
pub fn status(
    s: &Situation<'_>,
    mut says: Vec<NewCondition>,
    change: impl FnOnce(&mut BatchJobStatus),
) -> Option<BatchJobStatus> {
    let before = s.status();
    let mut after = before.clone();
    change(&mut after);
    after.observed_generation = s.object.metadata.generation;
    (after.succeeded, after.failed) = counts(after.phase);
    says.extend(resumed(s, &before, &says));
    says.extend(after.phase.filter(|phase| phase.is_terminal()).and_then(|phase| finished(phase, &says)));
    after.conditions = says.into_iter().map(|say| condition(&before, &say, s)).collect();
    let after = bounds::fitted(after);
    (after != before).then_some(after)
}

/// The counts `succeeded` and `failed`, as batch/v1 counts pods. The whole job counts as one, once it has ended.
fn counts(phase: Option<Phase>) -> (Option<i32>, Option<i32>) {
    let has_ended = phase.is_some_and(Phase::is_terminal);
    let has_succeeded = phase == Some(Phase::Succeeded);
    (Some(i32::from(has_succeeded)), Some(i32::from(has_ended && !has_succeeded)))
}

/// Keeps the condition `Suspended` as False after a resume. The submit deadline counts from its transition time.
fn resumed(s: &Situation<'_>, before: &BatchJobStatus, says: &[NewCondition]) -> Option<NewCondition> {
    let is_about = |kind: &str| kind == condition::SUSPENDED;
    let was_suspended = before.conditions.iter().any(|condition| is_about(&condition.type_));
    let is_resumed = was_suspended && s.object.spec.suspend != Some(true);
    (is_resumed && !says.iter().any(|say| is_about(say.kind))).then(|| {
        NewCondition::is_false(condition::SUSPENDED, condition::Reason::Resumed, "spec.suspend is false")
    })
}

/// One condition to wait for, whether the job succeeds or fails. Its reason is that of `Complete` or `Failed`.
fn finished(phase: Phase, says: &[NewCondition]) -> Option<NewCondition> {
    let is_end =
        |say: &&NewCondition| say.is_true && [condition::COMPLETE, condition::FAILED].contains(&say.kind);
    let end = says.iter().find(is_end)?;
    let message = format!("The phase is {phase:?}: {} tells why", end.kind);
    Some(NewCondition { kind: condition::FINISHED, is_true: true, reason: end.reason, message })
}

/// Adds one condition, whose message is also the reason of the status. `None`: nothing has changed.
pub fn also(s: &Situation<'_>, status: Option<BatchJobStatus>, say: &NewCondition) -> Option<BatchJobStatus> {
    let before = s.status();
    let mut after = status.unwrap_or_else(|| before.clone());
    after.reason = Some(say.message.clone());
    after.conditions.retain(|condition| condition.type_ != say.kind);
    after.conditions.push(condition(&before, say, s));
    let after = bounds::fitted(after);
    (after != before).then_some(after)
}

/// The status with the new generation, when the spec was changed after the end. Otherwise kstatus would show the object
/// as in progress.
pub fn observed(s: &Situation<'_>) -> Option<BatchJobStatus> {
    let generation = s.object.metadata.generation;
    let is_stale = !s.is_deleting() && s.status().observed_generation != generation;
    is_stale.then(|| BatchJobStatus { observed_generation: generation, ..s.status() })
}

/// The end that is not a success: the job failed, vanished, or was never sent.
pub fn failure(
    phase: Phase,
    reason: condition::Reason,
    text: &str,
) -> (Vec<NewCondition>, impl FnOnce(&mut BatchJobStatus)) {
    let says = vec![
        NewCondition::is_true(condition::FAILED, reason, text),
        NewCondition::is_true(condition::STALLED, reason, text),
    ];
    let text = text.to_owned();
    let change = move |status: &mut BatchJobStatus| {
        status.phase = Some(phase);
        status.reason = Some(text);
    };
    (says, change)
}

/// A time as a status carries it: whole seconds.
pub fn time(at: Timestamp) -> Time {
    Time(Timestamp::from_second(at.as_second()).unwrap_or(at))
}

fn condition(before: &BatchJobStatus, say: &NewCondition, s: &Situation<'_>) -> Condition {
    let status = if say.is_true { "True" } else { "False" };
    let earlier = before.conditions.iter().find(|condition| condition.type_ == say.kind);
    let since = match earlier {
        Some(earlier) if earlier.status == status => earlier.last_transition_time.clone(),
        _ => time(s.now.wall),
    };
    Condition {
        type_: say.kind.to_owned(),
        status: status.to_owned(),
        reason: say.reason.to_owned(),
        message: bounds::prose(&say.message),
        last_transition_time: since,
        observed_generation: s.object.metadata.generation,
    }
}
