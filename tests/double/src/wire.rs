//! What goes over the wire: plain answers, and the faults that only the socket can play.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::HeaderValue;
use hyper::{Response, StatusCode};
use serde_json::json;

use crate::fault::Kind;
use crate::reply::{Refusal, Reply};

/// The body of an answer.
pub type Body = UnsyncBoxBody<Bytes, Cut>;

/// The connection is to be cut.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection is cut")
    }
}

impl std::error::Error for Cut {}

/// Answers as the fault has it; `answer` is what the service would have said.
pub async fn play(kind: Kind, answer: Option<Reply>) -> Result<Response<Body>, Cut> {
    let refused =
        |status, code, message: &str| Ok(plain(Err(Refusal { status, code, message: message.to_owned() })));
    match kind {
        Kind::Throttled => Ok(plain(Err(Refusal::throttled()))),
        Kind::ThrottledBare => refused(429, None, "slow down"),
        Kind::Refused => {
            refused(400, Some("ClientException"), "Error executing request, Exception : no, RequestId: 0")
        }
        Kind::Denied => refused(403, Some("AccessDeniedException"), "User is not authorized to perform this"),
        Kind::ServerError => refused(500, Some("ServerException"), "Internal error"),
        Kind::Unavailable => refused(503, Some("ServiceUnavailable"), "Service Unavailable"),
        Kind::Drop => Err(Cut),
        Kind::Truncated => {
            let whole = answer.and_then(Result::ok).unwrap_or_else(|| json!({ "jobId": "0" })).to_string();
            Ok(truncated(&whole))
        }
        Kind::Empty => Ok(respond(StatusCode::OK, "application/json", "{}".to_owned())),
        Kind::Html => {
            Ok(respond(StatusCode::OK, "text/html", "<html><body>Welcome</body></html>".to_owned()))
        }
        Kind::Hang => std::future::pending().await,
        Kind::Slow => {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            Ok(plain(answer.unwrap_or_else(|| Err(Refusal::throttled()))))
        }
    }
}

/// An answer as it should be.
pub fn plain(reply: Reply) -> Response<Body> {
    match reply {
        Ok(body) => respond(StatusCode::OK, "application/json", body.to_string()),
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = respond(status, "application/json", refusal.body().to_string());
            if let Some(code) = refusal.code {
                response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(code));
            }
            response
        }
    }
}

/// A response.
pub fn respond(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let body = Full::new(Bytes::from(body)).map_err(|never: Infallible| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static(kind));
    response
}

/// Promises the whole body and breaks off in its middle.
fn truncated(whole: &str) -> Response<Body> {
    let half = Bytes::from(whole[..whole.len() / 2].to_owned());
    let frames = stream::iter([Ok(Frame::data(half)), Err(Cut)]);
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(frames)));
    response.headers_mut().insert("content-length", whole.len().into());
    response
}
