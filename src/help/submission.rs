//! While AWS has no job of the object.

use super::Help;
use crate::api::condition::Reason as R;

/// The rows of the page.
pub const NOT_SUBMITTED: &[Help] = &[
    Help {
        reasons: &[R::Suspended],
        at: "",
        cause: "`spec.suspend` is true.",
        evidence: "the spec",
        way_out: "set `spec.suspend` to false",
    },
    Help {
        reasons: &[R::Resumed],
        at: "",
        cause: "The object was resumed and waits for its turn.",
        evidence: "condition `Suspended=False`",
        way_out: "wait",
    },
    Help {
        reasons: &[R::WaitingForDependencies],
        at: "",
        cause: "A BatchJob in `dependsOn` has no job yet, or does not exist.",
        evidence: "the message names it",
        way_out: "create it, or find out why it waits",
    },
    Help {
        reasons: &[R::Searching],
        at: "",
        cause: "The object is older than the operator's knowledge of it, as after a restore. A job of it is searched for first.",
        evidence: "the message",
        way_out: "wait; the search needs one ListJobs. With `Stalled`, make the queue that the message names",
    },
    Help {
        reasons: &[R::Unconfirmed],
        at: "",
        cause: "The answer of SubmitJob was lost, or a crash came before the record. There may be a job.",
        evidence: "the message says when it is sent again",
        way_out: "wait up to seven minutes. If searches fail, see [aws_calls](#aws_calls)",
    },
    Help {
        reasons: &[R::Refused],
        at: "",
        cause: "AWS answered 400: no such queue, no such definition, or a queue that takes no jobs.",
        evidence: "`aws batch describe-job-queues`, `aws batch describe-job-definitions`",
        way_out: "make or enable what is named; the object is sent again by itself",
    },
    Help {
        reasons: &[R::AccessDenied],
        at: "",
        cause: "AWS answered 403, or there are no credentials.",
        evidence: "`aws-batch-operator check`",
        way_out: "grant what the message names ([the role](operations.md#the-role-in-aws))",
    },
    Help {
        reasons: &[R::Throttled],
        at: "",
        cause: "AWS answered 429: the account's rate is used up.",
        evidence: "`outcome=\"throttled\"` in [aws_calls](#aws_calls)",
        way_out: "wait; lower `--submit-rate`, or find the other clients in AWS CloudTrail",
    },
    Help {
        reasons: &[R::Unreachable],
        at: "",
        cause: "Nothing reached AWS, or the claim could not be written.",
        evidence: "the message; the log",
        way_out: "network, proxy, endpoint ([through a proxy](operations.md#through-a-proxy))",
    },
    Help {
        reasons: &[R::OverridesTooLong],
        at: "",
        cause: "An Event before the submission: Amazon ECS will not take the overrides.",
        evidence: "the Event names the member",
        way_out: "shorten the overrides, or move data to Amazon S3",
    },
    Help {
        reasons: &[R::Adopting],
        at: "",
        cause: "The job to be adopted is looked at.",
        evidence: "the annotation `awsbatch.dev/adopt`",
        way_out: "wait for seconds",
    },
    Help {
        reasons: &[R::CannotAdopt],
        at: "",
        cause: "The job to be adopted is not there, is elsewhere, or nothing grants it.",
        evidence: "`aws batch describe-jobs --jobs ID`",
        way_out: "correct the annotation, or tag the job as the message says",
    },
    Help {
        reasons: &[R::TargetMismatch],
        at: "",
        cause: "A request of it went to another account or Region.",
        evidence: "`status.target`, and the log line `working in this AWS account`",
        way_out: "give the operator its earlier account and Region ([moved](operations.md#move-the-operator-to-another-account-or-region))",
    },
];
