//! An object without a job: it is suspended, is given up, waits, or is submitted.

use std::collections::BTreeMap;
use std::time::Duration;

use kube::ResourceExt;

use crate::api::condition::{self, Reason};
use crate::api::{BatchJobSpec, JobDependency, Phase};
use crate::job::{Fault, FaultKind, MAX_BODY_BYTES, MAX_TAGS, Submission};
use crate::plan::life::give_up::give_up;
use crate::plan::life::{adopt, overdue};
use crate::plan::rule::dependencies::{self, Ready};
use crate::plan::rule::refusal::{self, Refusal};
use crate::plan::situation::{Situation, Turn};
use crate::plan::status::lengths;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Because, Claim, Note, Plan, Step, Submit};

/// The plan for an object that has no job, as far as is known.
pub fn plan(s: &Situation<'_>) -> Plan {
    match s.adopts() {
        Some(job) => adopt::plan(s, job).because(Because::Adopts),
        None => overdue::within(s, || go_on(s)),
    }
}

fn go_on(s: &Situation<'_>) -> Plan {
    if s.object.spec.suspend == Some(true) {
        return suspended(s).because(Because::Suspended);
    }
    let depends_on = match dependencies::ready(s) {
        Ready::Yes(depends_on) => depends_on,
        Ready::Wait(why) => return wait_for_parents(s, &why).because(Because::WaitsForDependencies),
        Ready::Never(why) => return give_up(s, Reason::DependencyFailed, &why),
    };
    let submission = submission(s, depends_on);
    if let Some(why) = obstacle(&submission) {
        return give_up(s, Reason::InvalidSpec, &why);
    }
    let refusal = refusal::latest(s);
    let queue = refusal.as_ref().and_then(|refusal| refusal.queue(s));
    Plan { queue, ..send(s, submission, refusal.as_ref()) }
}

/// Submits when the pause after a refusal is over and the object has its turn.
fn send(s: &Situation<'_>, submission: Submission, refusal: Option<&Refusal<'_>>) -> Plan {
    if let Some((refusal, left)) = refusal.and_then(|refusal| Some((refusal, refusal.pause_left(s)?))) {
        return wait(s, refusal, left).because(Because::NotAccepted);
    }
    match s.turn {
        Turn::None | Turn::Waiting => Plan::step(Step::TakeTurn).because(Because::WaitsForTurn),
        Turn::Granted => Plan { notes: lengths::warnings(&s.object.spec), ..submit(s, refusal, submission) },
    }
}

/// Claims, then sends.
fn submit(s: &Situation<'_>, refusal: Option<&Refusal<'_>>, submission: Submission) -> Plan {
    let step = Step::Submit(Box::new(Submit {
        claim: Claim {
            v: Claim::VERSION,
            uid: s.object.uid().unwrap_or_default(),
            at: s.now.wall,
            holder: s.settings.holder.clone(),
            again: s.may_be_second(),
            target: Some(s.here.clone()),
        },
        claimed: s.now.moment,
        tries: refusal.map_or(0, |refusal| refusal.tries),
        submission,
    }));
    Plan::step(step).because(Because::Submits)
}

fn submission(s: &Situation<'_>, depends_on: Option<Vec<JobDependency>>) -> Submission {
    let mut tags: BTreeMap<String, String> = s.object.spec.tags.clone().unwrap_or_default();
    tags.extend(s.identity().tags().map(|(key, value)| (key.to_owned(), value)));
    Submission {
        name: s.job_name(),
        spec: BatchJobSpec { depends_on, ..s.object.spec.clone() },
        tags,
        signed_at: s.now.wall,
    }
}

