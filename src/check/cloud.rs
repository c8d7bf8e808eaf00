//! AWS: what can be known without submitting or ending anything.

use super::Finding;
use crate::batch::{Batch, Fault, FaultKind, JobId};

/// A queue that nobody has: AWS judges the permission before it looks for the queue.
const NO_QUEUE: &str = "aws-batch-operator-check";

/// Whether one is set.
pub fn region(region: Option<&str>) -> Finding {
    let outcome = match region {
        Some(region) if !region.is_empty() => Ok(region.to_owned()),
        _ => Err("none is set; set AWS_REGION (aws.region in the chart)".to_owned()),
    };
    Finding::new("AWS Region", outcome)
}

/// Credentials and the network by the first read; the permission by both.
pub async fn reads(batch: &dyn Batch) -> Vec<Finding> {
    let described = batch.describe(&[JobId::nobody()]).await.map(|_| ());
    let mut findings = vec![credentials(&described)];
    let is_reached = !matches!(&described, Err(fault) if is_before_aws(fault));
    findings.push(call("batch:DescribeJobs", described));
    if is_reached {
        findings.push(call("batch:ListJobs", batch.list(NO_QUEUE, NO_QUEUE, None).await.map(|_| ())));
    }
    findings
}

fn is_before_aws(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::NoCredentials | FaultKind::NotSent)
}

fn credentials(described: &Result<(), Fault>) -> Finding {
    let outcome = match described {
        Err(fault) if fault.kind == FaultKind::NoCredentials => Err(format!(
            "none were found ({fault}); give the ServiceAccount a role (IRSA or EKS Pod Identity), or set AWS_ACCESS_KEY_ID"
        )),
        _ => Ok("found".to_owned()),
    };
    Finding::new("AWS credentials", outcome)
}

fn call(action: &str, answer: Result<(), Fault>) -> Finding {
    let outcome = match answer {
        Ok(()) => Ok("allowed".to_owned()),
        // It was judged, and found to be about nothing.
        Err(fault) if fault.kind == FaultKind::Refused => Ok("allowed".to_owned()),
        Err(fault) if fault.kind == FaultKind::Throttled => {
            Ok("reached; AWS is slowing this account down at the moment".to_owned())
        }
        Err(fault) => Err(format!("{fault}. {}", way_out(action, fault.kind))),
    };
    Finding::new(action, outcome)
}

fn way_out(action: &str, kind: FaultKind) -> String {
    match kind {
        FaultKind::Denied => {
            format!("Allow {action} in the role's policy (deploy/iam/policy.json); see that the credentials are valid")
        }
        FaultKind::NoCredentials => "Without credentials nothing can be asked".to_owned(),
        _ => "Is the Region right, is AWS_ENDPOINT_URL_BATCH, and does a NetworkPolicy or proxy let us reach AWS?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(kind: FaultKind) -> Finding {
        call("batch:ListJobs", Err(Fault::new(kind, None, "text")))
    }

    #[test]
    fn a_refusal_shows_the_permission_and_a_denial_its_name() {
        assert!(outcome(FaultKind::Refused).is_ok());
        assert!(outcome(FaultKind::Throttled).is_ok());
        let denied = outcome(FaultKind::Denied).outcome.unwrap_err();
        assert!(denied.contains("Allow batch:ListJobs"), "{denied}");
        for kind in [FaultKind::NotSent, FaultKind::Unclear, FaultKind::NoCredentials] {
            assert!(!outcome(kind).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn a_region_must_be_set() {
        assert!(region(Some("us-east-1")).is_ok());
        assert!(!region(Some("")).is_ok() && !region(None).is_ok());
    }
}
