//! An answer in the words of HTTP: status, headers, body. Knows nothing of sockets, and nothing of jobs.

use jiff::Timestamp;
use serde_json::Value;

use crate::identity;
use crate::reply::{Refusal, Reply};

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The HTTP status.
    pub status: u16,
    /// The headers but for the length.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

/// What AWS puts on every answer of its own, and the language that it speaks.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The id of the request.
    pub request_id: String,
    /// What the header `Date` shows, in milliseconds since 1970.
    pub date_ms: i64,
    /// AWS's query protocol, which is answered in XML.
    pub is_query: bool,
}

impl Message {
    /// JSON of that status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/json", body.to_string())
    }

    /// A body of that kind.
    pub fn of(status: u16, kind: &str, body: String) -> Self {
        Self { status, headers: vec![("content-type", kind.to_owned())], body }
    }

    /// A reply, as JSON.
    pub fn plain(reply: &Reply) -> Self {
        match reply {
            Ok(body) => Self::json(200, body),
            Err(refusal) => {
                let mut message = Self::json(refusal.status, &refusal.body());
                message.headers.extend(refusal.code.map(|code| ("x-amzn-errortype", code.to_owned())));
                message
            }
        }
    }

    /// The header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| *each == name).map(|(_, value)| value.as_str())
    }
}

impl Stamp {
    /// A reply as AWS sends it.
    pub fn reply(&self, reply: &Reply) -> Message {
        let message =
            if self.is_query { identity::xml(reply, &self.request_id) } else { Message::plain(reply) };
        self.own(message)
    }

    /// A refusal as AWS sends it.
    pub fn refusal(&self, refusal: Refusal) -> Message {
        self.reply(&Err(refusal))
    }

    /// A message as AWS's own: it bears the request's id.
    pub fn own(&self, mut message: Message) -> Message {
        message.headers.push(("x-amzn-requestid", self.request_id.clone()));
        self.foreign(message)
    }

    /// A message as one sends it who stands between AWS and its caller: it has no id.
    pub fn foreign(&self, mut message: Message) -> Message {
        let date = Timestamp::from_millisecond(self.date_ms).unwrap_or_default();
        message.headers.push(("date", date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()));
        message
    }
}
