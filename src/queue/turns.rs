//! The queue of the objects that are ready to be sent: fair between namespaces, steady, and never above the rate in any
//! second. Pure: time is an argument.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::fair::FairKeys;
use crate::key::Key;
use crate::plan::Turn;

const SECOND: Duration = Duration::from_secs(1);

/// A turn that is unused for this time is withdrawn, because its object may be deleted.
const UNUSED: Duration = Duration::from_secs(5);

/// The objects that wait, those with a turn, and the sends of the last second.
#[derive(Debug)]
pub struct Turns {
    most: f64,
    rate: f64,
    rate_at: Instant,
    slowed_at: Option<Instant>,
    waiting: FairKeys,
    granted: HashMap<Key, Instant>,
    slot: Instant,
    sent: VecDeque<Instant>,
}

impl Turns {
    /// An empty queue that lets `most` send each second.
    pub fn new(most: u32, now: Instant) -> Self {
        let most = f64::from(most.max(1));
        Self {
            most,
            rate: most,
            rate_at: now,
            slowed_at: None,
            waiting: FairKeys::default(),
            granted: HashMap::new(),
            slot: now,
            sent: VecDeque::new(),
        }
    }

    /// The place of `key`.
    pub fn turn(&self, key: &Key) -> Turn {
        if self.granted.contains_key(key) {
            Turn::Granted
        } else if self.waiting.contains(key) {
            Turn::Waiting
        } else {
            Turn::None
        }
    }

    /// Joins the queue once, at the end of the object's namespace.
    pub fn join(&mut self, key: Key) {
        if !self.granted.contains_key(&key) {
            self.waiting.join(key);
        }
    }

    /// Leaves the queue, or gives a turn back unused.
    pub fn leave(&mut self, key: &Key) {
        self.granted.remove(key);
        self.waiting.leave(key);
    }

    /// Uses a turn: the request is sent now.
    pub fn spend(&mut self, key: &Key, now: Instant) {
        self.leave(key);
        self.sent.push_back(now);
    }

    /// After a 429 of AWS the rate is halved, at most once a second. It then grows by one call a second each second.
    pub fn slow_down(&mut self, now: Instant) {
        if self.slowed_at.is_some_and(|at| now.duration_since(at) < SECOND) {
            return;
        }
        self.rate = (self.rate_now(now) / 2.0).max(1.0);
        self.rate_at = now;
        self.slowed_at = Some(now);
    }

    /// Grants one turn, if possible. Call it until the result is `None`.
    pub fn grant(&mut self, now: Instant) -> Option<Key> {
        self.granted.retain(|_, at| now.duration_since(*at) < UNUSED);
        while self.sent.front().is_some_and(|at| now.duration_since(*at) >= SECOND) {
            self.sent.pop_front();
        }
        if self.next_at(now)? > now {
            return None;
        }
        let key = self.waiting.pop()?;
        self.granted.insert(key.clone(), now);
        // A slot that a coarse timer has missed by a little is made up for, but idle time is not.
        let interval = SECOND.div_f64(self.rate_now(now));
        self.slot = self.slot.max(now.checked_sub(interval * 2).unwrap_or(now)) + interval;
        Some(key)
    }

    /// When the next turn may be granted; `None`: no object waits.
    pub fn next_at(&self, now: Instant) -> Option<Instant> {
        if self.waiting.is_empty() {
            return None;
        }
        let rate = self.rate_now(now);
        // An object with a turn may send at any moment, so it counts as a send.
        let used = self.sent.len() + self.granted.len();
        if used < floor(rate) {
            return Some(self.slot);
        }
        let freed = match self.sent.front() {
            Some(at) => *at + SECOND,
            None => now + Duration::from_millis(50),
        };
        Some(self.slot.max(freed))
    }

