//! How a call fails, sorted by what may be done next. Made in one place (`aws::fault`); nobody else reads codes, and
//! nobody reads message text.

use std::fmt;

use crate::text::one_line;

/// AWS's codes for a signature that does not fit its clock. A wrong secret key is told by the first two as well.
const ABOUT_TIME: [&str; 4] =
    ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed"];

/// Longest message, in characters.
const MESSAGE_MAX: usize = 512;

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
    /// What AWS or the network said, in one line and at most 512 characters, for whoever reads a BatchJob: without the
    /// operator's own identity.
    pub message: String,
    /// The same with that identity, where it was told: for the operator's log.
    whole: Option<String>,
    /// AWS itself answered: this call ended at its end. Else it may still reach AWS while its signature is taken.
    pub answered: bool,
}

impl Fault {
    /// A fault; the message is cut to one line that fits a condition.
    pub fn new(kind: FaultKind, code: Option<String>, message: &str) -> Self {
        let told = one_line(message, MESSAGE_MAX);
        let message = without_identity(&told);
        let whole = (message != told).then_some(told);
        Self { kind, code, message, whole, answered: false }
    }

    /// What was said, with whom AWS said it about.
    pub fn whole(&self) -> &str {
        self.whole.as_deref().unwrap_or(&self.message)
    }

    /// The code and all that was said: for the operator's log.
    pub fn in_full(&self) -> String {
        self.code.as_ref().map_or_else(|| self.whole().to_owned(), |code| format!("{code}: {}", self.whole()))
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

/// The text without ARNs of roles, users and sessions. AWS begins a denial with the one that it denies; what follows, the
/// permission and the resource, is what somebody can do something about.
fn without_identity(text: &str) -> String {
    let is_identity = |word: &str| {
        let arn = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).strip_prefix("arn:");
        let service = arn.and_then(|arn| arn.split(':').nth(1));
        matches!(service, Some("sts" | "iam"))
    };
    let words = text.split(' ').map(|word| if is_identity(word) { "the operator" } else { word });
    words.collect::<Vec<_>>().join(" ").replace("User: the operator is", "the operator is")
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
    fn a_denial_names_the_permission_and_the_resource_and_nobodys_role() {
        let role = "arn:aws:sts::123456789012:assumed-role/operator/session";
        let denial = format!(
            "User: {role} is not authorized to perform: batch:SubmitJob on resource: arn:aws:batch:us-east-1:123456789012:job-queue/q with an explicit deny in ({role})"
        );
        let fault = Fault::new(FaultKind::Denied, None, &denial);
        assert_eq!(
            fault.message,
            "the operator is not authorized to perform: batch:SubmitJob on resource: arn:aws:batch:us-east-1:123456789012:job-queue/q with an explicit deny in the operator"
        );
        assert_eq!(fault.whole(), denial);
        assert_eq!(Fault::new(FaultKind::Denied, None, "no").whole(), "no");
    }

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
