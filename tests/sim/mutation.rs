//! Ways to break the protocol on purpose. Each mistake is made between the operator and the world, with the effect that
//! it would have in the code. So one build shows that each mistake is caught.

use http::{Request, Response};
use kube::client::Body;
use serde_json::{Value, json};

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// The claim is written whatever the version of the object, so several writers succeed.
    ClaimWithoutVersion,
    /// The claim is not written at all.
    SendWithoutClaim,
    /// SubmitJob is sent again when its answer is unclear, as every SDK does.
    RetryUnclear,
    /// A job with the object's job name counts as the object's own.
    AdoptByName,
    /// A job that a status names counts as the object's own.
    StatusBelieved,
    /// A job that an object asks to adopt counts as its own, whoever owns it.
    NoConsent,
    /// A job that is not visible at once counts as absent.
    NoWindow,
    /// The status is written whatever the version of the object.
    StatusWithoutVersion,
    /// SubmitJob is signed with the time of sending, so AWS accepts it however late it arrives.
    SignedWhenSent,
    /// There is no second search.
    NoLateSweep,
    /// A removed object is always released, even with a bypassed finalizer.
    TornLetGo,
    /// The client signs with its estimate of AWS's time, not with the given time. Made in the real client only.
    SkewedSignature,
    /// A job that DescribeJobs does not show counts as vanished, without a search by name.
    VanishedWithoutEvidence,
    /// A search for many objects finds no name.
    NamesLeftOut,
    /// An answer without its list counts as complete.
    EmptyIsWhole,
    /// Every refusal is believed, even that of a proxy.
    MiddleboxBelieved,
    /// A submission that AWS did not accept is not recorded.
    ForgetsRefusal,
    /// A finalizer that was removed is not added again.
    FinalizerNotPutBack,
    /// A claim that was removed counts as never made.
    LostClaimIsNone,
    /// A request without an answer in time counts as dead.
    ShortWaitAfterTimeout,
}

impl Mutation {
    /// The mistakes that are made above the client.
    pub const ALL: [Self; 19] = [
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
        Self::NamesLeftOut,
        Self::EmptyIsWhole,
        Self::MiddleboxBelieved,
        Self::ForgetsRefusal,
        Self::FinalizerNotPutBack,
        Self::LostClaimIsNone,
        Self::ShortWaitAfterTimeout,
    ];

    /// Changes a request to the API server into the one of the mistake.
    pub fn change(self, request: &mut Request<Vec<u8>>) {
        let Ok(mut body) = serde_json::from_slice::<Value>(request.body()) else { return };
        match self {
            Self::ClaimWithoutVersion if is_claim(&body) => forget_version(&mut body),
            // A real API server refuses a PUT without a version. A patch of the status would be taken.
            Self::StatusWithoutVersion if is_status(request) => forget_version(&mut body),
            Self::NoLateSweep if is_status(request) => {
                for condition in body["status"]["conditions"].as_array_mut().unwrap() {
                    if condition["type"] == "Submitted" && condition["status"] == "True" {
                        condition["reason"] = json!("Accepted");
                    }
                }
            }
            Self::ForgetsRefusal if is_status(request) => {
                body["status"].as_object_mut().unwrap().remove("submission");
            }
            _ => return,
        }
        *request.body_mut() = serde_json::to_vec(&body).unwrap();
    }

    /// Answers a request that the mistake would leave out, from the object that the API server has stored by its name.
    pub fn answers(
        self,
        request: &Request<Vec<u8>>,
        stored: impl FnOnce(&str) -> Option<Value>,
    ) -> Option<Response<Body>> {
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
        let mut object = stored(name)?;
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

fn is_status(request: &Request<Vec<u8>>) -> bool {
    request.uri().path().ends_with("/status")
}

fn forget_version(body: &mut Value) {
    body["metadata"].as_object_mut().unwrap().remove("resourceVersion");
}

/// Whether the patch adds the finalizer and nothing else.
fn is_hold(body: &Value) -> bool {
    !is_claim(body) && body["metadata"]["finalizers"].as_array().is_some_and(|all| !all.is_empty())
}

fn is_claim(body: &Value) -> bool {
    !body["metadata"]["annotations"]["awsbatch.dev/claim"].is_null()
}
