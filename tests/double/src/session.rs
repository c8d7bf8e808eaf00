//! Temporary credentials: a session token that has ended is refused. One that nobody has ended holds.

use std::collections::BTreeMap;

use hyper::HeaderMap;

use crate::reply::Refusal;

/// When session tokens end.
#[derive(Debug, Default)]
pub struct Sessions(BTreeMap<String, i64>);

impl Sessions {
    /// The token holds until then, in milliseconds since 1970.
    pub fn end(&mut self, token: String, at: i64) {
        self.0.insert(token, at);
    }

    /// Refuses a request with a token that has ended.
    pub fn check(&self, headers: &HeaderMap, now: i64) -> Result<(), Refusal> {
        let token = headers.get("x-amz-security-token").and_then(|token| token.to_str().ok());
        match token.and_then(|token| self.0.get(token)) {
            Some(ends_at) if *ends_at <= now => {
                let text = "The security token included in the request is expired";
                Err(Refusal::denied("ExpiredTokenException", text))
            }
            _ => Ok(()),
        }
    }
}
