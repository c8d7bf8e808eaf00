//! Paging tokens: a direction and a place in a stream. They are opaque to their bearer, and hold for a day.

use super::event::Key;

/// How long a token holds.
const DAY_MS: i64 = 24 * 3600 * 1000;

/// The digits of each part.
const DIGITS: usize = 14;

/// A direction and a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// To later events.
    pub is_forward: bool,
    /// The event that the page ended with, or would have.
    pub key: Key,
    issued_at: i64,
}

impl Token {
    /// A token of this moment.
    pub fn new(is_forward: bool, key: Key, now: i64) -> Self {
        Self { is_forward, key, issued_at: now }
    }

    /// What the text stands for, if it stands for anything at this moment.
    pub fn read(text: &str, now: i64) -> Option<Self> {
        let (mark, digits) = text.split_once('/')?;
        let is_forward = match mark {
            "f" => true,
            "b" => false,
            _ => return None,
        };
        if digits.len() != 4 * DIGITS {
            return None;
        }
        let part = |place: usize| digits.get(place * DIGITS..(place + 1) * DIGITS)?.parse::<i64>().ok();
        let key = (part(0)?, part(1)?, u64::try_from(part(2)?).ok()?);
        let issued_at = part(3)?;
        (now - issued_at < DAY_MS).then_some(Self { is_forward, key, issued_at })
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let most = 10_i64.pow(14) - 1;
        let (timestamp, ingested, number) = self.key;
        let number = i64::try_from(number).unwrap_or(most);
        f.write_str(if self.is_forward { "f/" } else { "b/" })?;
        [timestamp, ingested, number, self.issued_at]
            .iter()
            .try_for_each(|part| write!(f, "{:014}", (*part).clamp(0, most)))
    }
}
