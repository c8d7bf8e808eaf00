//! The assumptions about time: clocks agree, and AWS refuses an old signature. Pure.

use jiff::SignedDuration;

use super::finding::Finding;
use crate::job::{Fault, FaultKind};

/// The largest difference of clocks. `--signature-life` is this much longer than AWS's own limit.
const APART: SignedDuration = SignedDuration::from_secs(60);

/// The test signature is this much younger than `--signature-life`: between AWS's own limit and the flag.
const MARGIN: SignedDuration = SignedDuration::from_secs(30);

/// The age of a signature that AWS must refuse.
pub fn age(signature_life: SignedDuration) -> SignedDuration {
    (signature_life - MARGIN).max(signature_life / 2)
}

/// Compares our clock with AWS's; `None`: AWS did not answer.
pub fn clock(ahead: Option<SignedDuration>) -> Option<Finding> {
    let ahead = ahead?;
    let apart = format!("{} s", ahead.abs().as_secs());
    let outcome = if ahead.abs() <= APART {
        Ok(format!("within {} s of AWS's", ahead.abs().as_secs() + 1))
    } else {
        let way = if ahead.is_negative() { "ahead of" } else { "behind" };
        Err(format!(
            "it is {apart} {way} AWS's: a job may be submitted twice, and deadlines come at the wrong time; set the clock of the machine by NTP"
        ))
    };
    Some(Finding::new("clock", outcome))
}

/// The finding about a request with a signature of this age.
pub fn tolerance(
    age: SignedDuration,
    signature_life: SignedDuration,
    outcome: &Result<(), Fault>,
) -> Finding {
    let outcome = match outcome {
        Err(fault) if fault.kind == FaultKind::Denied => Ok(format!("refused after {age:#}, as it must be")),
        // AWS checks the signature before the request.
        Ok(()) | Err(Fault { kind: FaultKind::Refused, .. }) => Err(format!(
            "AWS took a request that was signed {age:#} ago, so a SubmitJob may arrive after --signature-life ({signature_life:#}) and run a job twice; set --signature-life to what AWS allows and one minute more"
        )),
        Err(fault) => Err(format!(
            "it is not known whether AWS refuses a request that was signed {age:#} ago ({fault}); try again"
        )),
    };
    Finding::new("AWS signature", outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: SignedDuration = SignedDuration::from_mins(6);

    #[test]
    fn the_signature_that_must_be_refused_is_five_and_a_half_minutes_old() {
        assert_eq!(age(LIFE), SignedDuration::from_secs(330));
        assert_eq!(age(SignedDuration::from_secs(20)), SignedDuration::from_secs(10));
    }

    #[test]
    fn clocks_may_differ_by_a_minute_either_way() {
        for (ahead, expected) in [(60, true), (-60, true), (61, false), (-61, false)] {
            let finding = clock(Some(SignedDuration::from_secs(ahead))).unwrap();
            assert_eq!(finding.is_ok(), expected, "{finding}");
        }
        let behind = clock(Some(SignedDuration::from_hours(2))).unwrap().to_string();
        assert!(behind.contains("7200 s behind AWS's"), "{behind}");
        assert_eq!(clock(None), None);
    }

    #[test]
    fn an_old_signature_that_is_taken_is_said_with_what_it_means() {
        let judged = |outcome| tolerance(age(LIFE), LIFE, &outcome);
        let fault = |kind| Err(Fault::new(kind, None, "because"));
        assert!(judged(fault(FaultKind::Denied)).is_ok());
        for taken in [Ok(()), fault(FaultKind::Refused)] {
            let text = judged(taken).outcome.unwrap_err();
            assert!(text.contains("5m 30s") && text.contains("run a job twice"), "{text}");
        }
        assert!(judged(fault(FaultKind::Unclear)).outcome.unwrap_err().contains("because"));
    }
}
