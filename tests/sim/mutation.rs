//! Ways to break the protocol on purpose. Each is put between the operator and the world, where it has the effect of
//! the mistake in the code, so that one build shows that each mistake is caught.

use http::{Request, Response};
use kube::client::Body;
use serde_json::{Value, json};

use super::world::World;

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// The claim is written whatever the version of the object: nobody loses the race.
    ClaimWithoutVersion,
    /// The claim is not written at all.
    SendWithoutClaim,
    /// SubmitJob is sent again when its answer is unclear, as every SDK does.
    RetryUnclear,
    /// A job of the same name is taken for the object's own.
    AdoptByName,
    /// A job that does not show at once is taken for none.
    NoWindow,
    /// The status is written whatever the version of the object.
    StatusWithoutVersion,
    /// SubmitJob is signed with the time of sending, so that AWS takes it however late it comes.
    SignedWhenSent,
    /// Nobody looks once more, later.
    NoLateSweep,
    /// An object that is gone is always let go.
    TornLetGo,
    /// The client signs with the time that it takes for the service's, whatever it is told to sign with.
    SkewedSignature,
    /// An answer without anything in it is taken for one that says that there is nothing.
    EmptyIsWhole,
}

impl Mutation {
    /// Those that are made above the client.
    pub const ALL: [Self; 9] = [
        Self::ClaimWithoutVersion,
        Self::SendWithoutClaim,
        Self::RetryUnclear,
        Self::AdoptByName,
        Self::NoWindow,
        Self::StatusWithoutVersion,
        Self::SignedWhenSent,
        Self::NoLateSweep,
        Self::TornLetGo,
    ];

    /// Changes a request to the API server into the one that the mistake would make.
    pub fn change(self, request: &mut Request<Vec<u8>>) {
        let Ok(mut body) = serde_json::from_slice::<Value>(request.body()) else { return };
        match self {
            Self::ClaimWithoutVersion if is_claim(&body) => {
                body["metadata"].as_object_mut().unwrap().remove("resourceVersion");
            }
            Self::StatusWithoutVersion if request.uri().path().ends_with("/status") => {
                let operations = body.as_array_mut().unwrap();
                operations.retain(|operation| operation["path"] != "/metadata/resourceVersion");
            }
            Self::NoLateSweep if request.uri().path().ends_with("/status") => {
                for condition in body[1]["value"]["conditions"].as_array_mut().unwrap() {
                    if condition["type"] == "Submitted" && condition["status"] == "True" {
                        condition["reason"] = json!("Accepted");
                    }
                }
            }
            _ => return,
        }
        *request.body_mut() = serde_json::to_vec(&body).unwrap();
    }

    /// The answer to a request that the mistake would not make.
    pub fn answers(self, world: &World, request: &Request<Vec<u8>>) -> Option<Response<Body>> {
        let body: Value = serde_json::from_slice(request.body()).ok()?;
        if self != Self::SendWithoutClaim || !is_claim(&body) {
            return None;
        }
        let name = request.uri().path().rsplit('/').next()?;
        let object = world.rest(|rest| rest.store.objects().get(name).cloned())?;
        Some(Response::new(Body::from(serde_json::to_vec(&object).unwrap())))
    }
}

fn is_claim(body: &Value) -> bool {
    !body["metadata"]["annotations"]["awsbatch.dev/claim"].is_null()
}
