//! Why a call of AWS failed, and what the user can do. Codes decide; AWS's own words are told.

use aws_batch_operator::causes::causes;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_batch::config::http::HttpResponse;
use aws_sdk_batch::error::{ProvideErrorMetadata, SdkError};

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Too many calls.
    Throttled,
    /// It may be well the next time.
    Passing(String),
    /// There is no such log group.
    NoGroup,
    /// There is no such log stream.
    NoStream,
    /// A paging token that does not hold any more.
    OldToken,
    /// The user lacks a right: AWS's words.
    Denied(String),
    /// The user must do something first: a sentence.
    Final(String),
}

const SIGN_IN: &str = "sign in again (for example by `aws sso login`), and run the command again";

const NO_CREDENTIALS: &str = "logs are read with your own AWS credentials. Sign in (for example by `aws sso login`), or choose a profile with AWS_PROFILE";

/// Sorts a failed call.
pub fn sort<E>(error: &SdkError<E, HttpResponse>) -> Trouble
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let said = || error.message().map_or_else(|| causes(error), str::to_owned);
    match (error.code(), status) {
        (
            Some("ThrottlingException" | "Throttling" | "TooManyRequestsException" | "RequestLimitExceeded"),
            _,
        )
        | (_, Some(429)) => Trouble::Throttled,
        (Some("ResourceNotFoundException"), _) if said().contains("log group") => Trouble::NoGroup,
        (Some("ResourceNotFoundException"), _) => Trouble::NoStream,
        (Some("InvalidParameterException"), _) if said().contains("nextToken") => Trouble::OldToken,
        (Some("ExpiredTokenException" | "ExpiredToken" | "RequestExpired"), _) => {
            Trouble::Final(format!("your AWS credentials have expired: {SIGN_IN}"))
        }
        (Some("AccessDeniedException" | "AccessDenied"), _) => Trouble::Denied(said()),
        (Some("UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidSignatureException"), _) => {
            Trouble::Final(format!("AWS does not take your credentials ({}): {SIGN_IN}", said()))
        }
        (_, Some(400..=499)) => Trouble::Final(format!("AWS refuses the call: {}", said())),
        (_, None) if let Some(why) = no_credentials(error) => {
            Trouble::Final(format!("there are no AWS credentials ({why}): {NO_CREDENTIALS}"))
        }
        (_, None) if matches!(error, SdkError::ConstructionFailure(_)) => Trouble::Final(causes(error)),
        _ => Trouble::Passing(said()),
    }
}

fn no_credentials(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<CredentialsError>() {
            return Some(causes(found));
        }
        next = error.source();
    }
    None
}
