//! What an operation answers, in the service's words.

use serde_json::{Value, json};

/// An answer: a body, or an error that AWS would send.
pub type Reply = Result<Value, Refusal>;

/// An error of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code in `x-amzn-errortype`; `None`: a proxy that says nothing.
    pub code: Option<&'static str>,
    /// The text.
    pub message: String,
}

impl Refusal {
    /// 400 as AWS words it.
    pub fn client(text: &str, request_id: &str) -> Self {
        Self {
            status: 400,
            code: Some("ClientException"),
            message: format!("Error executing request, Exception : {text}, RequestId: {request_id}"),
        }
    }

    /// 429.
    pub fn throttled() -> Self {
        Self { status: 429, code: Some("TooManyRequestsException"), message: "Too Many Requests".to_owned() }
    }

    /// 403.
    pub fn denied(code: &'static str, message: &str) -> Self {
        Self { status: 403, code: Some(code), message: message.to_owned() }
    }

    /// The body.
    pub fn body(&self) -> Value {
        json!({ "message": self.message })
    }
}
