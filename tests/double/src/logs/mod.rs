//! Amazon CloudWatch Logs, by Region. What jobs write comes from `writer`; anyone else writes by PutLogEvents.

mod event;
mod page;
mod put;
mod refusal;
mod settings;
mod store;
mod stream;
mod token;
mod writer;

use serde_json::Value;

pub use event::Event;
pub use settings::{LogSettings, Written};
pub use store::Logs;

use crate::reply::{Refusal, Reply};
use crate::world::World;

/// The operations, as `X-Amz-Target` names them.
pub const OPERATIONS: [&str; 4] = ["GetLogEvents", "PutLogEvents", "CreateLogStream", "CreateLogGroup"];

/// What stands before the operation in `X-Amz-Target`.
pub const TARGET: &str = "Logs_20140328.";

/// The header that names the operation.
pub const TARGET_HEADER: &str = "x-amz-target";

impl Logs {
    /// Carries out one operation in one Region.
    pub fn perform(
        &mut self,
        world: &World,
        (operation, region): (&str, &str),
        request: &Value,
        now: i64,
    ) -> Reply {
        match operation {
            "GetLogEvents" => {
                if self.limit.as_mut().is_some_and(|limit| !limit.take(now)) {
                    return Err(Refusal::rate_exceeded());
                }
                page::get(self, world, region, request, now)
            }
            "PutLogEvents" => put::events(self, region, request, now),
            "CreateLogStream" => put::stream(self, region, request),
            _ => put::group(self, region, request),
        }
    }
}
