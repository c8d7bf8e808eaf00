//! The network below the SDK: a request takes a while to the double, and its answer back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_batch::config::http::{HttpRequest, HttpResponse};
use aws_sdk_batch::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use batch_double::{Call, Core, Delivery};
use http::{HeaderMap, HeaderName, Method, Uri};
use tokio::time::sleep;

/// There, or back.
const WAY: Duration = Duration::from_millis(100);

/// A way to the double.
#[derive(Clone, Debug)]
pub struct Network(pub Arc<Mutex<Core>>);

impl HttpClient for Network {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (core, call) = (self.0.clone(), call(&request));
        HttpConnectorFuture::new(async move {
            sleep(WAY).await;
            let delivery = core.lock().unwrap().answer(&call);
            sleep(WAY).await;
            let Delivery::CompleteAnswer(message) = delivery else {
                return Err(ConnectorError::io("connection reset".into()));
            };
            let body = SdkBody::from(message.body);
            let mut response = HttpResponse::new(message.status.try_into().unwrap(), body);
            for (name, value) in message.headers {
                response.headers_mut().insert(name, value);
            }
            Ok(response)
        })
    }
}

fn call(request: &HttpRequest) -> Call {
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
    }
    Call {
        method: Method::from_bytes(request.method().as_bytes()).unwrap(),
        path: request.uri().parse::<Uri>().unwrap().path().to_owned(),
        headers,
        body: request.body().bytes().unwrap().to_vec().into(),
    }
}
