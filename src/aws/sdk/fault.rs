//! The table from the SDK's errors to our faults. Only this file reads statuses and codes; no code reads message text.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_batch::config::http::HttpResponse;
use aws_sdk_batch::error::{ProvideErrorMetadata, SdkError};
use hyper_util::client::legacy;

use super::credentials::Missing;
use super::last_check::LastCheck;
use super::trust;
use crate::causes::causes;
use crate::job::{Fault, FaultKind};

/// The codes of throttling at AWS's front ends, beside the status 429.
const THROTTLING_CODES: [&str; 3] = ["TooManyRequestsException", "ThrottlingException", "Throttling"];

/// Sorts a failed call. `last_check` watched it.
pub fn sort<E>(error: &SdkError<E, HttpResponse>, last_check: &LastCheck) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let code = error.code().map(str::to_owned);
    let message = error.message().map_or_else(|| own_words(error), |message| bare(message).to_owned());
    let kind = kind(error, last_check, status(error), code.as_deref());
    watched(Fault::new(kind, code, &message), last_check)
}

/// The text for an error that is not from AWS.
fn own_words(error: &(dyn Error + 'static)) -> String {
    if let Some(missing) = find::<Missing>(error) {
        return missing.to_string();
    }
    let told = causes(error);
    if trust::is_unknown_issuer(error) { format!("{told}; {}", trust::WAY_OUT) } else { told }
}

/// Whether AWS does not know this operation. Its front end answers an unknown path like a request without a signature,
/// but all our requests are signed.
pub fn is_unknown_operation<E>(error: &SdkError<E, HttpResponse>, last_check: &LastCheck) -> bool
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let is_code = |code| matches!(code, "UnknownOperationException" | "MissingAuthenticationTokenException");
    last_check.is_answered() && (status(error) == Some(404) || error.code().is_some_and(is_code))
}

/// Sorts one job's error inside the 200 of a bulk call.
pub fn sort_one(code: Option<&str>, message: Option<&str>) -> Fault {
    let kind = match code {
        Some("ThrottlingException") => FaultKind::Throttled,
        Some("AccessDenied") => FaultKind::Denied,
        Some("ValidationException" | "ClientException") => FaultKind::Refused,
        _ => FaultKind::Unclear,
    };
    Fault::new(kind, code.map(str::to_owned), message.unwrap_or("no reason given")).answered()
}

/// The fault for an answer with a status of success that is incomplete.
pub fn not_whole(message: &str, last_check: &LastCheck) -> Fault {
    watched(Fault::new(FaultKind::Unclear, None, message), last_check)
}

fn watched(fault: Fault, last_check: &LastCheck) -> Fault {
    if last_check.is_answered() { fault.answered() } else { fault }
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

fn kind(
    error: &(dyn Error + 'static),
    last_check: &LastCheck,
    status: Option<u16>,
    code: Option<&str>,
) -> FaultKind {
    if !last_check.has_begun() {
        return match find::<CredentialsError>(error) {
            Some(_) => FaultKind::NoCredentials,
            None => FaultKind::NotSent,
        };
    }
    match status {
        // A proxy may refuse in AWS's place, even after AWS accepted the request.
        Some(_) if !last_check.is_answered() => FaultKind::Unclear,
        Some(429) => FaultKind::Throttled,
        Some(400) if code.is_some_and(|code| THROTTLING_CODES.contains(&code)) => FaultKind::Throttled,
        Some(400) => FaultKind::Refused,
        Some(403) => FaultKind::Denied,
        None if find::<legacy::Error>(error).is_some_and(legacy::Error::is_connect) => FaultKind::NotSent,
        // The connection closed before it accepted any byte of the request.
        None if find::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled) => FaultKind::NotSent,
        _ => FaultKind::Unclear,
    }
}

/// AWS's text without prefix and request id. With the id, the text would change at every retry.
fn bare(message: &str) -> &str {
    let message = message.strip_prefix("Error executing request, Exception : ").unwrap_or(message);
    message.rsplit_once(", RequestId: ").map_or(message, |(text, _)| text)
}

/// The error of type `T` in the chain of sources.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn the_same_refusal_reads_the_same_every_time() {
        let refusal =
            |id| format!("Error executing request, Exception : JobQueue q not found., RequestId: {id}");
        assert_eq!(bare(&refusal("1")), "JobQueue q not found.");
        assert_eq!(bare(&refusal("1")), bare(&refusal("2")));
        assert_eq!(bare("plain"), "plain");
    }
}
