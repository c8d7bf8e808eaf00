//! What an answer bears, whoever sends it: AWS itself, or a middlebox in its place.

use serde_json::json;

use super::START;
use super::served::{Served, body, by_name, job};
use crate::fault::{Fault, Kind, When};

const BY_AWS: [Kind; 7] = [
    Kind::Throttled,
    Kind::Refused,
    Kind::Denied,
    Kind::ServerError,
    Kind::Unavailable,
    Kind::UnknownOperation,
    Kind::Hollow,
];
const BY_A_MIDDLEBOX: [Kind; 5] =
    [Kind::ThrottledBare, Kind::RefusedBare, Kind::DeniedBare, Kind::Empty, Kind::Html];

#[test]
fn every_answer_of_aws_bears_an_id_of_its_own() {
    let mut served = Served::new();
    let mut ids = Vec::new();
    for (path, request, status) in [
        ("/v1/submitjob", job(), 200),
        ("/v1/listjobs", by_name(), 200),
        ("/v1/submitjob", json!({}), 400),
        ("/v1/nothing", json!({}), 404),
    ] {
        let answer = served.ask(path, &request);
        assert_eq!(answer.status, status, "{path}");
        ids.push(answer.header("x-amzn-requestid").unwrap().to_owned());
    }
    let stale = served.signed("/v1/listjobs", by_name().to_string(), 301_000);
    let crate::Delivery::CompleteAnswer(stale) = stale else { panic!("{stale:?}") };
    assert_eq!(stale.status, 403);
    ids.push(stale.header("x-amzn-requestid").unwrap().to_owned());
    let number = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), number, "no two alike: {ids:?}");
}

#[test]
fn a_fault_bears_an_id_where_aws_itself_plays_it() {
    let mut served = Served::new();
    for kind in BY_AWS.into_iter().chain(BY_A_MIDDLEBOX) {
        served.core.set_faults(vec![Fault::next("SubmitJob", kind, When::Before, 1)]);
        let answer = served.ask("/v1/submitjob", &job());
        let is_awss = answer.header("x-amzn-requestid").is_some();
        assert_eq!(is_awss, BY_AWS.contains(&kind), "{kind:?}: {answer:?}");
        let has_code = answer.header("x-amzn-errortype").is_some();
        assert_eq!(has_code, is_awss && kind != Kind::Hollow, "{kind:?}: {answer:?}");
    }
    assert!(served.core.jobs().is_empty());
}

#[test]
fn a_job_may_be_taken_and_a_middlebox_refuse_all_the_same() {
    for (kind, status) in [(Kind::RefusedBare, 400), (Kind::DeniedBare, 403), (Kind::ThrottledBare, 429)] {
        let mut served = Served::new();
        served.core.set_faults(vec![Fault::next("SubmitJob", kind, When::After, 1)]);
        let answer = served.ask("/v1/submitjob", &job());
        assert_eq!((answer.status, served.core.jobs().len()), (status, 1), "{kind:?}");
        assert_eq!(answer.header("x-amzn-requestid"), None);
    }
}

#[test]
fn each_operation_may_answer_with_nothing_in_it() {
    for (kind, has_id) in [(Kind::Empty, false), (Kind::Hollow, true)] {
        for operation in ["SubmitJob", "DescribeJobs", "ListJobs", "TerminateJobs", "DescribeJobQueues"] {
            let mut served = Served::new();
            served.core.set_faults(vec![Fault::next(operation, kind, When::Before, 1)]);
            let answer = served.ask(&format!("/v1/{}", operation.to_lowercase()), &json!({}));
            assert_eq!((answer.status, body(&answer)), (200, json!({})), "{operation}");
            assert_eq!(answer.header("x-amzn-requestid").is_some(), has_id, "{operation}");
        }
    }
}

#[test]
fn bulk_ends_may_be_unknown_while_single_ones_work() {
    let mut served = Served::new();
    let bulk = |operation| Fault::always(operation, Kind::UnknownOperation, When::Before);
    served.core.set_faults(vec![bulk("TerminateJobs"), bulk("CancelJobs")]);
    let id = served.submit();
    let many = json!({ "jobs": [id], "reason": "enough" });
    for path in ["/v1/terminatejobs", "/v1/canceljobs"] {
        let answer = served.ask(path, &many);
        assert_eq!(
            (answer.status, answer.header("x-amzn-errortype")),
            (404, Some("UnknownOperationException"))
        );
    }
    let is_asked_to_end = |served: &Served| served.core.outlooks()[0].ended_on_request_at.is_some();
    assert!(!is_asked_to_end(&served));
    assert_eq!(served.ask("/v1/terminatejob", &json!({ "jobId": id, "reason": "enough" })).status, 200);
    assert!(is_asked_to_end(&served));
}

#[test]
fn a_queue_that_is_taken_away_is_refused_like_one_that_never_was() {
    let mut served = Served::new();
    let id = served.submit();
    served.core.delete_queue("q");
    for (path, request) in [("/v1/submitjob", job()), ("/v1/listjobs", by_name())] {
        let answer = served.ask(path, &request);
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.body.contains("JobQueue q not found."), "{answer:?}");
    }
    assert_eq!(served.described(&id), None);
}

#[test]
fn the_date_is_the_clocks_unless_it_is_made_wrong() {
    let mut served = Served::new();
    let date = |served: &mut Served| {
        let answer = served.ask("/v1/listjobs", &by_name());
        let date = answer.header("date").unwrap().to_owned();
        jiff::fmt::rfc2822::parse(&date).unwrap().timestamp().as_millisecond()
    };
    assert_eq!(date(&mut served), START);
    served.core.set_date(7_000);
    served.turn(1_000);
    assert_eq!(date(&mut served), START + 8_000);
    served.core.set_faults(vec![Fault::next("ListJobs", Kind::DeniedBare, When::Before, 1)]);
    assert_eq!(date(&mut served), START + 8_000, "of a middlebox, too");
}
