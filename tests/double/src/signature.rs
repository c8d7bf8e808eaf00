//! What AWS checks of a request's signature that does not need the secret: that there is one, and that it is fresh.

use hyper::HeaderMap;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::reply::Refusal;

/// How far a signature's date may be from the service's clock.
pub const FRESH_MS: i64 = 300_000;

/// Refuses a request without a signature, and one whose date is further from the clock than that.
pub fn check(headers: &HeaderMap, wall_ms: i64, fresh_ms: i64) -> Result<(), Refusal> {
    if !headers.contains_key("authorization") {
        let code = "MissingAuthenticationTokenException";
        return Err(Refusal::denied(code, "Missing Authentication Token"));
    }
    let date = headers.get("x-amz-date").and_then(|date| date.to_str().ok()).unwrap_or_default();
    let refuse = |text: String| Err(Refusal::denied("InvalidSignatureException", &text));
    match signed_ms(date) {
        None => refuse(format!("Date must be in ISO-8601 'basic format'. Got '{date}'.")),
        Some(signed_ms) if signed_ms < wall_ms - fresh_ms => {
            refuse(format!("Signature expired: {date} is more than 5 min. in the past"))
        }
        Some(signed_ms) if signed_ms > wall_ms + fresh_ms => {
            refuse(format!("Signature not yet current: {date} is more than 5 min. ahead"))
        }
        Some(_) => Ok(()),
    }
}

/// The Region that the request is signed for: the third part of its credential scope.
pub fn region(headers: &HeaderMap) -> Option<String> {
    let authorization = headers.get("authorization")?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split('/').nth(2).map(str::to_owned)
}

fn signed_ms(date: &str) -> Option<i64> {
    let date = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(authorization: bool, date: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        if authorization {
            headers.insert("authorization", "AWS4-HMAC-SHA256 …".parse().unwrap());
        }
        headers.insert("x-amz-date", date.parse().unwrap());
        let wall_ms = signed_ms("20260102T030405Z").unwrap();
        check(&headers, wall_ms, FRESH_MS).err().map(|refusal| refusal.code.unwrap())
    }

    #[test]
    fn a_signature_holds_for_five_minutes_either_way() {
        let old = Some("InvalidSignatureException");
        for (date, expected) in [
            ("20260102T030405Z", None),
            ("20260102T025905Z", None),
            ("20260102T025904Z", old),
            ("20260102T030905Z", None),
            ("20260102T030906Z", old),
            ("yesterday", old),
        ] {
            assert_eq!(refused(true, date), expected, "{date}");
        }
    }

    #[test]
    fn a_request_without_a_signature_is_refused() {
        assert_eq!(refused(false, "20260102T030405Z"), Some("MissingAuthenticationTokenException"));
    }
}
