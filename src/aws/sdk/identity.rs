//! The account of the credentials, from AWS STS. The call needs no permission.

use aws_sdk_sts::Client;
use aws_sdk_sts::config::Builder;
use aws_sdk_sts::config::retry::RetryConfig;

use super::fault;
use super::last_check::LastCheck;
use super::settings::Settings;
use crate::aws::Permit;
use crate::job::Fault;
use crate::text::one_line;

/// The account and the principal of the credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account's twelve digits.
    pub account: String,
    /// The ARN of the role or user.
    pub principal: String,
}

/// Asks AWS STS for the account. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity {
    client: Client,
    settings: Settings,
}

impl Identity {
    /// A client of this configuration, with our timeouts, our clock and without retries. It needs no lease, since it
    /// only reads.
    pub fn new(config: Builder, settings: &Settings) -> Self {
        let settings =
            Settings { permit: Permit::always(settings.permit.clock().clone()), ..settings.clone() };
        let config = config
            .retry_config(RetryConfig::disabled())
            .timeout_config(settings.timeouts())
            .sleep_impl(Settings::sleep())
            .time_source(settings.time())
            .disable_clock_skew_correction(true);
        Self { client: Client::from_conf(config.build()), settings }
    }

    /// The account and the principal. One call, within the attempt timeout.
    pub async fn caller(&self) -> Result<Caller, Fault> {
        let last_check = LastCheck::new(self.settings.permit.clone());
        let call = self.client.get_caller_identity().customize().interceptor(last_check.clone());
        let answer = call.send().await.map_err(|error| fault::sort(&error, &last_check))?;
        let account = answer.account.filter(|account| !account.is_empty());
        let account =
            account.ok_or_else(|| fault::not_whole("AWS STS answered without an account", &last_check))?;
        Ok(Caller { account: one_line(&account, 64), principal: principal(&answer.arn.unwrap_or_default()) })
    }
}

/// The ARN without the session name, which differs at every start.
fn principal(arn: &str) -> String {
    let parts: Vec<_> = arn.split('/').collect();
    let role = match parts.as_slice() {
        [kind, role, _session] if kind.ends_with(":assumed-role") => format!("{kind}/{role}"),
        _ => arn.to_owned(),
    };
    one_line(&role, 256)
}

#[cfg(test)]
mod tests {
    use super::principal;

    #[test]
    fn a_role_is_named_without_its_session() {
        let role = "arn:aws:sts::123456789012:assumed-role/operator";
        assert_eq!(principal(&format!("{role}/botocore-session-1700000000")), role);
        let user = "arn:aws:iam::123456789012:user/path/name";
        assert_eq!(principal(user), user);
    }
}
