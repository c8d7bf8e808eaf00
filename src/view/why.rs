//! Why an object stands where it stands, for who runs the job: the planner's sentence, and the row of `help` that fits.

use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::ResourceExt;
use serde::Serialize;

use super::Answer;
use super::evidence::{facts, filled, plain};
use crate::api::condition::{
    COMPLETE, FAILED, FINISHED, OBSERVED, RECONCILING, Reason, SCHEDULABLE, STALLED, SUBMITTED,
};
use crate::api::{BatchJob, BatchJobStatus};
use crate::help::{self, Help};
use crate::text::one_line;

/// Longest text that others have written, in characters.
const TEXT_MAX: usize = 1024;

/// Cause, evidence and way out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    namespace: String,
    name: String,
    phase: String,
    /// The planner's cause, and its sentence.
    stands: Option<String>,
    sentence: Option<&'static str>,
    /// The reason of the condition that decides, and its message.
    reason: Option<String>,
    message: Option<String>,
    /// What the reason means.
    causes: Vec<String>,
    evidence: Vec<String>,
    ways_out: Vec<String>,
}

impl Why {
    /// Of an object, and of what the planner answers about it.
    pub fn new(object: &BatchJob, answer: &Answer) -> Self {
        let nothing = BatchJobStatus::default();
        let status = object.status.as_ref().unwrap_or(&nothing);
        let conditions = if status.conditions.is_empty() { &answer.conditions } else { &status.conditions };
        let deciding = deciding(conditions, object.metadata.deletion_timestamp.is_some());
        let rows = rows(deciding, answer, object.metadata.deletion_timestamp.is_some());
        let told = |text: fn(&Help) -> &'static str| {
            let texts = rows.iter().map(text).filter(|text| !text.is_empty());
            texts.map(|text| plain(&filled(text, object))).collect::<Vec<_>>()
        };
        let facts = facts(status);
        // What the row points at in the status, the facts show.
        let pointed = told(|row| row.evidence).into_iter().filter(|text| facts.is_empty() || !points(text));
        let evidence = pointed.chain(facts.iter().cloned()).collect();
        Self {
            namespace: object.namespace().unwrap_or_else(|| "default".to_owned()),
            name: object.name_any(),
            phase: status.phase.map_or_else(|| "Pending".to_owned(), |phase| format!("{phase:?}")),
            stands: answer.cause.clone(),
            sentence: answer.why,
            reason: deciding.map(|(condition, _)| condition.reason.clone()),
            message: deciding.map(|(condition, _)| message(condition, conditions)),
            causes: told(|row| row.cause),
            evidence,
            ways_out: told(|row| row.way_out),
        }
    }
}

/// The row that fits or, before a condition is written, all that may fit.
fn rows(deciding: Option<(&Condition, &'static [Help])>, answer: &Answer, is_deleted: bool) -> Vec<Help> {
    match (deciding, answer.cause.as_deref()) {
        (None, Some("ManagedElsewhere")) => Vec::new(),
        (_, Some("LetGo")) => help::DELETED.last().copied().into_iter().collect(),
        (Some((condition, _)), Some("Deleted")) if is_deleted && condition.type_ == SUBMITTED => {
            help::DELETED.first().copied().into_iter().collect()
        }
        (Some((condition, rows)), _) => found(rows, condition).into_iter().collect(),
        (None, Some("InDoubt")) => {
            help::find(help::NOT_SUBMITTED, SUBMITTED, Reason::Unconfirmed.as_str()).into_iter().collect()
        }
        (None, _) => help::UNSEEN.to_vec(),
    }
}

/// Whether the text only names members of the status.
fn points(text: &str) -> bool {
    text.split(", ").all(|word| word.starts_with("status.") && !word.contains(' '))
}

/// The condition that decides where the object stands, and the rows that may explain it.
fn deciding(conditions: &[Condition], is_deleted: bool) -> Option<(&Condition, &'static [Help])> {
    let find = |kind: &str, status: &str| {
        conditions.iter().find(|condition| condition.type_ == kind && condition.status == status)
    };
    let of_deletion = || find(STALLED, "True").or_else(|| find(RECONCILING, "True"));
    let of_submission = || find(SUBMITTED, "False").map(|condition| (condition, help::NOT_SUBMITTED));
    find(FINISHED, "True")
        .map(|condition| (condition, help::ENDED))
        .or_else(|| of_deletion().filter(|_| is_deleted).map(|condition| (condition, help::DELETED)))
        .or_else(|| find(OBSERVED, "False").map(|condition| (condition, help::UNREAD)))
        .or_else(|| find(SCHEDULABLE, "False").map(|condition| (condition, help::HAS_JOB)))
        .or_else(of_submission)
        .or_else(|| find(SUBMITTED, "True").map(|condition| (condition, help::HAS_JOB)))
}

/// The row of these, or of what is told of such a reason elsewhere.
fn found(rows: &'static [Help], condition: &Condition) -> Option<Help> {
    let elsewhere = [rows, help::HAS_JOB, help::NOT_SUBMITTED, help::ENDED];
    let mut found =
        elsewhere.into_iter().filter_map(|rows| help::find(rows, &condition.type_, &condition.reason));
    let first = found.next()?;
    // Of a status that may be old the way out is known, and the cause is that of the reason.
    let whole = if first.cause.is_empty() { found.next() } else { None };
    Some(whole.map_or(first, |whole| Help { way_out: first.way_out, ..whole }))
}

/// Finished only says which condition tells more.
fn message(condition: &Condition, conditions: &[Condition]) -> String {
    let tells_more = |other: &&Condition| [COMPLETE, FAILED].contains(&other.type_.as_str());
    let more = conditions.iter().find(tells_more).filter(|_| condition.type_ == FINISHED);
    one_line(&more.unwrap_or(condition).message, TEXT_MAX)
}

/// Headings on the left, one fact a line.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchJob {}/{} is {}", self.namespace, self.name, self.phase)?;
        let sentence =
            self.stands.as_deref().zip(self.sentence).map(|(cause, why)| format!("{cause}: {why}"));
        let reason = self.reason.as_deref().zip(self.message.as_deref());
        let reason = reason.map(|(reason, message)| format!("{reason}: {message}"));
        lines(f, "Why", sentence.as_slice())?;
        lines(f, "Reason", reason.as_slice())?;
        if self.causes.len() > 1 {
            return self.several(f);
        }
        lines(f, "Cause", &self.causes)?;
        lines(f, "Evidence", &self.evidence)?;
        lines(f, "Way out", &self.ways_out)
    }
}

impl Why {
    /// Of several causes each has its own evidence and its own way out.
    fn several(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (cause, (evidence, way_out)) in self.causes.iter().zip(self.evidence.iter().zip(&self.ways_out)) {
            for (heading, line) in [("Cause", cause), ("Evidence", evidence), ("Way out", way_out)] {
                lines(f, heading, std::slice::from_ref(line))?;
            }
        }
        Ok(())
    }
}

fn lines(f: &mut fmt::Formatter<'_>, heading: &str, lines: &[String]) -> fmt::Result {
    lines.iter().enumerate().try_for_each(|(place, line)| {
        let heading = if place == 0 { heading } else { "" };
        write!(f, "\n{heading:<10}{line}")
    })
}
