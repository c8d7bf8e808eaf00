//! How a call fails, sorted by what may be done next. Made in one place (`aws::fault`); nobody else reads codes, and
//! nobody reads message text.

use std::fmt;

/// AWS's codes for a signature that does not fit its clock. A wrong secret key is told by the first two as well.
const ABOUT_TIME: [&str; 4] =
    ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed"];

/// What a failed call means for what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// AWS's 429: too fast. Surely not accepted.
    Throttled,
    /// AWS's 400: it says no. Surely not accepted.
    Refused,
    /// AWS's 403: not allowed. Surely not accepted.
    Denied,
    /// No credentials were found, or none could be had. Never sent.
    NoCredentials,
    /// Nothing reached AWS: no connection, or the time for sending had passed, or we may not act any more. Never sent.
    NotSent,
    /// Everything else, a no that does not come from AWS included: the call may or may not have been carried out.
    Unclear,
}

impl FaultKind {
    /// Whether the call may have been carried out all the same.
    pub fn is_unclear(self) -> bool {
        matches!(self, Self::Unclear)
    }

    /// Whether such a failure ends without anybody doing anything about it.
    pub fn passes_by_itself(self) -> bool {
        match self {
            Self::Throttled | Self::NotSent | Self::Unclear => true,
            Self::Refused | Self::Denied | Self::NoCredentials => false,
        }
    }

    /// The label of this kind in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::NoCredentials => "no_credentials",
            Self::NotSent => "not_sent",
            Self::Unclear => "unclear",
        }
    }
}

/// A failed call of AWS Batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it means.
    pub kind: FaultKind,
    /// AWS's error code, where it gave one.
    pub code: Option<String>,
    /// What AWS or the network said, in one line and at most 512 characters.
    pub message: String,
    /// AWS itself answered: this call ended at its end. Else it may still reach AWS while its signature is taken.
    pub answered: bool,
}

impl Fault {
    /// A fault; the message is cut to one line that fits a condition.
    pub fn new(kind: FaultKind, code: Option<String>, message: &str) -> Self {
        let one_line = message.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { kind, code, message: one_line.chars().take(512).collect(), answered: false }
    }

    /// The same fault, told by AWS itself.
    #[must_use]
    pub fn answered(self) -> Self {
        Self { answered: true, ..self }
    }

    /// Whether AWS finds the signature too old, too new or wrong: then a clock or a secret key is.
    pub fn is_about_time(&self) -> bool {
        self.kind == FaultKind::Denied && self.code.as_deref().is_some_and(|code| ABOUT_TIME.contains(&code))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_that_does_not_fit_the_clock_is_told_by_its_code_alone() {
        let denied = |code: &str| Fault::new(FaultKind::Denied, Some(code.to_owned()), "Signature expired");
        for code in ABOUT_TIME {
            assert!(denied(code).is_about_time(), "{code}");
        }
        assert!(!denied("AccessDeniedException").is_about_time());
        assert!(!Fault::new(FaultKind::Denied, None, "Signature expired").is_about_time());
    }
}
