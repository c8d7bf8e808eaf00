//! The connection from one process to the API server: a client over the network of the simulation.

use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response, StatusCode};
use kube::Client;
use kube::client::Body;

use super::conditions::Condition;
use super::link::{Link, Trouble};
use super::rest::failure;
use super::wire::{Fate, carry, fate};
use super::world::World;

/// A client for that process.
pub fn client(world: &Arc<World>, link: &Arc<Link>) -> Client {
    let (world, link) = (world.clone(), link.clone());
    let service = tower::service_fn(move |request| {
        let (world, link) = (world.clone(), link.clone());
        async move { Ok::<_, Infallible>(call(world, link, request).await) }
    });
    Client::new(service, "sim")
}

async fn call(world: Arc<World>, link: Arc<Link>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = body.collect_bytes().await.unwrap().to_vec();
    let mut request = Request::from_parts(parts, body);
    if request.uri().path().contains("/events") {
        // This request promises nothing, so it has no faults.
        return world.rest(|rest| rest.handle(&request, world.now()));
    }
    if let Some(mutation) = world.mutation {
        let stored = |name: &str| world.rest(|rest| rest.store.objects().get(name).cloned());
        if let Some(answer) = mutation.answers(&request, stored) {
            return answer;
        }
        mutation.change(&mut request);
    }
    link.runs().await;
    if link.has(Trouble::NoApi) {
        return std::future::pending().await;
    }
    let fate =
        if is_refused(&world, &request) { Fate::Refused } else { fate(&world, world.weather.api_trouble) };
    match fate {
        Fate::Refused => return failure(StatusCode::FORBIDDEN, "Forbidden"),
        Fate::Failed => return failure(StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        _ => {}
    }
    let (there, who) = (world.clone(), link.identity.clone());
    let answer = carry(&world, fate, move || {
        let answer = there.rest(|rest| rest.handle(&request, there.now()));
        there.note(|| {
            let body = String::from_utf8_lossy(request.body()).chars().take(260).collect::<String>();
            let (method, path) =
                (request.method(), request.uri().path().rsplit("/sim/").next().unwrap_or_default());
            format!("{who}: {method} {path} {body} => {}", answer.status().as_u16())
        });
        answer
    });
    let answer = answer.await;
    if fate == Fate::DoneAndFailed {
        failure(StatusCode::INTERNAL_SERVER_ERROR, "InternalError")
    } else {
        answer
    }
}

/// Whether the API server refuses this write of the operator now.
fn is_refused(world: &World, request: &Request<Vec<u8>>) -> bool {
    let (from, to) = world.weather.status_refused;
    let path = request.uri().path();
    if !path.contains("/batchjobs/") {
        return false;
    }
    let is_status = path.ends_with("/status");
    let names_finalizers =
        || String::from_utf8_lossy(request.body()).contains("\"finalizers\"") && !is_status;
    let by_rights = [
        (Condition::StatusDenied, is_status, "a status that may not be written"),
        (Condition::WritesDenied, true, "a write that is not allowed"),
        (Condition::FinalizersDenied, names_finalizers(), "a finalizer that may not be written"),
    ];
    let denied = by_rights.iter().find(|(condition, is_so, _)| *is_so && world.has(*condition));
    if let Some((_, _, what)) = denied {
        world.reach(what);
    }
    denied.is_some() || (is_status && (from..to).contains(&world.elapsed()))
}
