//! Jobs in another account or Region. An operator that was moved neither follows nor repeats its earlier jobs: a job
//! that is not found here may exist there.

use std::time::Duration;

use kube::ResourceExt;

use crate::api::condition::{self, Reason};
use crate::api::{DeletionPolicy, JobTarget, Phase};
use crate::plan::life::release;
use crate::plan::rule::place;
use crate::plan::situation::Situation;
use crate::plan::status::submitted;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Note, Plan};

/// The pause until the next pass. The account may be known by then.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The plan for an object whose job is, or may be, in another place; `None`: as far as is known, it is not.
pub fn plan(s: &Situation<'_>) -> Option<Plan> {
    let there = place::recorded(s)?;
    let is_unknown = s.job_id().is_none() && there.account_id.is_some() && s.here.account_id.is_none();
    if !there.contradicts(s.here) && !is_unknown {
        return None;
    }
    if s.is_deleting() && s.deletion_policy() == DeletionPolicy::Retain {
        return Some(release::let_go(s, "Its job, if there is one, is left alone: deletionPolicy is Retain"));
    }
    Some(held(s, &there))
}

fn held(s: &Situation<'_>, there: &JobTarget) -> Plan {
    let text = format!(
        "The job is, or may be, in {}, and the operator works in {}. It is neither followed nor submitted again. {}",
        called(there),
        called(s.here),
        way_out(s)
    );
    let mut says = match s.job_id() {
        Some(id) => submitted::says(s, &id),
        None => vec![NewCondition::is_false(condition::SUBMITTED, Reason::Unconfirmed, text.clone())],
    };
    says.push(NewCondition::is_false(condition::OBSERVED, Reason::TargetMismatch, text.clone()));
    says.push(NewCondition::is_true(condition::STALLED, Reason::TargetMismatch, text.clone()));
    let status = write::status(s, says, |status| {
        status.phase = status.phase.or(Some(Phase::Pending));
        status.reason = Some(text.clone());
    });
    Plan { status, notes: vec![Note::warning(Reason::TargetMismatch, text)], ..Plan::rest() }
        .waking_in(LOOK_AGAIN)
}

fn called(target: &JobTarget) -> String {
    match &target.account_id {
        Some(account) => format!("account {account}, Region {}", target.region),
        None => format!("an account that is not known, Region {}", target.region),
    }
}

fn way_out(s: &Situation<'_>) -> String {
    if s.is_deleting() {
        format!("To delete the object at once: {}", release::retain_command(&s.object.name_any()))
    } else {
        "Give the operator its earlier account and Region back".to_owned()
    }
}
