//! Links for a person: to the AWS console and to CloudWatch Logs, in each AWS partition.

use crate::api::{Logs, PodStatus};
use crate::job::{JobId, RemoteJob};

/// The log group of AWS Batch when the job definition names no other.
const LOG_GROUP: &str = "/aws/batch/job";

/// The job's page in the AWS console; `None`: the partition's console has no public address.
pub fn console(region: &str, id: &JobId) -> Option<String> {
    Some(format!("https://{}/batch/home?region={region}#jobs/detail/{id}", domain(region)?))
}

/// The log of the container that runs now or ran last. `None`: AWS names no log stream, as for jobs on EKS.
pub fn logs(region: &str, job: &RemoteJob) -> Option<Logs> {
    let last = job.last_attempt.as_deref().filter(|attempt| attempt.log_stream.is_some());
    let attempt = if job.current.log_stream.is_some() { &job.current } else { last? };
    let stream = attempt.log_stream.as_deref()?;
    let group = attempt.log_group.as_deref().unwrap_or(LOG_GROUP);
    // A job definition may hold any text in place of a Region.
    let region = attempt.log_region.as_deref().filter(|named| is_region(named)).unwrap_or(region);
    Some(Logs {
        group: Some(group.to_owned()),
        stream: Some(stream.to_owned()),
        url: domain(region).map(|domain| {
            let (group, stream) = (twice_encoded(group), twice_encoded(stream));
            format!(
                "https://{domain}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{group}/log-events/{stream}"
            )
        }),
    })
}

/// The pod of the attempt that runs or ran last, on Amazon EKS.
pub fn pod(job: &RemoteJob) -> Option<PodStatus> {
    let last = job.last_attempt.as_deref().and_then(|attempt| attempt.pod.as_ref());
    let latest = job.current.pod.as_ref().or(last)?;
    // All attempts run in the cluster of the job queue.
    let cluster = latest.cluster.clone().or_else(|| last?.cluster.clone());
    let (namespace, name, node) = (latest.namespace.clone(), latest.name.clone(), latest.node.clone());
    let pod = PodStatus { cluster, namespace, name, node };
    (pod != PodStatus::default()).then_some(pod)
}

/// Whether the text has the form of a Region, such as `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let is_word =
        |part: &&str| (2..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [words @ .., number] => {
            (2..=4).contains(&words.len()) && words.iter().all(is_word) && is_number(number)
        }
        [] => false,
    }
}

/// The domain of the console in the Region's partition. Isolated partitions, such as `aws-iso`, have no public domain.
fn domain(region: &str) -> Option<String> {
    let words: Vec<_> = region.split('-').take(2).collect();
    Some(match words.as_slice() {
        ["cn", _] => "console.amazonaws.cn".to_owned(),
        ["us", "gov"] => "console.amazonaws-us-gov.com".to_owned(),
        // The European Sovereign Cloud has one domain for each Region.
        ["eusc", _] => format!("{region}.console.amazonaws-eusc.eu"),
        [_, word] if word.starts_with("iso") => return None,
        _ => "console.aws.amazon.com".to_owned(),
    })
}

/// The console wants percent signs written as `$25` in the part behind `#`.
fn twice_encoded(text: &str) -> String {
    let encode = |byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        _ => format!("$25{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_definition_calls_a_region_is_one_or_is_ignored() {
        for region in ["us-east-1", "us-gov-west-1", "ap-southeast-12", "eu-isoe-west-1", "cn-north-1"] {
            assert!(is_region(region), "{region}");
        }
        for other in
            ["", "-", "1", "us-east", "us-east-1#x", "us-east-1&region=eu-west-1", "US-EAST-1", "a b-c-1"]
        {
            assert!(!is_region(other), "{other}");
        }
    }

    #[test]
    fn slashes_are_encoded_as_the_console_wants_them() {
        assert_eq!(twice_encoded("/aws/batch/job"), "$252Faws$252Fbatch$252Fjob");
    }
}
