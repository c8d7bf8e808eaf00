//! What goes over the wire: deliveries, played on a socket. Knows nothing of jobs, and nothing of why.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, HeaderValue};
use hyper::{Response, StatusCode};

use crate::delivery::Delivery;
use crate::message::Message;

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

/// Plays the delivery.
pub async fn send(delivery: Delivery) -> Result<Response<Body>, Cut> {
    match delivery {
        Delivery::CompleteAnswer(message) => Ok(whole(message)),
        Delivery::Late(message, delay_ms) => {
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            Ok(whole(message))
        }
        Delivery::Dribbling(message, delay_ms) => Ok(dribbling(message, Duration::from_millis(delay_ms))),
        Delivery::Truncated(message) => Ok(truncated(message)),
        Delivery::Cut => Err(Cut),
        Delivery::Hang => std::future::pending().await,
    }
}

/// An answer as it should be.
pub fn whole(message: Message) -> Response<Body> {
    let body = Full::new(Bytes::from(message.body)).map_err(|never: Infallible| match never {});
    headed(message.status, message.headers, body.boxed_unsync())
}

fn headed(status: u16, headers: Vec<(&'static str, String)>, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Promises the whole body and breaks off in its middle.
fn truncated(message: Message) -> Response<Body> {
    let length = message.body.len();
    let whole = Bytes::from(message.body);
    let frames = stream::iter([Ok(Frame::data(whole.slice(..length / 2))), Err(Cut)]);
    // The first half is on its way before the cut, or the client would see no answer at all.
    let frames = frames.then(|frame| async {
        if frame.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        frame
    });
    streamed((message.status, message.headers), length, frames)
}

/// The head at once, the body in pieces over `delay`.
fn dribbling(message: Message, delay: Duration) -> Response<Body> {
    let whole = Bytes::from(message.body);
    let length = whole.len();
    let piece = length.div_ceil(PIECES).max(1);
    let pause = delay / u32::try_from(length.div_ceil(piece)).unwrap_or(1).max(1);
    let pieces = (0..length).step_by(piece).map(move |from| whole.slice(from..length.min(from + piece)));
    let frames = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok(Frame::data(piece))
    });
    streamed((message.status, message.headers), length, frames)
}

fn streamed(
    (status, headers): (u16, Vec<(&'static str, String)>),
    length: usize,
    frames: impl Stream<Item = Result<Frame<Bytes>, Cut>> + Send + 'static,
) -> Response<Body> {
    let mut response = headed(status, headers, BodyExt::boxed_unsync(StreamBody::new(frames)));
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}
