//! The kinds of failed calls, by what may follow. Only `aws::sdk::fault` reads error codes to find the kind, and no
//! code reads message text.

use std::fmt;

use crate::text::one_line;

/// AWS's codes for a signature with a wrong time. The first two also stand for a wrong secret key.
const ABOUT_TIME: [&str; 4] =
    ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired", "RequestTimeTooSkewed"];

/// AWS's codes for credentials that have expired, or never existed.
const ABOUT_CREDENTIALS: [&str; 9] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException",
];

/// Longest message, in characters.
const MESSAGE_MAX: usize = 512;

/// How a call failed. The table in `meaning` says what each kind means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// AWS's 429, or a throttling code: too fast. Certainly not accepted.
    Throttled,
    /// AWS's 400: refused. Certainly not accepted.
    Refused,
    /// AWS's 403: not allowed. Certainly not accepted.
    Denied,
    /// No credentials were found, or no provider returned any. Never sent.
    NoCredentials,
    /// Nothing reached AWS: no connection, too late to send, or no right to act. Never sent.
    NotSent,
    /// Everything else, also a refusal that is not from AWS. The call may or may not have been carried out.
    Unclear,
}

impl FaultKind {
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

/// The cause of a 403, which decides what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The signature is too old, too new or wrong, because of a clock or of a secret key.
    Time,
    /// AWS does not accept the credentials: they have expired, or do not exist.
    Credentials,
    /// AWS knows the caller, and a policy does not allow the call.
    Permission,
}

impl Denial {
    /// What to do; `permission`: what the policy must allow.
    pub fn way_out(self, permission: &str) -> String {
        match self {
            Self::Time => "Check the clock of the operator's node, and the secret key".to_owned(),
            Self::Credentials => {
                "Renew the operator's credentials: they have expired, or AWS does not know them. Where they are new, check the clock of its node".to_owned()
            }
            Self::Permission => permission.to_owned(),
        }
    }
}

/// A failed call of AWS Batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// AWS's error code, where it gave one.
    pub code: Option<String>,
    /// The message of AWS or of the network: one line of at most 512 characters, without the operator's own identity.
    pub message: String,
    /// The message with that identity, if it differs: for the operator's log.
    whole: Option<String>,
    /// Whether AWS itself answered. Otherwise the call may still reach AWS until its signature expires.
    pub answered: bool,
}

impl Fault {
    /// The message is cut to one line that fits a condition.
    pub fn new(kind: FaultKind, code: Option<String>, message: &str) -> Self {
        let told = one_line(message, MESSAGE_MAX);
        let message = without_identity(&told);
        let whole = (message != told).then_some(told);
        Self { kind, code, message, whole, answered: false }
    }

    /// Changes the kind, if the failure means something else to the caller.
    #[must_use]
    pub fn sorted_as(self, kind: FaultKind) -> Self {
        Self { kind, ..self }
    }

    /// The message with the identity that it is about.
    pub fn whole(&self) -> &str {
        self.whole.as_deref().unwrap_or(&self.message)
    }

    /// The code and the message with the identity: for the operator's log.
    pub fn in_full(&self) -> String {
        self.code.as_ref().map_or_else(|| self.whole().to_owned(), |code| format!("{code}: {}", self.whole()))
    }

    /// Marks the fault as an answer of AWS itself.
    #[must_use]
    pub fn answered(self) -> Self {
        Self { answered: true, ..self }
    }

    /// The cause of a denial, by its code; `None`: the fault is no denial.
    pub fn denial(&self) -> Option<Denial> {
        let is_in = |codes: &[&str]| self.code.as_deref().is_some_and(|code| codes.contains(&code));
        match self.kind {
            FaultKind::Denied if is_in(&ABOUT_TIME) => Some(Denial::Time),
            FaultKind::Denied if is_in(&ABOUT_CREDENTIALS) => Some(Denial::Credentials),
            FaultKind::Denied => Some(Denial::Permission),
            _ => None,
        }
    }
}

/// The text without ARNs of roles, users and sessions. AWS begins a denial with the ARN of the caller. The permission
/// and the resource follow, and stay.
fn without_identity(text: &str) -> String {
    let is_identity = |word: &str| {
        let arn = word.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).strip_prefix("arn:");
        let service = arn.and_then(|arn| arn.split(':').nth(1));
        matches!(service, Some("sts" | "iam"))
    };
    let words = text.split(' ').map(|word| if is_identity(word) { "the operator" } else { word });
    let told = words.collect::<Vec<_>>().join(" ");
    told.replace("User: the operator is", "the operator is")
        .replace("role the operator", "the operator's role")
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // AWS ends its sentences with a full stop, and so do the sentences around this one.
        let message = self.message.trim_end_matches('.');
        match &self.code {
            Some(code) => write!(f, "{code}: {message}"),
            None => f.write_str(message),
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
    fn a_full_stop_of_aws_is_left_to_the_sentence_around() {
        let code = Some("ClientException".to_owned());
        let fault = Fault::new(FaultKind::Refused, code, "JobQueue q not found.");
        assert_eq!(fault.to_string(), "ClientException: JobQueue q not found");
    }

    #[test]
    fn a_role_that_is_refused_is_named_in_the_log_alone() {
        let refusal = "AWS STS refuses role arn:aws-cn:iam::123456789012:role/r to ServiceAccount a/b";
        let fault = Fault::new(FaultKind::NoCredentials, None, refusal);
        assert_eq!(fault.message, "AWS STS refuses the operator's role to ServiceAccount a/b");
        assert_eq!(fault.whole(), refusal);
    }

    #[test]
    fn what_a_denial_is_about_is_told_by_its_code_alone() {
        let denied = |code: &str| {
            Fault::new(FaultKind::Denied, Some(code.to_owned()), "Signature expired: the security token")
                .denial()
        };
        for code in ABOUT_TIME {
            assert_eq!(denied(code), Some(Denial::Time), "{code}");
        }
        for code in ABOUT_CREDENTIALS {
            assert_eq!(denied(code), Some(Denial::Credentials), "{code}");
        }
        for code in ["AccessDeniedException", "AccessDenied", ""] {
            assert_eq!(denied(code), Some(Denial::Permission), "{code}");
        }
        let refused = Fault::new(FaultKind::Refused, Some("ExpiredToken".to_owned()), "text");
        assert_eq!(refused.denial(), None);
        assert_eq!(
            Fault::new(FaultKind::Denied, None, "Signature expired").denial(),
            Some(Denial::Permission)
        );
    }
}