/// The limits that the schema cannot check: the size of the request, and the number of all tags with our four.
fn obstacle(submission: &Submission) -> Option<String> {
    if submission.tags.len() > MAX_TAGS {
        let over = submission.tags.len() - MAX_TAGS;
        return Some(format!("spec.tags: AWS takes {MAX_TAGS} tags and four are ours; remove {over}"));
    }
    let bytes = submission.body().to_string().len();
    (bytes > MAX_BODY_BYTES).then(|| {
        format!(
            "spec: the request is {bytes} bytes and AWS takes {MAX_BODY_BYTES}; move data out of environment, command or parameters, into Amazon S3 for example"
        )
    })
}

fn suspended(s: &Situation<'_>) -> Plan {
    let says = vec![
        NewCondition::is_false(
            condition::SUBMITTED,
            Reason::Suspended,
            "Held back until spec.suspend is false",
        ),
        NewCondition::is_true(condition::SUSPENDED, Reason::Suspended, "spec.suspend is true"),
    ];
    Plan {
        status: write::status(s, says, |status| {
            status.phase = Some(Phase::Suspended);
            status.reason = None;
            (status.submission, status.target) = (refusal::kept(s), None);
        }),
        notes: vec![Note::normal(Reason::Suspended, "Held back until spec.suspend is false")],
        ..Plan::rest()
    }
}

/// The status says that the object waits. The wait may last days, and an empty status would explain nothing.
fn wait_for_parents(s: &Situation<'_>, why: &str) -> Plan {
    let says = vec![
        NewCondition::is_false(condition::SUBMITTED, Reason::WaitingForDependencies, why),
        NewCondition::is_true(condition::RECONCILING, Reason::WaitingForDependencies, why),
    ];
    Plan {
        status: write::status(s, says, |status| {
            status.phase = Some(Phase::Pending);
            status.dependencies = dependencies::record(s);
            status.reason = Some(why.to_owned());
            (status.submission, status.target) = (refusal::kept(s), None);
        }),
        notes: vec![Note::normal(Reason::WaitingForDependencies, why)],
        ..Plan::rest()
    }
}

/// AWS certainly has no job. The status says why and records the attempt. The object waits until the next attempt.
fn wait(s: &Situation<'_>, refusal: &Refusal<'_>, left: Duration) -> Plan {
    let rest = Plan { wake: Some(left), ..Plan::rest() };
    // After a restart the status holds the error already.
    let Some(fault) = refusal.fault else { return rest };
    let (reason, text) = explain(s, fault);
    let mut says = vec![NewCondition::is_false(condition::SUBMITTED, reason, text.clone())];
    says.push(if fault.kind.passes_by_itself() {
        NewCondition::is_true(condition::RECONCILING, reason, "SubmitJob will be tried again")
    } else {
        NewCondition::is_true(condition::STALLED, reason, text.clone())
    });
    Plan {
        status: write::status(s, says, |status| {
            status.phase = Some(Phase::Pending);
            status.reason = Some(text.clone());
            (status.submission, status.target) = (refusal.record(s), None);
        }),
        notes: vec![Note::warning(reason, text.clone())],
        ..rest
    }
}

fn explain(s: &Situation<'_>, fault: &Fault) -> (Reason, String) {
    let region = &s.settings.region;
    let text = match fault.kind {
        FaultKind::Throttled => format!("AWS asks for fewer calls ({fault}); trying again"),
        FaultKind::Refused => {
            format!("AWS refused SubmitJob in Region {region}: {fault}. Trying again with growing pauses")
        }
        FaultKind::Denied => {
            let permission = "The operator's role needs batch:SubmitJob on the queue and the definition, and batch:TagResource";
            let way_out = fault.denial().map(|denial| denial.way_out(permission)).unwrap_or_default();
            format!("AWS denied SubmitJob in Region {region}: {fault}. {way_out}")
        }
        FaultKind::NoCredentials => format!("The operator has no AWS credentials: {fault}"),
        FaultKind::NotSent | FaultKind::Unclear => {
            format!("SubmitJob was not sent to Region {region}: {fault}. Trying again")
        }
    };
    (fault.kind.meaning().reason, text)
}
