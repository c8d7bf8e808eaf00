//! How fast AWS is asked: all calls of one command together, and slower as soon as AWS says so. AWS has one limit for the whole
//! account, so that others read by it, too.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_batch_operator::clock::instant;
use tokio::time::{Instant, sleep_until};

/// Between two calls: less than half of the 25 in a second that AWS allows.
const SHORTEST: Duration = Duration::from_millis(100);

/// Between two calls, however often AWS says no.
const LONGEST: Duration = Duration::from_secs(5);

/// The pace of one command.
#[derive(Debug)]
pub struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    next: Instant,
    gap: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(State { next: instant(), gap: SHORTEST }))
    }
}

impl Pace {
    /// Waits for the turn of one call. The first has it at once.
    pub async fn turn(&self) {
        let turn = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = state.next.max(instant());
            state.next = turn + state.gap;
            turn
        };
        sleep_until(turn).await;
    }

    /// AWS has said that this is too fast.
    pub fn slower(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.gap = (state.gap * 2).min(LONGEST);
        state.next = state.next.max(instant() + state.gap);
    }

    /// AWS has answered: back to the old pace, little by little.
    pub fn faster(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.gap = (state.gap * 7 / 8).max(SHORTEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_refusal_doubles_the_gap_and_answers_bring_it_back() {
        let pace = Pace::default();
        let begun = instant();
        for _ in 0..11 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed().as_millis(), 1_000, "ten gaps");
        (0..10).for_each(|_| pace.slower());
        pace.turn().await;
        let begun = instant();
        pace.turn().await;
        assert_eq!(begun.elapsed(), LONGEST, "and not for ever");
        (0..40).for_each(|_| pace.faster());
        pace.turn().await;
        let begun = instant();
        pace.turn().await;
        assert_eq!(begun.elapsed(), SHORTEST);
    }
}
