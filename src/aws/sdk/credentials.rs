//! Explains missing credentials so that a person can act: which role refuses which identity, or which file is missing.

use std::error::Error;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_batch::config::http::HttpResponse;
use aws_sdk_batch::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;

use super::token::{Token, unreadable};
use super::trust;
use crate::app::environment::Environment;
use crate::causes::causes;

/// The SDK's own chain of providers, with explained errors.
#[derive(Debug)]
pub struct Explained {
    chain: SharedCredentialsProvider,
    environment: Environment,
}

/// Why there are no credentials, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Missing(String);

impl Explained {
    pub fn new(chain: SharedCredentialsProvider, environment: Environment) -> Self {
        Self { chain, environment }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        self.chain.provide_credentials().await.map_err(|error| {
            let why = match &error {
                CredentialsError::CredentialsNotLoaded(_) => not_set(&self.environment),
                error => failed(error, &self.environment),
            };
            CredentialsError::provider_error(Missing(why))
        })
    }
}

impl ProvideCredentials for Explained {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.chain.fallback_on_interrupt()
    }
}

/// No provider of the chain is configured.
fn not_set(environment: &Environment) -> String {
    let (set, missing) = match (&environment.role, &environment.token_file) {
        (Some(_), None) => ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
        (None, Some(_)) => ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
        _ => return "none were found. Give the operator's ServiceAccount a role (IRSA or EKS Pod Identity), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
    };
    format!(
        "{set} is set, and {missing} is not: IRSA needs both. See the annotation eks.amazonaws.com/role-arn of the operator's ServiceAccount"
    )
}

/// A provider is configured, and could not get credentials.
fn failed(error: &CredentialsError, environment: &Environment) -> String {
    let irsa = environment.role.as_ref().zip(environment.token_file.as_ref());
    if let Some((role, file)) = irsa {
        if let Some(why) = unreadable(file) {
            return format!(
                "the token file {file} (AWS_WEB_IDENTITY_TOKEN_FILE) cannot be read ({why}), so role {role} cannot be taken. Start the pod anew, and see that the webhook of IRSA runs, or that the volume of the token is mounted"
            );
        }
        if let Some(sts) = refusal(error) {
            return refused(sts, role, &Token::read(file));
        }
    }
    if let Some((agent, file)) = environment.agent.as_ref().zip(environment.agent_token_file.as_ref()) {
        return match unreadable(file) {
            Some(why) => format!(
                "the token file {file} (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read ({why}), so EKS Pod Identity gives no credentials. Start the pod anew"
            ),
            None => format!(
                "the agent of EKS Pod Identity ({agent}) gives none to {} ({}). See that the agent runs on this node, and that this ServiceAccount has an association with a role (aws eks list-pod-identity-associations)",
                Token::read(file).owner(),
                causes(error)
            ),
        };
    }
    format!("{}; give the operator's ServiceAccount a role (IRSA or EKS Pod Identity)", causes(error))
}

/// The error of AWS STS about the role, or of the call.
type Refusal = SdkError<AssumeRoleWithWebIdentityError, HttpResponse>;

fn refusal(error: &CredentialsError) -> Option<&Refusal> {
    error.source().and_then(|source| source.downcast_ref())
}

fn refused(sts: &Refusal, role: &str, token: &Token) -> String {
    let Some(code) = sts.code() else {
        let hint = if trust::is_unknown_issuer(sts) {
            trust::WAY_OUT
        } else {
            "see that a NetworkPolicy or a proxy lets the operator reach AWS STS"
        };
        return format!("AWS STS cannot be asked for role {role} ({}): {hint}", causes(sts));
    };
    let way_out = match code {
        "AccessDenied" => {
            "The role's trust policy must allow sts:AssumeRoleWithWebIdentity to this ServiceAccount (deploy/iam/trust-irsa.json), and the role must exist".to_owned()
        }
        "InvalidIdentityToken" => format!(
            "IAM needs an OIDC provider for the issuer {}, with the audience sts.amazonaws.com, in the account of the role",
            token.issuer()
        ),
        "ExpiredTokenException" => "Check the clock of the operator's node, and that the kubelet renews the token".to_owned(),
        _ => "See the annotation eks.amazonaws.com/role-arn of the ServiceAccount".to_owned(),
    };
    let said = sts.message().unwrap_or("no reason given");
    format!("AWS STS refuses role {role} to {} ({code}: {said}). {way_out}", token.owner())
}
