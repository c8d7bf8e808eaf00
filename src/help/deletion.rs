//! While a deleted object stays.

use super::Help;
use crate::api::condition::Reason as R;

/// The rows of the page.
pub const DELETED: &[Help] = &[
    Help {
        reasons: &[R::Terminating],
        at: "Reconciling",
        cause: "The job is being ended, or `deletionPolicy: Cancel` waits for its end.",
        evidence: "`status.jobStatus`",
        way_out: "wait, or set `spec.deletionPolicy` to `Retain`, which lets the object go and its job run",
    },
    Help {
        reasons: &[R::Terminating],
        at: "Stalled",
        cause: "AWS refuses to end the job.",
        evidence: "the message",
        way_out: "grant the permission, or set `spec.deletionPolicy` to `Retain`, which lets the object go and its job run",
    },
    Help {
        reasons: &[R::Unconfirmed],
        at: "",
        cause: "It may have a job, which is searched for first.",
        evidence: "the message",
        way_out: "wait up to seven minutes, or set `spec.deletionPolicy` to `Retain`, which lets the object go and its job run",
    },
    Help {
        reasons: &[R::Recovered, R::Resubmitted],
        at: "",
        cause: "A second search is due.",
        evidence: "the condition `Submitted`",
        way_out: "wait up to eleven minutes, or set `spec.deletionPolicy` to `Retain`, which lets the object go and its job run",
    },
    Help {
        reasons: &[R::TargetMismatch],
        at: "",
        cause: "Its job is in another account or Region.",
        evidence: "`status.target`",
        way_out: "set `spec.deletionPolicy` to `Retain`, which lets the object go and its job run",
    },
    Help {
        reasons: &[R::Released],
        at: "",
        cause: "An Event: the object was let go, and its job may go on.",
        evidence: "the Event names queue and job",
        way_out: "end the job by hand, if it must not run",
    },
    Help {
        reasons: &[],
        at: "",
        cause: "No operator runs, or it may not patch BatchJobs.",
        evidence: "[leader](#leader), [refused_writes](#refused_writes)",
        way_out: "start the operator, or grant the right; the two sections say how",
    },
];
