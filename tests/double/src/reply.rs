//! What the service answers, in its words. Knows nothing of HTTP libraries.

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
    /// An error of that status.
    pub fn new(status: u16, code: Option<&'static str>, message: &str) -> Self {
        Self { status, code, message: message.to_owned() }
    }

    /// 400 as AWS words it.
    pub fn client(text: &str, request_id: &str) -> Self {
        let message = format!("Error executing request, Exception : {text}, RequestId: {request_id}");
        Self { status: 400, code: Some("ClientException"), message }
    }

    /// 429.
    pub fn throttled() -> Self {
        Self::new(429, Some("TooManyRequestsException"), "Too Many Requests")
    }

    /// 400, as of Amazon CloudWatch Logs.
    pub fn rate_exceeded() -> Self {
        Self::new(400, Some("ThrottlingException"), "Rate exceeded")
    }

    /// 403.
    pub fn denied(code: &'static str, message: &str) -> Self {
        Self::new(403, Some(code), message)
    }

    /// What a service says that does not have the operation.
    pub fn unknown_operation() -> Self {
        Self::new(404, Some("UnknownOperationException"), "there is no such operation")
    }

    /// The body.
    pub fn body(&self) -> Value {
        json!({ "message": self.message })
    }
}
