//! The checks of AWS that submit and end nothing.

use jiff::SignedDuration;

use super::finding::Finding;
use super::time;
use crate::app::config::Config;
use crate::aws::Batch;
use crate::aws::sdk::{Caller, Connection};
use crate::job::{Fault, FaultKind, Reach};

/// A queue that does not exist. AWS checks the permission before the queue.
const NO_QUEUE: &str = "aws-batch-operator-check";

/// Whether a Region is set.
pub fn region(region: Option<&str>) -> Finding {
    let outcome = match region {
        Some(region) if !region.is_empty() => Ok(region.to_owned()),
        _ => Err("none is set; set AWS_REGION (aws.region in the chart)".to_owned()),
    };
    Finding::new("AWS Region", outcome)
}

/// The first read checks credentials, network and permission; the others check their own permissions. If the first does
/// not reach AWS, no other read of AWS Batch follows.
pub async fn reads(connection: &Connection, config: &Config) -> Vec<Finding> {
    let Connection { aws, identity, .. } = connection;
    let signature_life = config.signature_life;
    let fresh = aws.probe(SignedDuration::ZERO).await;
    let mut findings = vec![credentials(&fresh.outcome)];
    let is_reached = !matches!(&fresh.outcome, Err(fault) if is_before_aws(fault));
    let expected = config.expect_account.as_deref();
    if is_reached || expected.is_some() {
        findings.push(account(identity.caller().await, expected));
    }
    findings.push(call("batch:DescribeJobs", fresh.outcome.clone()));
    if is_reached {
        findings.push(call("batch:ListJobs", aws.list(NO_QUEUE, NO_QUEUE, None).await.map(|_| ())));
        findings.push(queues(aws.queues(&[NO_QUEUE.to_owned()]).await.map(|_| ())));
        findings.extend(time::clock(fresh.ahead));
    }
    if fresh.outcome.is_ok() {
        let age = time::age(signature_life);
        let old = aws.probe(fresh.ahead.unwrap_or_default() - age).await;
        findings.push(time::tolerance(age, signature_life, &old.outcome));
    }
    findings
}

/// Without an expected account the operator works even if STS does not answer.
fn account(answer: Result<Caller, Fault>, expected: Option<&str>) -> Finding {
    let outcome = match (answer, expected) {
        (Ok(Caller { account, principal }), Some(expected)) if account != expected => Err(format!(
            "{account}, as {principal}, and --expect-account is {expected}: give the operator a role of that account, or correct aws.accountId in the chart"
        )),
        (Ok(Caller { account, principal }), _) => Ok(format!("{account}, as {principal}")),
        (Err(fault), Some(expected)) => Err(format!(
            "not known, as AWS STS does not tell it ({}), and --expect-account is {expected}: nothing is done until it does",
            fault.in_full()
        )),
        (Err(fault), None) => Ok(format!(
            "not known, as AWS STS does not tell it ({}): the operator works, and cannot tell when it is moved to another account",
            fault.in_full()
        )),
    };
    Finding::new("AWS account", outcome)
}

fn is_before_aws(fault: &Fault) -> bool {
    fault.kind.meaning().reach == Reach::Unsent
}

fn credentials(described: &Result<(), Fault>) -> Finding {
    let outcome = match described {
        Err(fault) if fault.kind == FaultKind::NoCredentials => Err(fault.whole().to_owned()),
        _ => Ok("found".to_owned()),
    };
    Finding::new("AWS credentials", outcome)
}

fn call(action: &str, answer: Result<(), Fault>) -> Finding {
    let outcome = match answer {
        Ok(()) => Ok("allowed".to_owned()),
        // AWS checked the permission, and then found no queue or job.
        Err(fault) if fault.kind == FaultKind::Refused => Ok("allowed".to_owned()),
        Err(fault) if fault.kind == FaultKind::Throttled => {
            Ok("reached; AWS is slowing this account down at the moment".to_owned())
        }
        Err(fault) => Err(format!("{}. {}", fault.in_full(), way_out(action, &fault))),
    };
    Finding::new(action, outcome)
}

/// A permission that the operator can work without.
fn queues(answer: Result<(), Fault>) -> Finding {
    const ACTION: &str = "batch:DescribeJobQueues";
    match answer {
        Err(fault) if fault.kind == FaultKind::Denied => Finding::new(
            ACTION,
            Ok(format!(
                "not allowed ({}): a BatchJob that AWS refused is submitted minutes after its queue exists, not seconds. {}",
                fault.in_full(),
                way_out(ACTION, &fault)
            )),
        ),
        answer => call(ACTION, answer),
    }
}

fn way_out(action: &str, fault: &Fault) -> String {
    if let Some(denial) = fault.denial() {
        return denial.way_out(&format!("Allow {action} in the role's policy (deploy/iam/policy.json)"));
    }
    match fault.kind {
        FaultKind::NoCredentials => "Without credentials nothing can be asked".to_owned(),
        _ => "Is the Region right, is AWS_ENDPOINT_URL_BATCH, and does a NetworkPolicy or proxy (HTTPS_PROXY, NO_PROXY) let us reach AWS?".to_owned(),
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
    fn a_permission_that_is_not_needed_is_named_and_no_failure() {
        let denied = queues(Err(Fault::new(FaultKind::Denied, None, "text")));
        assert!(denied.is_ok() && denied.to_string().contains("Allow batch:DescribeJobQueues"), "{denied}");
        assert!(!queues(Err(Fault::new(FaultKind::Unclear, None, "text"))).is_ok());
    }

    #[test]
    fn a_denial_that_is_not_about_a_permission_does_not_ask_for_one() {
        for (code, way_out) in [("RequestExpired", "Check the clock"), ("ExpiredTokenException", "Renew")] {
            let fault = Fault::new(FaultKind::Denied, Some(code.to_owned()), "text");
            let text = call("batch:ListJobs", Err(fault)).outcome.unwrap_err();
            assert!(text.contains(way_out) && !text.contains("Allow"), "{text}");
        }
    }

    #[test]
    fn an_account_that_is_not_told_is_no_failure() {
        let caller = || Caller { account: "123456789012".to_owned(), principal: "arn:r".to_owned() };
        let own = Some("123456789012");
        assert_eq!(account(Ok(caller()), own).to_string(), "ok      AWS account: 123456789012, as arn:r");
        let unknown = || Err(Fault::new(FaultKind::NotSent, None, "no route"));
        assert!(!account(Ok(caller()), Some("210987654321")).is_ok() && !account(unknown(), own).is_ok());
        let unknown = account(unknown(), None);
        assert!(unknown.is_ok() && unknown.to_string().contains("no route"), "{unknown}");
    }

    #[test]
    fn a_region_must_be_set() {
        assert!(region(Some("us-east-1")).is_ok());
        assert!(!region(Some("")).is_ok() && !region(None).is_ok());
    }
}
