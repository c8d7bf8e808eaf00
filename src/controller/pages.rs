//! The pages of a list, as large as the objects allow. One BatchJob may take 1.5 MB, and decoding takes four times the
//! bytes, so a page of fixed size is either too large for such objects or too small for a hundred thousand others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::task::{Context, Poll};

use axum::http::request::Parts;
use axum::http::{Method, Request, Response, StatusCode, Uri};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use kube::Client;
use kube::client::Body;
use tower_service::Service;

/// Objects of the first page, and of each page that comes after one that was too long. As many fit whatever their size.
pub const FIRST: u16 = 10;

/// Objects of the largest page.
const LARGEST: u16 = 500;

/// The longest page with more objects than [`FIRST`], in bytes.
const LONGEST: usize = 4 << 20;

/// A client whose lists in pages have pages of a size that follows the objects. Everything else goes through unchanged.
pub fn client(inner: Client) -> Client {
    let namespace = inner.default_namespace().to_owned();
    Client::new(Pages { inner, size: Arc::new(AtomicU16::new(FIRST)) }, namespace)
}

#[derive(Clone)]
struct Pages {
    inner: Client,
    /// Objects of the next page.
    size: Arc<AtomicU16>,
}

impl Service<Request<Body>> for Pages {
    type Response = Response<Body>;
    type Error = kube::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, kube::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), kube::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let pages = self.clone();
        async move {
            let (parts, body) = request.into_parts();
            if parts.method == Method::GET && sized(&parts.uri, FIRST).is_some() {
                pages.page(parts).await
            } else {
                pages.inner.send(Request::from_parts(parts, body)).await
            }
        }
        .boxed()
    }
}

impl Pages {
    /// One page. A page that is too long is dropped, and asked for again with fewer objects. The token of a list names a
    /// version and a place, so that each page may have a size of its own.
    async fn page(&self, asked: Parts) -> Result<Response<Body>, kube::Error> {
        let mut size = self.size.load(Ordering::Relaxed);
        loop {
            let mut parts = asked.clone();
            parts.uri = sized(&asked.uri, size).unwrap_or(parts.uri);
            let response = self.inner.send(Request::from_parts(parts, Body::empty())).await?;
            if response.status() != StatusCode::OK {
                return Ok(response);
            }
            let (head, body) = response.into_parts();
            let most = if size > FIRST { LONGEST } else { usize::MAX };
            let page = read(body, most).await?;
            size = page.as_ref().map_or(FIRST, |page| after(size, page.len()));
            self.size.store(size, Ordering::Relaxed);
            if let Some(page) = page {
                return Ok(Response::from_parts(head, Body::from(page)));
            }
        }
    }
}

/// The address with another number of objects; `None`: it is not that of a list in pages.
fn sized(uri: &Uri, size: u16) -> Option<Uri> {
    let query = uri.query()?;
    let is_limit = |pair: &&str| pair.starts_with("limit=");
    query.split('&').find(is_limit)?;
    let others = query.split('&').filter(|pair| !is_limit(pair) && !pair.is_empty());
    let pairs: Vec<_> = others.map(str::to_owned).chain([format!("limit={size}")]).collect();
    format!("{}?{}", uri.path(), pairs.join("&")).parse().ok()
}

/// The size after a page of so many bytes: at most twice as many objects, and half of the longest page.
fn after(size: u16, bytes: usize) -> u16 {
    let each = (bytes / usize::from(size)).max(1);
    let fitting = u16::try_from(LONGEST / 2 / each).unwrap_or(LARGEST);
    fitting.min(size.saturating_mul(2)).clamp(FIRST, LARGEST)
}

/// The whole body; `None`: it has more than `most` bytes.
async fn read(body: Body, most: usize) -> Result<Option<Vec<u8>>, kube::Error> {
    let mut chunks = axum::body::Body::new(body).into_data_stream();
    let mut page = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| kube::Error::Service(error.into()))?;
        if page.len() + chunk.len() > most {
            return Ok(None);
        }
        page.extend_from_slice(&chunk);
    }
    Ok(Some(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_grow_while_they_are_short_and_shrink_by_the_size_of_their_objects() {
        assert_eq!([10, 20, 400].map(|size| after(size, usize::from(size) * 4_000)), [20, 40, 500]);
        assert_eq!(after(10, 10 * 1_400_000), 10, "objects as large as may be");
        assert_eq!(after(100, 100 * 40_000), 52, "a page that is nearly too long is followed by half of it");
        assert_eq!(after(500, 0), 500);
    }

    #[test]
    fn only_a_list_in_pages_has_a_size() {
        let uri = |text: &str| text.parse::<Uri>().unwrap();
        let page = sized(&uri("/apis/awsbatch.dev/v1alpha1/batchjobs?&limit=10&continue=abc%3D"), 20);
        assert_eq!(page.unwrap(), "/apis/awsbatch.dev/v1alpha1/batchjobs?continue=abc%3D&limit=20");
        for other in ["/a", "/a?watch=true&resourceVersion=7", "/a?xlimit=10"] {
            assert_eq!(sized(&uri(other), 20), None, "{other}");
        }
    }
}
