//! One call over a network: it may be refused, lost, carried out without an answer, or late.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

use super::conditions::Condition;
use super::world::World;

/// The fate of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Carried out and answered.
    Answered,
    /// The server refuses before it does anything.
    Refused,
    /// The server fails before it does anything.
    Failed,
    /// The server carries out the call, and fails all the same.
    DoneAndFailed,
    /// The request is lost; no answer ever comes.
    Lost,
    /// Carried out; the answer is lost.
    Unanswered,
    /// Carried out, long after the caller has given up.
    Late,
}

/// A random fate, bad in `trouble` percent of the calls.
pub fn fate(world: &World, trouble: u64) -> Fate {
    use Fate::{Answered, DoneAndFailed, Failed, Late, Lost, Refused, Unanswered};
    if world.has_cleared() {
        return Answered;
    }
    world.roll(|dice| {
        if dice.percent(trouble) {
            *dice.pick(&[Refused, Failed, DoneAndFailed, Lost, Unanswered, Late])
        } else {
            Answered
        }
    })
}

/// Carries a call to the server, where `effect` happens even after the caller has ended. A lost answer never resolves.
pub async fn carry<T: Send + 'static>(
    world: &Arc<World>,
    fate: Fate,
    effect: impl FnOnce() -> T + Send + 'static,
) -> T {
    let is_very_late = world.weather.conditions.has(Condition::LateRequests);
    let (there, back) = world.roll(|dice| match fate {
        // Often close to the moment at which AWS begins to refuse the signature.
        Fate::Late if is_very_late && dice.percent(50) => (dice.seconds(230, 310), Duration::ZERO),
        Fate::Late if is_very_late => (dice.seconds(11, 400), Duration::ZERO),
        Fate::Late => (dice.seconds(11, 20), Duration::ZERO),
        _ => (dice.millis(1, 50), dice.millis(1, 50)),
    });
    let (answer, answered) = oneshot::channel();
    tokio::spawn(async move {
        sleep(there).await;
        if fate == Fate::Lost {
            return;
        }
        let outcome = effect();
        sleep(back).await;
        if fate != Fate::Unanswered {
            // The caller may have ended.
            let _ = answer.send(outcome);
        }
    });
    match answered.await {
        Ok(outcome) => outcome,
        Err(_) => std::future::pending().await,
    }
}
