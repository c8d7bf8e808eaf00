//! The common environment variables of programs: proxies, certificates, and the sources of AWS credentials. Only this
//! file and `cli` read the environment.

use std::fmt;

/// The variables that are not flags. Read once, at the start.
#[derive(Clone, Default)]
pub struct Environment {
    /// `HTTPS_PROXY`: the proxy for https.
    pub https_proxy: Option<String>,
    /// `HTTP_PROXY`: the proxy for http.
    pub http_proxy: Option<String>,
    /// `NO_PROXY`: the hosts that are reached without a proxy.
    pub no_proxy: Option<String>,
    /// `AWS_CA_BUNDLE`: a file with the certificates to trust for AWS, in place of the machine's.
    pub ca_bundle: Option<String>,
    /// `AWS_ROLE_ARN`: the role to assume with the token.
    pub role: Option<String>,
    /// `AWS_WEB_IDENTITY_TOKEN_FILE`: the ServiceAccount's token for AWS STS.
    pub token_file: Option<String>,
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI`: the agent of EKS Pod Identity.
    pub agent: Option<String>,
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`: the ServiceAccount's token for that agent.
    pub agent_token_file: Option<String>,
}

impl Environment {
    /// The environment of this process.
    pub fn read() -> Self {
        Self {
            https_proxy: first(&["HTTPS_PROXY", "https_proxy"]),
            http_proxy: first(&["HTTP_PROXY", "http_proxy"]),
            no_proxy: first(&["NO_PROXY", "no_proxy"]),
            ca_bundle: first(&["AWS_CA_BUNDLE"]),
            role: first(&["AWS_ROLE_ARN"]),
            token_file: first(&["AWS_WEB_IDENTITY_TOKEN_FILE"]),
            agent: first(&["AWS_CONTAINER_CREDENTIALS_FULL_URI"]),
            agent_token_file: first(&["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]),
        }
    }
}

/// The first of these variables with a value. An empty variable counts as not set.
#[allow(clippy::disallowed_methods, reason = "this is the door")]
fn first(names: &[&str]) -> Option<String> {
    let values = names.iter().filter_map(|name| std::env::var(name).ok());
    values.map(|value| value.trim().to_owned()).find(|value| !value.is_empty())
}

impl fmt::Debug for Environment {
    /// Without the proxies, whose addresses may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("ca_bundle", &self.ca_bundle).finish_non_exhaustive()
    }
}
