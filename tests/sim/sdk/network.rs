//! The network below the SDK. It carries HTTP requests to the double and answers back, with the simulation's faults.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_batch::config::http::{HttpRequest, HttpResponse};
use aws_sdk_batch::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use batch_double::{Call, Delivery};
use http::{HeaderMap, HeaderName, Method, Uri};
use tokio::time::sleep;

use super::super::link::{Link, Trouble};
use super::super::wire::{Fate, carry, fate};
use super::super::world::World;
use super::account::Account;
use super::mistake::believe;

/// The connection of one process to AWS.
#[derive(Clone, Debug)]
pub struct Network {
    pub world: Arc<World>,
    pub link: Arc<Link>,
    pub account: Arc<Account>,
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (network, call) = (self.clone(), call(&request));
        HttpConnectorFuture::new(async move { network.exchange(call).await })
    }
}

impl Network {
    async fn exchange(self, call: Call) -> Result<HttpResponse, ConnectorError> {
        let Self { world, link, account } = self;
        link.runs().await;
        if link.has(Trouble::NoAws) {
            if world.roll(|dice| dice.percent(50)) {
                return Err(broken("connection refused"));
            }
            return std::future::pending().await;
        }
        // A process can be stopped after its last check: the worst moment there is.
        if call.path == "/v1/submitjob" && !world.has_cleared() && world.roll(|dice| dice.percent(5)) {
            let length = world.roll(|dice| dice.seconds(1, 600));
            world.note(|| format!("{}: Stopped for {} s, before a send", link.identity, length.as_secs()));
            link.trouble(Trouble::Stopped, length);
        }
        sleep(world.roll(|dice| dice.millis(0, 5))).await;
        let fate = fate(&world, world.weather.aws_trouble);
        if fate == Fate::Refused && world.roll(|dice| dice.percent(25)) {
            return Err(broken("connection refused"));
        }
        let (there, who) = (world.clone(), link.identity.clone());
        let delivery = carry(&world, fate, move || {
            let delivery = account.arrive(&there, &call, fate);
            there.note(|| told(&who, &call, fate, &delivery));
            delivery
        });
        respond(&world, delivery.await).await
    }
}

/// The request in the types of the double.
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

/// The answer for the client.
async fn respond(world: &World, delivery: Delivery) -> Result<HttpResponse, ConnectorError> {
    let mut message = match delivery {
        Delivery::CompleteAnswer(message) => message,
        Delivery::Late(message, ms) | Delivery::Dribbling(message, ms) => {
            sleep(Duration::from_millis(ms)).await;
            message
        }
        Delivery::Truncated(mut message) => {
            message.body.truncate(message.body.len() / 2);
            message
        }
        Delivery::Cut => return Err(broken("connection reset")),
        Delivery::Hang => return std::future::pending().await,
    };
    believe(world.mutation, &mut message);
    let mut response = HttpResponse::new(message.status.try_into().unwrap(), SdkBody::from(message.body));
    for (name, value) in message.headers {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

fn broken(what: &str) -> ConnectorError {
    ConnectorError::io(what.into())
}

/// One line of the history, without ids that the SDK generates.
fn told(who: &str, call: &Call, fate: Fate, delivery: &Delivery) -> String {
    let signed = call.headers["x-amz-date"].to_str().unwrap_or_default();
    let asked: String = String::from_utf8_lossy(&call.body).chars().take(200).collect();
    let answer: String = match delivery {
        Delivery::CompleteAnswer(message) => {
            format!("{} {}", message.status, message.body).chars().take(200).collect()
        }
        other => format!("{other:?}").chars().take(30).collect(),
    };
    format!("{who}: {} {asked}, signed {signed}, {fate:?} => {answer}", call.path)
}
