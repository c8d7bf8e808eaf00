//! After the end.

use super::Help;
use crate::api::condition::Reason as R;

/// The rows of the page.
pub const ENDED: &[Help] = &[
    Help {
        reasons: &[R::JobSucceeded],
        at: "",
        cause: "AWS says SUCCEEDED.",
        evidence: "`status.exitCode`",
        way_out: "none needed",
    },
    Help {
        reasons: &[R::JobFailed],
        at: "",
        cause: "AWS says FAILED.",
        evidence: "`status.reason`, `status.exitCode`, `status.logs.url`",
        way_out: "mend the job, create a new object",
    },
    Help {
        reasons: &[R::JobStateTimeLimit],
        at: "",
        cause: "The queue cancelled a job that could not run.",
        evidence: "`jobStateTimeLimitActions` of the queue",
        way_out: "what AWS's words name, then a new object",
    },
    Help {
        reasons: &[R::QueueDeadlineExceeded],
        at: "",
        cause: "The job did not start within `queueDeadlineSeconds`.",
        evidence: "`Schedulable` before that; the queue in AWS",
        way_out: "more capacity, or a longer deadline, then a new object",
    },
    Help {
        reasons: &[R::DeadlineExceeded],
        at: "",
        cause: "The job did not end within `activeDeadlineSeconds`.",
        evidence: "`status.startedAt`, `status.stoppedAt`",
        way_out: "a longer deadline, then a new object",
    },
    Help {
        reasons: &[R::SubmitDeadlineExceeded],
        at: "",
        cause: "AWS had no job within `submitDeadlineSeconds`.",
        evidence: "the message holds the last reason",
        way_out: "remove that cause, then a new object",
    },
    Help {
        reasons: &[R::InvalidSpec],
        at: "",
        cause: "The request is above 30 KiB, or has more than 50 tags.",
        evidence: "the message counts",
        way_out: "move data to Amazon S3, then a new object",
    },
    Help {
        reasons: &[R::DependencyFailed],
        at: "",
        cause: "A dependency failed, was deleted, or waits for this object.",
        evidence: "the message names it",
        way_out: "create both anew",
    },
    Help {
        reasons: &[R::JobVanished],
        at: "",
        cause: "DescribeJobs has left the job out for five minutes, and its queue does not list it.",
        evidence: "`aws batch describe-jobs --jobs ID`",
        way_out: "create a new object, if the job is still wanted",
    },
    Help {
        reasons: &[R::SubmissionUnknown],
        at: "",
        cause: "A claim without a job: older than a day, or with `submissionPolicy: AtMostOnce`.",
        evidence: "`aws batch list-jobs` with the job's name, in the queue",
        way_out: "adopt the job, or create a new object",
    },
    Help {
        reasons: &[R::TtlIgnored],
        at: "",
        cause: "The object is kept by a GitOps tool, so its time to live has no effect.",
        evidence: "the annotation or label of the tool",
        way_out: "remove `ttlSecondsAfterFinished`, or let the tool delete the object",
    },
];
