//! How an answer comes, if it comes at all: what each fault makes of it. Knows nothing of jobs; who carries it, a socket or
//! a test's own network, plays it.

use serde_json::json;

use crate::answer::Answer;
use crate::fault::{Fault, Kind};
use crate::message::{Message, Protocol, Stamp};
use crate::reply::{Refusal, Reply};

/// What becomes of an answer on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It comes, whole and at once.
    CompleteAnswer(Message),
    /// It comes after so many milliseconds.
    Late(Message, u64),
    /// Its head comes at once, its body in pieces over so many milliseconds.
    Dribbling(Message, u64),
    /// Its head comes, and half of its body; then the connection is cut.
    Truncated(Message),
    /// The connection is cut before anything comes.
    Cut,
    /// Nothing ever comes.
    Hang,
}

impl Delivery {
    /// The answer, as its fault has it.
    pub fn of(answer: Answer) -> Self {
        let Answer { reply, fault, stamp } = answer;
        let reply = reply.unwrap_or_else(|| Ok(json!({})));
        match fault {
            Some(fault) => play(&fault, reply, &stamp),
            None => Self::CompleteAnswer(stamp.reply(&reply)),
        }
    }
}

fn play(fault: &Fault, reply: Reply, stamp: &Stamp) -> Delivery {
    let says = |plausible| fault.text.as_deref().unwrap_or(plausible);
    let refuse = |status, code, plausible| {
        Delivery::CompleteAnswer(stamp.refusal(Refusal::new(status, Some(code), says(plausible))))
    };
    let block = |status, plausible: &str| {
        let text = fault.text.as_deref().unwrap_or(plausible);
        Delivery::CompleteAnswer(stamp.foreign(Message::json(status, &json!({ "message": text }))))
    };
    match fault.kind {
        Kind::Throttled if stamp.protocol == Protocol::Json => {
            Delivery::CompleteAnswer(stamp.refusal(Refusal::rate_exceeded()))
        }
        Kind::Throttled => refuse(429, "TooManyRequestsException", "Too Many Requests"),
        Kind::ThrottledBare => block(429, "slow down"),
        Kind::Refused => {
            Delivery::CompleteAnswer(stamp.refusal(Refusal::client(says("no"), &stamp.request_id)))
        }
        Kind::RefusedBare => block(400, "this looks like an attack"),
        Kind::Denied => {
            refuse(403, "AccessDeniedException", "User is not authorized to perform this operation")
        }
        Kind::DeniedBare => block(403, "blocked by policy"),
        Kind::ServerError => refuse(500, "ServerException", "Internal error"),
        Kind::Unavailable => refuse(503, "ServiceUnavailable", "Service Unavailable"),
        Kind::UnknownOperation => Delivery::CompleteAnswer(stamp.refusal(Refusal::unknown_operation())),
        Kind::Drop => Delivery::Cut,
        Kind::Truncated => {
            let whole = reply.ok().filter(|body| *body != json!({}));
            Delivery::Truncated(stamp.reply(&Ok(whole.unwrap_or_else(|| json!({ "jobId": "0" })))))
        }
        Kind::Empty => Delivery::CompleteAnswer(stamp.foreign(Message::json(200, &json!({})))),
        Kind::Hollow => Delivery::CompleteAnswer(stamp.own(Message::json(200, &json!({})))),
        Kind::Html => {
            let page = says("<html><body>Welcome</body></html>").to_owned();
            Delivery::CompleteAnswer(stamp.foreign(Message::of(200, "text/html", page)))
        }
        Kind::Hang => Delivery::Hang,
        Kind::Stale => Delivery::CompleteAnswer(stamp.reply(&reply)),
        Kind::Slow => Delivery::Late(stamp.reply(&reply), fault.delay_ms),
        Kind::SlowBody => Delivery::Dribbling(stamp.reply(&reply), fault.delay_ms),
    }
}
