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
    /// A job that a status names is taken for the object's own.
    StatusBelieved,
    /// A job that an object asks to adopt is taken for its own, whoever has it.
    NoConsent,
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
    /// The client signs with the time that it takes for the service's, whatever it is told to sign with. Made in the real
    /// client only.
    SkewedSignature,
    /// A job that DescribeJobs does not tell of is believed gone, without a look by its name.
    VanishedWithoutEvidence,
    /// An answer without the member that was asked for is believed to be whole.
    EmptyIsWhole,
    /// A refusal is believed, whoever made it.
    MiddleboxBelieved,
    /// What AWS did not take is not recorded.
    ForgetsRefusal,
    /// A finalizer that was taken away is not put back.
    FinalizerNotPutBack,
    /// A claim that was taken away is believed never to have been made.
    LostClaimIsNone,
    /// A request whose answer did not come in time is believed to be dead.
    ShortWaitAfterTimeout,
}

impl Mutation {
    /// Those that are made above the client.
    pub const ALL: [Self; 18] = [
        Self::ClaimWithoutVersion,
        Self::SendWithoutClaim,
        Self::RetryUnclear,
        Self::AdoptByName,
        Self::StatusBelieved,
        Self::NoConsent,
        Self::NoWindow,
        Self::StatusWithoutVersion,
        Self::SignedWhenSent,
        Self::NoLateSweep,
        Self::TornLetGo,
        Self::VanishedWithoutEvidence,
        Self::EmptyIsWhole,
        Self::MiddleboxBelieved,
        Self::ForgetsRefusal,
        Self::FinalizerNotPutBack,
        Self::LostClaimIsNone,
        Self::ShortWaitAfterTimeout,
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
            Self::ForgetsRefusal if request.uri().path().ends_with("/status") => {
                body[1]["value"].as_object_mut().unwrap().remove("submission");
            }
            _ => return,
        }
        *request.body_mut() = serde_json::to_vec(&body).unwrap();
    }

    /// The answer to a request that the mistake would not make.
    pub fn answers(self, world: &World, request: &Request<Vec<u8>>) -> Option<Response<Body>> {
        let body: Value = serde_json::from_slice(request.body()).ok()?;
        let is_skipped = match self {
            Self::SendWithoutClaim => is_claim(&body),
            Self::FinalizerNotPutBack => is_hold(&body),
            _ => false,
        };
        if !is_skipped {
            return None;
        }
        let name = request.uri().path().rsplit('/').next()?;
        let mut object = world.rest(|rest| rest.store.objects().get(name).cloned())?;
        json_patch::merge(&mut object, &body);
        Some(Response::new(Body::from(serde_json::to_vec(&object).unwrap())))
    }

    /// An object as the mistake sees it.
    pub fn seen(self, object: &mut Value) {
        let is_unclaimed = object["metadata"]["annotations"]["awsbatch.dev/claim"].is_null();
        if self == Self::LostClaimIsNone && is_unclaimed && object["status"]["jobId"].is_null() {
            object["metadata"]["finalizers"].take();
            object["status"].take();
        }
    }
}

/// Whether the patch adds the finalizer and nothing else.
fn is_hold(body: &Value) -> bool {
    !is_claim(body) && body["metadata"]["finalizers"].as_array().is_some_and(|all| !all.is_empty())
}

fn is_claim(body: &Value) -> bool {
    !body["metadata"]["annotations"]["awsbatch.dev/claim"].is_null()
}
