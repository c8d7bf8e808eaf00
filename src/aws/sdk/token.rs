//! The owner of a ServiceAccount token, for messages only. The signature is not checked.

use std::fs::File;

use aws_smithy_types::base64;
use serde_json::Value;

use crate::text::one_line;

/// The JWT claims of a token, as far as they can be read.
#[derive(Debug, Default)]
pub struct Token(Value);

impl Token {
    /// The token in the file.
    pub fn read(file: &str) -> Self {
        let claims = std::fs::read_to_string(file).ok().and_then(|token| claims(&token));
        Self(claims.unwrap_or_default())
    }

    /// The owner, such as `ServiceAccount namespace/name`.
    pub fn owner(&self) -> String {
        let subject = self.claim("sub");
        match subject.strip_prefix("system:serviceaccount:").and_then(|names| names.split_once(':')) {
            Some((namespace, name)) => format!("ServiceAccount {namespace}/{name}"),
            None => "the operator's ServiceAccount".to_owned(),
        }
    }

    /// The issuer of the token.
    pub fn issuer(&self) -> String {
        let issuer = self.claim("iss");
        if issuer.is_empty() { "of the cluster".to_owned() } else { issuer }
    }

    fn claim(&self, name: &str) -> String {
        one_line(self.0[name].as_str().unwrap_or_default(), 200)
    }
}

/// Why the file cannot be read; `None`: it can be read.
pub fn unreadable(file: &str) -> Option<String> {
    File::open(file).err().map(|error| error.to_string())
}

/// The middle part of a JWT: JSON in URL-safe base64 without padding.
fn claims(token: &str) -> Option<Value> {
    let part = token.trim().split('.').nth(1)?.replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - part.len() % 4) % 4);
    serde_json::from_slice(&base64::decode(part + &padding).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_owner_and_its_issuer_and_what_is_no_token_tells_nothing() {
        let claims_of = |text: &str| {
            let part = base64::encode(text).replace('+', "-").replace('/', "_");
            Token(claims(&format!("head.{}.signature\n", part.trim_end_matches('='))).unwrap_or_default())
        };
        let token = claims_of(r#"{"sub":"system:serviceaccount:batch:op","iss":"https://oidc.example/?>~"}"#);
        assert_eq!(
            (token.owner(), token.issuer()),
            ("ServiceAccount batch/op".to_owned(), "https://oidc.example/?>~".to_owned())
        );
        for other in ["", "[]", r#"{"sub":7}"#] {
            assert_eq!(claims_of(other).owner(), "the operator's ServiceAccount", "{other}");
        }
        assert_eq!(Token::read("/nonexistent").issuer(), "of the cluster");
    }
}
