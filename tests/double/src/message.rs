//! An answer in the words of HTTP: status, headers, body. Knows nothing of sockets, and nothing of jobs.

use jiff::Timestamp;
use serde_json::{Value, json};

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
    /// How the request was made, and is answered.
    pub protocol: Protocol,
}

/// The protocols of AWS's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS Batch: an operation is a path, and an error has its code in a header.
    RestJson,
    /// Amazon CloudWatch Logs: an operation is a header, and an error has its code in the body.
    Json,
    /// AWS STS: a form in, XML out.
    Query,
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

    /// A reply of a service that names its errors in the body. Whatever the caller did wrong is a 400.
    fn coded(reply: &Reply) -> Self {
        let (status, body) = match reply {
            Ok(body) => (200, body.clone()),
            Err(refusal) => {
                let status = if refusal.status < 500 { 400 } else { refusal.status };
                (status, json!({ "__type": refusal.code, "message": refusal.message }))
            }
        };
        Self::of(status, "application/x-amz-json-1.1", body.to_string())
    }

    /// The header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| *each == name).map(|(_, value)| value.as_str())
    }
}

impl Stamp {
    /// A reply as AWS sends it.
    pub fn reply(&self, reply: &Reply) -> Message {
        let message = match self.protocol {
            Protocol::RestJson => Message::plain(reply),
            Protocol::Json => Message::coded(reply),
            Protocol::Query => {
                let (status, text) = identity::xml(reply, &self.request_id);
                Message::of(status, "text/xml", text)
            }
        };
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
