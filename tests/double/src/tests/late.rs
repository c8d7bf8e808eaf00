//! What reads show late, each in its own way, and by which clock.

use serde_json::json;

use super::START;
use super::served::{Served, by_name, job};
use crate::fault::{Fault, Kind, When};
use crate::job::Hiding;

#[test]
fn a_new_job_hides_from_each_read_for_its_own_time() {
    let mut served = Served::new();
    served.core.set_hiding(Hiding { list_ms: 3_000, describe_ms: 1_000, tags_ms: 2_000 });
    let id = served.submit();
    served.core.set_hiding(Hiding::default());
    let mut seen = |by_ms| {
        served.turn(by_ms);
        let told = served.described(&id);
        (served.listed(), told.is_some(), told.is_some_and(|told| told["tags"]["uid"] == "1"))
    };
    assert_eq!(seen(999), (0, false, false));
    assert_eq!(seen(1), (0, true, false), "described without tags for a while");
    assert_eq!(seen(1_000), (0, true, true));
    assert_eq!(seen(1_000), (1, true, true));
}

#[test]
fn a_job_that_hides_tells_its_newest_state_when_it_shows() {
    let mut served = Served::new();
    served.core.set_hiding(Hiding { describe_ms: 350, ..Hiding::default() });
    let id = served.submit();
    served.turn(350);
    assert_eq!(served.described(&id).unwrap()["status"], "RUNNING");
}

#[test]
fn a_read_may_fall_back_once() {
    let mut served = Served::new();
    let id = served.submit();
    served.turn(350);
    let stale = |operation| Fault::next(operation, Kind::Stale, When::Before, 1).late_by_ms(200);
    served.core.set_faults(vec![stale("DescribeJobs")]);
    assert_eq!(served.described(&id).unwrap()["status"], "RUNNABLE");
    assert_eq!(served.described(&id).unwrap()["status"], "RUNNING");
    served.core.set_faults(vec![stale("ListJobs").late_by_ms(400)]);
    assert_eq!((served.listed(), served.listed()), (0, 1));
}

#[test]
fn the_services_clock_judges_signatures_and_dates_jobs() {
    let mut served = Served::new();
    served.core.set_clock(301_000);
    let status = |served: &mut Served, ago_ms| match served.signed("/v1/submitjob", job().to_string(), ago_ms)
    {
        crate::Delivery::CompleteAnswer(answer) => answer.status,
        other => panic!("{other:?}"),
    };
    assert_eq!((status(&mut served, 0), status(&mut served, -2_000)), (403, 200));
    assert_eq!(served.core.jobs()[0].created_at, START + 301_000);
}

#[test]
fn the_same_calls_at_the_same_moments_have_the_same_answers() {
    let history = || {
        let mut served = Served::new();
        served.core.set_faults(vec![Fault::sometimes("*", Kind::ServerError, When::After, 0.5)]);
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(served.call("/v1/submitjob", &job()));
            served.turn(70);
            answers.push(served.call("/v1/listjobs", &by_name()));
        }
        let ended = json!({ "jobs": [served.core.jobs()[0].id], "reason": "enough" });
        answers.push(served.call("/v1/terminatejobs", &ended));
        (format!("{answers:?}"), format!("{:?}", served.core.jobs()))
    };
    assert_eq!(history(), history());
}
