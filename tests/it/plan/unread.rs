//! Jobs that AWS lets nobody look at.

use aws_batch_operator::job::{FaultKind, JobStatus};
use aws_batch_operator::plan::{Plan, Step};

use super::scene::{Scene, condition, created};

/// A running job, at so many seconds; every look has failed since second 20.
fn unread(now: i64) -> Scene {
    created().submitted().now(20).seen(JobStatus::Running).settled().unread(20, FaultKind::Denied).now(now)
}

fn observed(plan: &Plan) -> Option<(&str, &str)> {
    condition(plan.status.as_ref()?, "Observed")
}

#[test]
fn a_minute_without_an_answer_is_told_once() {
    assert_eq!(unread(79).plan().status, None);
    let told = unread(80).plan();
    assert_eq!(observed(&told), Some(("False", "AccessDenied")));
    assert_eq!((told.notes.len(), &told.step), (1, &Step::Rest));
    let later = unread(80).settled().now(9_000).plan();
    assert_eq!((later.status, later.notes), (None, vec![]), "one write, one Event");
    let answered = unread(80).settled().answered_looks().plan().status.unwrap();
    assert_eq!(condition(&answered, "Observed"), None, "it goes by itself");
    assert_eq!(answered.reason, None);
}

#[test]
fn the_reason_is_that_of_the_fault() {
    let reasons = [
        (FaultKind::Throttled, "Throttled"),
        (FaultKind::Unclear, "Unreachable"),
        (FaultKind::NoCredentials, "AccessDenied"),
    ];
    for (kind, reason) in reasons {
        assert_eq!(observed(&unread(80).unread(20, kind).plan()), Some(("False", reason)));
    }
}

#[test]
fn a_job_that_nobody_has_looked_at_yet_is_told_of_too() {
    let fresh = created().submitted().unread(20, FaultKind::Unclear).now(80);
    assert_eq!(observed(&fresh.plan()), Some(("False", "Unreachable")));
}

#[test]
fn what_has_ended_is_looked_at_no_more() {
    let ended =
        created().submitted().now(20).seen(JobStatus::Succeeded).unread(20, FaultKind::Denied).now(80);
    assert_eq!(observed(&ended.plan()), None);
    assert_eq!(ended.settled().plan().status, None);
}
