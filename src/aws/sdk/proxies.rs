//! Which proxy a request uses, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.

use std::fmt;
use std::sync::Arc;

use hyper::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::endpoints::is_on_this_machine;
use crate::app::environment::Environment;

/// The proxies of the environment. Cheap to clone; none by default.
#[derive(Clone, Default)]
pub struct Proxies(Option<Arc<Known>>);

struct Known {
    matcher: Matcher,
    https: Option<Uri>,
    http: Option<Uri>,
}

impl Proxies {
    /// `Err` names the variable whose value is no proxy. The value may contain a password, and is not repeated.
    pub fn new(environment: &Environment) -> Result<Self, String> {
        let https =
            environment.https_proxy.as_deref().map(|value| address("HTTPS_PROXY", value)).transpose()?;
        let http = environment.http_proxy.as_deref().map(|value| address("HTTP_PROXY", value)).transpose()?;
        if https.is_none() && http.is_none() {
            return Ok(Self::default());
        }
        let text = |uri: &Option<Uri>| uri.as_ref().map(ToString::to_string).unwrap_or_default();
        let no = environment.no_proxy.clone().unwrap_or_default();
        let matcher = Matcher::builder().https(text(&https)).http(text(&http)).no(no).build();
        Ok(Self(Some(Arc::new(Known { matcher, https, http }))))
    }

    /// The proxy for this address. This machine, with its agents that supply credentials, is never reached through a
    /// proxy.
    pub(super) fn on_the_way_to(&self, uri: &Uri) -> Option<Intercept> {
        if uri.host().is_some_and(is_on_this_machine) {
            return None;
        }
        self.0.as_ref()?.matcher.intercept(uri)
    }

    /// The proxy as the variable spells it, with user and password.
    pub fn spelled(&self, uri: &Uri) -> Option<Uri> {
        self.on_the_way_to(uri)?;
        let known = self.0.as_ref()?;
        if uri.scheme_str() == Some("https") { known.https.clone() } else { known.http.clone() }
    }
}

/// The address of a proxy. Without a scheme it is http, as for curl.
fn address(variable: &str, value: &str) -> Result<Uri, String> {
    let text = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let uri = text.parse::<Uri>().ok().filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    uri.filter(|uri| uri.host().is_some_and(|host| !host.is_empty())).ok_or_else(|| {
        format!("{variable} is no address of an HTTP proxy: write it as http://proxy.example:3128")
    })
}

impl fmt::Debug for Proxies {
    /// Without passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxies").field(&self.0.as_ref().map(|known| &known.matcher)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(https: &str, no: &str) -> Result<Proxies, String> {
        let text = |text: &str| Some(text.to_owned());
        Proxies::new(&Environment { https_proxy: text(https), no_proxy: text(no), ..Environment::default() })
    }

    fn way(proxies: &Proxies, uri: &str) -> Option<String> {
        proxies.spelled(&uri.parse().unwrap()).map(|uri| uri.to_string())
    }

    #[test]
    fn a_request_goes_through_the_proxy_unless_its_host_is_excepted() {
        let proxies = proxies("http://u:p@proxy:3128", "10.0.0.0/8, .example,aws.test").unwrap();
        for uri in
            ["https://batch.us-east-1.amazonaws.com/v1/submitjob", "https://11.0.0.1", "https://notaws.test"]
        {
            assert_eq!(way(&proxies, uri).as_deref(), Some("http://u:p@proxy:3128/"), "{uri}");
        }
        for uri in ["https://10.1.2.3", "https://a.example", "https://aws.test", "https://sts.aws.test:8443"]
        {
            assert_eq!(way(&proxies, uri), None, "{uri}");
        }
        assert!(!format!("{proxies:?}").contains("u:p"), "{proxies:?}");
    }

    #[test]
    fn what_is_on_this_machine_is_reached_without_a_proxy() {
        let environment = Environment {
            http_proxy: Some("proxy".to_owned()),
            https_proxy: Some("proxy".to_owned()),
            ..Environment::default()
        };
        let proxies = Proxies::new(&environment).unwrap();
        for uri in [
            "http://169.254.169.254/latest",
            "http://169.254.170.23",
            "http://[fd00:ec2::23]/v1",
            "https://localhost:1",
            "http://127.0.0.1",
        ] {
            assert_eq!(way(&proxies, uri), None, "{uri}");
        }
        assert_eq!(way(&proxies, "http://10.0.0.1").as_deref(), Some("http://proxy/"));
    }

    #[test]
    fn what_is_no_proxy_is_refused_by_the_name_of_its_variable() {
        for value in ["socks5://user:secret@proxy", "http://", "proxy with blanks", "http://:3128"] {
            let refused = proxies(value, "*").unwrap_err();
            assert!(refused.starts_with("HTTPS_PROXY is no address"), "{refused}");
            assert!(!refused.contains("secret"), "{refused}");
        }
        assert!(proxies("proxy.example:3128", "").is_ok());
    }
}
