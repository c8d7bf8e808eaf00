//! The limits of a status: those of the schema, so that the API server accepts every status, and 4 KiB in all. The
//! strings come from AWS and from job definitions. Prose is cut; a name or an ARN that is too long is left out.

use crate::api::{ArrayStatus, BatchJobStatus, JobTarget, LastAttempt, Logs, PodStatus};
use crate::text::one_line;

/// The longest status, in bytes of JSON.
const STATUS_MAX: usize = 4096;
/// Longest reason or message, in characters. AWS's text about a denial has some hundred, and our advice follows.
const PROSE_MAX: usize = 1000;
/// Longest ARN of AWS Batch or Amazon EKS, in characters: the longest has 215.
const ARN_MAX: usize = 256;
/// Longest ARN of a task, log group or log stream, in characters: AWS's own limit of the latter two.
const NAME_MAX: usize = 512;
/// Longest name of a job, in characters: AWS's own limit.
const JOB_NAME_MAX: usize = 128;
/// Longest link to a job, in characters.
const LINK_MAX: usize = 1024;
/// Longest link to a log, in characters. Each slash in a name is encoded as five characters.
const LOG_LINK_MAX: usize = 2048;
/// Longest name of a pod, a namespace or a node: Kubernetes' own limit.
const OBJECT_NAME_MAX: usize = 253;
/// Longest account or Region, in characters.
const PLACE_MAX: usize = 64;
/// The most states of children, and the longest name of a state. AWS has seven, of nine characters at most.
const STATES_MAX: (usize, usize) = (8, 16);

/// The steps that shorten a status. They remove data that AWS shows too, and cut long texts.
const SAVINGS: [fn(&mut BatchJobStatus); 8] = [
    |status| {
        if let Some(logs) = &mut status.logs {
            logs.url = None;
        }
    },
    |status| shorten(status, PROSE_MAX / 2),
    |status| {
        if let Some(last) = &mut status.last_attempt {
            (last.reason, last.status_reason) = (None, None);
        }
    },
    |status| shorten(status, PROSE_MAX / 4),
    |status| status.logs = None,
    |status| status.pod = None,
    |status| status.last_attempt = None,
    |status| shorten(status, PROSE_MAX / 10),
];

/// Makes the status fit all limits.
pub fn fitted(mut status: BatchJobStatus) -> BatchJobStatus {
    names(&mut status);
    shorten(&mut status, PROSE_MAX);
    for save in SAVINGS {
        if serde_json::to_vec(&status).map_or(0, |json| json.len()) <= STATUS_MAX {
            break;
        }
        save(&mut status);
    }
    status
}

/// A text for people, on one line, cut at the limit.
pub fn prose(text: &str) -> String {
    one_line(text, PROSE_MAX)
}

/// Cuts each text for people.
fn shorten(status: &mut BatchJobStatus, max: usize) {
    let cut = |text: &mut Option<String>| *text = text.take().map(|text| one_line(&text, max));
    cut(&mut status.reason);
    if let Some(LastAttempt { reason, status_reason, .. }) = &mut status.last_attempt {
        cut(reason);
        cut(status_reason);
    }
    for condition in &mut status.conditions {
        condition.message = one_line(&condition.message, max);
    }
}

/// Leaves out each name that is not valid.
fn names(status: &mut BatchJobStatus) {
    for arn in [&mut status.job_arn, &mut status.job_queue, &mut status.job_definition] {
        keep_name(arn, ARN_MAX);
    }
    keep_name(&mut status.job_name, JOB_NAME_MAX);
    keep_name(&mut status.console_url, LINK_MAX);
    if let Some(last) = &mut status.last_attempt {
        keep_name(&mut last.task_arn, NAME_MAX);
    }
    if let Some(Logs { group, stream, url }) = &mut status.logs {
        keep_name(group, NAME_MAX);
        keep_name(stream, NAME_MAX);
        keep_name(url, LOG_LINK_MAX);
    }
    if let Some(PodStatus { cluster, namespace, name, node }) = &mut status.pod {
        keep_name(cluster, ARN_MAX);
        for name in [namespace, name, node] {
            keep_name(name, OBJECT_NAME_MAX);
        }
    }
    if let Some(ArrayStatus { status_summary: Some(summary), .. }) = &mut status.array {
        let (number, longest) = STATES_MAX;
        summary.retain(|state, _| is_name(state, longest));
        while summary.len() > number {
            summary.pop_last();
        }
    }
    if let Some(JobTarget { account_id, region }) = &mut status.target {
        keep_name(account_id, PLACE_MAX);
        if !is_name(region, PLACE_MAX) {
            status.target = None;
        }
    }
}

fn keep_name(name: &mut Option<String>, max: usize) {
    *name = name.take().filter(|name| is_name(name, max));
}

/// Whether the text has at least one and at most `max` characters, all of printable ASCII.
fn is_name(name: &str, max: usize) -> bool {
    !name.is_empty() && name.len() <= max && name.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_job_needs_to_be_found_stays_whatever_else_goes() {
        let long = |letter: &str| Some(letter.repeat(100_000));
        let arn = format!("arn:aws:batch:us-east-1:123456789012:job-definition/{}:1", "d".repeat(128));
        let status = fitted(BatchJobStatus {
            job_id: Some("1".to_owned()),
            job_definition: Some(arn.clone()),
            job_queue: long("q"),
            reason: long("💥"),
            last_attempt: Some(LastAttempt {
                reason: long("r"),
                task_arn: long("t"),
                ..LastAttempt::default()
            }),
            ..BatchJobStatus::default()
        });
        assert_eq!((status.job_id.as_deref(), status.job_definition), (Some("1"), Some(arn)));
        assert_eq!((status.job_queue, status.last_attempt.unwrap().task_arn), (None, None));
        assert_eq!(status.reason.unwrap().chars().count(), PROSE_MAX / 2, "four bytes each");
    }
}