    /// The present rate, in sends per second.
    pub fn rate_now(&self, now: Instant) -> f64 {
        (self.rate + now.duration_since(self.rate_at).as_secs_f64()).min(self.most)
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is between 1 and a few hundred"
)]
fn floor(rate: f64) -> usize {
    rate as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(namespace: &str, name: usize) -> Key {
        Key { namespace: namespace.to_owned(), name: name.to_string(), uid: format!("{namespace}/{name}") }
    }

    /// Lets everyone send as soon as they may, for so many milliseconds; answers when, in milliseconds, and who.
    fn send_for(turns: &mut Turns, start: Instant, milliseconds: u64) -> Vec<(u64, Key)> {
        let mut sent = Vec::new();
        for ms in 0..milliseconds {
            let now = start + Duration::from_millis(ms);
            while let Some(key) = turns.grant(now) {
                turns.spend(&key, now);
                sent.push((ms, key));
            }
        }
        sent
    }

    fn most_in_a_second(sent: &[(u64, Key)]) -> usize {
        sent.iter()
            .map(|(at, _)| sent.iter().filter(|(ms, _)| (*at..*at + 1000).contains(ms)).count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn the_rate_is_reached_and_kept_in_every_second() {
        let start = Instant::now();
        let mut turns = Turns::new(40, start);
        (0..400).for_each(|n| turns.join(key("a", n)));
        let sent = send_for(&mut turns, start, 5_000);
        assert_eq!(most_in_a_second(&sent), 40);
        assert!(sent.len() >= 195, "{}", sent.len());
    }

    #[test]
    fn turns_that_pile_up_do_not_break_the_rate() {
        let start = Instant::now();
        let mut turns = Turns::new(40, start);
        (0..400).for_each(|n| turns.join(key("a", n)));
        let mut held = Vec::new();
        for ms in 0..2_000 {
            held.extend(turns.grant(start + Duration::from_millis(ms)));
        }
        let release = start + Duration::from_secs(2);
        for key in &held {
            turns.spend(key, release);
        }
        let next = (0..999).filter(|ms| turns.grant(release + Duration::from_millis(*ms)).is_some()).count();
        assert!(held.len() + next <= 40, "{} and {next}", held.len());
    }

    #[test]
    fn a_small_namespace_does_not_wait_behind_a_large_one() {
        let start = Instant::now();
        let mut turns = Turns::new(10, start);
        (0..1000).for_each(|n| turns.join(key("large", n)));
        turns.join(key("small", 0));
        let sent = send_for(&mut turns, start, 1_000);
        assert!(sent.iter().take(2).any(|(_, key)| key.namespace == "small"), "{sent:?}");
    }

    #[test]
    fn whoever_leaves_gets_no_turn() {
        let start = Instant::now();
        let mut turns = Turns::new(10, start);
        turns.join(key("a", 0));
        turns.leave(&key("a", 0));
        assert_eq!(turns.grant(start), None);
        assert_eq!(turns.turn(&key("a", 0)), Turn::None);
    }

    #[test]
    fn throttling_halves_the_rate_and_time_heals_it() {
        let start = Instant::now();
        let mut turns = Turns::new(40, start);
        (0..10).for_each(|_| turns.slow_down(start));
        assert!((turns.rate_now(start) - 20.0).abs() < 0.01, "many answers of one moment are one signal");
        assert!((turns.rate_now(start + Duration::from_secs(5)) - 25.0).abs() < 0.01);
        assert!((turns.rate_now(start + Duration::from_mins(1)) - 40.0).abs() < 0.01);
    }

    #[test]
    fn a_turn_that_nobody_uses_is_taken_back() {
        let start = Instant::now();
        let mut turns = Turns::new(1, start);
        turns.join(key("a", 0));
        turns.join(key("a", 1));
        assert_eq!(turns.grant(start), Some(key("a", 0)));
        assert_eq!(turns.grant(start + Duration::from_secs(2)), None);
        assert_eq!(turns.grant(start + Duration::from_secs(6)), Some(key("a", 1)));
    }
}
