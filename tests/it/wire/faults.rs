//! What each kind of failure of a SubmitJob is taken for.

use aws_batch_operator::aws::Batch;
use aws_batch_operator::aws::sdk::Aws;
use aws_batch_operator::job::FaultKind;
use batch_double::{Fault as Played, Kind, When};

use super::{config, double, minimal, settings, soon, submit};

/// Plays the fault before and after acceptance: one request each, and this is what it is taken for.
async fn check(kind: Kind, expected: FaultKind) {
    for (when, accepted) in [(When::Before, 0), (When::After, 1)] {
        let double = double();
        double.set_faults(vec![Played::next("SubmitJob", kind, when, 1)]);
        let fault = submit(&double).await.unwrap_err();
        assert_eq!(fault.kind, expected, "{kind:?} {when:?}: {fault}");
        assert_eq!(double.count("SubmitJob"), 1, "{kind:?} {when:?} was sent more than once");
        assert_eq!(double.accepted(), accepted, "{kind:?} {when:?}");
    }
}

#[tokio::test]
async fn what_may_have_been_carried_out_is_unclear() {
    for kind in [
        Kind::ServerError,
        Kind::Unavailable,
        Kind::Drop,
        Kind::Truncated,
        Kind::Empty,
        Kind::Html,
        Kind::Hang,
    ] {
        check(kind, FaultKind::Unclear).await;
    }
}

#[tokio::test]
async fn what_aws_says_no_to_is_surely_not_accepted() {
    for (kind, expected) in [
        (Kind::Throttled, FaultKind::Throttled),
        (Kind::Refused, FaultKind::Refused),
        (Kind::Denied, FaultKind::Denied),
    ] {
        check(kind, expected).await;
    }
}

#[tokio::test]
async fn a_call_is_answered_when_aws_said_something_and_not_when_nothing_came_back() {
    for (kind, is_answered) in
        [(Kind::ServerError, true), (Kind::Refused, true), (Kind::Drop, false), (Kind::Hang, false)]
    {
        let double = double();
        double.set_faults(vec![Played::next("SubmitJob", kind, When::After, 1)]);
        let fault = submit(&double).await.unwrap_err();
        assert_eq!(fault.answered, is_answered, "{kind:?}: {fault}");
    }
}

#[tokio::test]
async fn an_address_in_clear_that_others_can_listen_to_is_never_sent_to() {
    let aws = Aws::new(config("http://batch.example"), settings());
    let fault = aws.submit(&minimal(), soon()).await.unwrap_err();
    assert!(fault.kind == FaultKind::NotSent && fault.message.contains("not https"), "{fault}");
}
