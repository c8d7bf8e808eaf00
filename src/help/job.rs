//! While AWS has a job of the object.

use super::Help;
use crate::api::condition::Reason as R;

/// The rows of the page.
pub const HAS_JOB: &[Help] = &[
    Help {
        reasons: &[R::Accepted],
        at: "",
        cause: "AWS has the job.",
        evidence: "`status.jobId`",
        way_out: "none needed",
    },
    Help {
        reasons: &[R::JobRunning],
        at: "",
        cause: "An Event: the job runs.",
        evidence: "`status.startedAt`",
        way_out: "none needed",
    },
    Help {
        reasons: &[R::Adopted],
        at: "",
        cause: "An Event: a job was found by name, or is followed on request.",
        evidence: "`status.jobId`",
        way_out: "none needed",
    },
    Help {
        reasons: &[R::Recovered],
        at: "",
        cause: "The job was found by name after a lost answer or a crash. A second search follows.",
        evidence: "the log before that: a crash, a timeout",
        way_out: "wait up to eleven minutes",
    },
    Help {
        reasons: &[R::Resubmitted],
        at: "",
        cause: "The job was sent a second time, since the first was not found. A second search follows.",
        evidence: "the log before that: a crash, a timeout",
        way_out: "wait up to eleven minutes",
    },
    Help {
        reasons: &[R::DuplicateTerminated],
        at: "",
        cause: "An Event: a second job of the object was found and terminated.",
        evidence: "`aws batch list-jobs --job-queue QUEUE --filters name=JOB_NAME,values=NAME`",
        way_out: "see whether the work of that job did harm; raise `--visibility-window` if AWS is slow",
    },
    Help {
        reasons: &[R::AlreadySubmitted],
        at: "",
        cause: "`suspend` was set after the submission and has no effect.",
        evidence: "condition `Suspended=False`",
        way_out: "delete the object, if the job must not run",
    },
    Help {
        reasons: &[R::Misconfiguration],
        at: "",
        cause: "AWS says that queue, definition or compute environment is set up so that nothing can run the job.",
        evidence: "`status.reason`; the AWS console",
        way_out: "correct what AWS names",
    },
    Help {
        reasons: &[R::Capacity],
        at: "",
        cause: "The compute environment has no room.",
        evidence: "`status.reason`; the AWS console",
        way_out: "wait, or raise its limit",
    },
    Help {
        reasons: &[R::Undetermined],
        at: "",
        cause: "AWS says that the job cannot run, in words of no known kind.",
        evidence: "`status.reason`",
        way_out: "what AWS's words name",
    },
    Help {
        reasons: &[R::NotOwned],
        at: "",
        cause: "The job in `status.jobId` does not bear the tags of the object.",
        evidence: "`aws batch describe-jobs --jobs ID --query 'jobs[].tags'`",
        way_out: "put the tags back, or delete the object",
    },
    Help {
        reasons: &[R::Terminating],
        at: "",
        cause: "A deadline or a deletion asks AWS to end the job. With `Stalled`, AWS refuses.",
        evidence: "the message holds AWS's words",
        way_out: "grant `batch:TerminateJob` and `batch:CancelJob`; or the command in the message",
    },
];

/// Why the status may be old: reasons of the condition `Observed`.
pub const UNREAD: &[Help] = &[
    Help {
        reasons: &[R::AccessDenied],
        at: "",
        cause: "",
        evidence: "",
        way_out: "grant `batch:DescribeJobs` and `batch:ListJobs`",
    },
    Help {
        reasons: &[R::Throttled],
        at: "",
        cause: "",
        evidence: "",
        way_out: "lower `--read-rate`; other clients may use up the rate",
    },
    Help { reasons: &[R::Unreachable], at: "", cause: "", evidence: "", way_out: "network, proxy, endpoint" },
    Help {
        reasons: &[R::Refused],
        at: "",
        cause: "",
        evidence: "",
        way_out: "the id in the status is not one that AWS takes, or the queue is gone",
    },
    Help {
        reasons: &[R::NotOwned],
        at: "",
        cause: "",
        evidence: "",
        way_out: "put the tags back, or delete the object",
    },
    Help {
        reasons: &[R::TargetMismatch],
        at: "",
        cause: "",
        evidence: "",
        way_out: "give the operator its earlier account and Region ([moved](operations.md#move-the-operator-to-another-account-or-region))",
    },
];
