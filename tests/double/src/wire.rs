//! What goes over the wire: plain answers, and the faults that only the socket can play. Knows nothing of jobs.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::json;

use crate::answer::Answer;
use crate::fault::{Fault, Kind};
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

/// The pieces of a slow body.
const PIECES: usize = 4;

/// Sends the answer, as the fault has it.
pub async fn send(answer: Answer) -> Result<Response<Body>, Cut> {
    let Answer { reply, fault, request_id } = answer;
    let reply = reply.unwrap_or_else(|| Ok(json!({})));
    let mut response = match fault {
        None => plain(reply),
        Some(fault) => play(&fault, reply, &request_id).await?,
    };
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-amzn-requestid", request_id);
    }
    Ok(response)
}

/// An answer as it should be.
pub fn plain(reply: Reply) -> Response<Body> {
    let refusal = match reply {
        Ok(body) => return respond(StatusCode::OK, "application/json", body.to_string()),
        Err(refusal) => refusal,
    };
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = respond(status, "application/json", refusal.body().to_string());
    if let Some(code) = refusal.code {
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(code));
    }
    response
}

async fn play(fault: &Fault, reply: Reply, request_id: &str) -> Result<Response<Body>, Cut> {
    let says = |plausible| fault.text.as_deref().unwrap_or(plausible);
    let refuse = |status, code, plausible| Ok(plain(Err(Refusal::new(status, code, says(plausible)))));
    let delay = Duration::from_millis(fault.delay_ms);
    match fault.kind {
        Kind::Throttled => refuse(429, Some("TooManyRequestsException"), "Too Many Requests"),
        Kind::ThrottledBare => refuse(429, None, "slow down"),
        Kind::Refused => Ok(plain(Err(Refusal::client(says("no"), request_id)))),
        Kind::Denied => {
            refuse(403, Some("AccessDeniedException"), "User is not authorized to perform this operation")
        }
        Kind::ServerError => refuse(500, Some("ServerException"), "Internal error"),
        Kind::Unavailable => refuse(503, Some("ServiceUnavailable"), "Service Unavailable"),
        Kind::Drop => Err(Cut),
        Kind::Truncated => {
            let whole = reply.ok().filter(|body| *body != json!({}));
            Ok(truncated(whole.unwrap_or_else(|| json!({ "jobId": "0" })).to_string()))
        }
        Kind::Empty => Ok(plain(Ok(json!({})))),
        Kind::Html => {
            let page = says("<html><body>Welcome</body></html>").to_owned();
            Ok(respond(StatusCode::OK, "text/html", page))
        }
        Kind::Hang => std::future::pending().await,
        Kind::Slow => {
            tokio::time::sleep(delay).await;
            Ok(plain(reply))
        }
        Kind::SlowBody => Ok(dribbling(reply, delay).await),
    }
}

fn respond(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let body = Full::new(Bytes::from(body)).map_err(|never: Infallible| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Promises the whole body and breaks off in its middle.
fn truncated(whole: String) -> Response<Body> {
    let length = whole.len();
    let whole = Bytes::from(whole);
    let frames = stream::iter([Ok(Frame::data(whole.slice(..length / 2))), Err(Cut)]);
    // The first half is on its way before the cut, or the client would see no answer at all.
    let frames = frames.then(|frame| async {
        if frame.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        frame
    });
    streamed(StatusCode::OK, length, frames)
}

/// The head at once, the body in pieces over `delay`.
async fn dribbling(reply: Reply, delay: Duration) -> Response<Body> {
    let (parts, body) = plain(reply).into_parts();
    let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let length = whole.len();
    let piece = length.div_ceil(PIECES).max(1);
    let pause = delay / u32::try_from(length.div_ceil(piece)).unwrap_or(1).max(1);
    let pieces = (0..length).step_by(piece).map(move |from| whole.slice(from..length.min(from + piece)));
    let frames = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok(Frame::data(piece))
    });
    let mut response = streamed(parts.status, length, frames);
    response.headers_mut().extend(parts.headers);
    response
}

fn streamed(
    status: StatusCode,
    length: usize,
    frames: impl Stream<Item = Result<Frame<Bytes>, Cut>> + Send + 'static,
) -> Response<Body> {
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(frames)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}
