//! Whose account it is, and that another's things are not there.

use serde_json::json;

use super::served::{Served, body, job};
use crate::delivery::Delivery;
use crate::fault::{Fault, Kind, When};
use crate::message::Message;

const FORM: &str = "Action=GetCallerIdentity&Version=2011-06-15";

fn identity(served: &mut Served, ago_ms: i64) -> Message {
    let delivery = served.signed("/", FORM.to_owned(), ago_ms);
    let Delivery::CompleteAnswer(answer) = delivery else { panic!("{delivery:?}") };
    answer
}

#[test]
fn the_caller_is_told_whose_account_it_is() {
    let mut served = Served::in_account("210987654321");
    let answer = identity(&mut served, 0);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/xml")));
    assert!(answer.body.contains("<Account>210987654321</Account>"), "{answer:?}");
    assert!(answer.header("x-amzn-requestid").is_some());
}

#[test]
fn a_refusal_of_the_callers_identity_is_xml_too() {
    let mut served = Served::new();
    let late = identity(&mut served, 301_000);
    served.core.set_faults(vec![Fault::always("GetCallerIdentity", Kind::Denied, When::Before)]);
    let denied = identity(&mut served, 0);
    for (answer, code) in [(late, "InvalidSignatureException"), (denied, "AccessDeniedException")] {
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains(&format!("<Code>{code}</Code>")), "{answer:?}");
    }
    let delivery = served.signed("/", "Action=AssumeRole".to_owned(), 0);
    let Delivery::CompleteAnswer(unknown) = delivery else { panic!("{delivery:?}") };
    assert_eq!(unknown.status, 404);
}

#[test]
fn all_arns_name_the_account() {
    let mut served = Served::in_account("210987654321");
    let submitted = body(&served.ask("/v1/submitjob", &job()));
    let id = submitted["jobId"].as_str().unwrap().to_owned();
    served.turn(350);
    let told = served.described(&id).unwrap();
    let members = [&submitted["jobArn"], &told["jobArn"], &told["jobQueue"], &told["jobDefinition"]];
    for arn in members.into_iter().chain([&told["container"]["taskArn"]]) {
        assert!(arn.as_str().unwrap().contains(":us-east-1:210987654321:"), "{arn}");
    }
}

#[test]
fn what_is_anothers_is_refused() {
    let mut served = Served::in_account("210987654321");
    let queue = |place: &str| format!("arn:aws:batch:{place}:job-queue/q");
    let definition = |place: &str| format!("arn:aws:batch:{place}:job-definition/d:1");
    let (here, other) = ("us-east-1:210987654321", ["us-east-1:123456789012", "eu-west-1:210987654321"]);
    for place in other {
        for (member, arn) in [("jobQueue", queue(place)), ("jobDefinition", definition(place))] {
            let mut request = job();
            request[member] = json!(arn);
            assert_eq!(served.ask("/v1/submitjob", &request).status, 400, "{arn}");
        }
        assert_eq!(served.ask("/v1/listjobs", &json!({ "jobQueue": queue(place) })).status, 400);
    }
    let mut request = job();
    request["jobQueue"] = json!(queue(here));
    request["jobDefinition"] = json!(definition(here));
    assert_eq!(served.ask("/v1/submitjob", &request).status, 200);
    assert_eq!(served.core.jobs().len(), 1);
}

#[test]
fn two_accounts_have_no_job_in_common() {
    let (mut one, mut other) = (Served::new(), Served::in_account("210987654321"));
    let (id, its) = (one.submit(), other.submit());
    assert_ne!(id, its, "the same call at the same moment");
    assert_eq!(other.described(&id), None);
}
