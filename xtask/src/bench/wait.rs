//! To wait for something that nobody tells of.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::Failure;

/// The pause between two looks at the double, which cost the API server nothing.
pub const PAUSE: Duration = Duration::from_millis(20);
/// The pause between two looks at the API server, which cost it something.
pub const LONG_PAUSE: Duration = Duration::from_millis(500);
/// How long one thing may take, whatever the number of objects.
const DONE_WITHIN: Duration = Duration::from_mins(20);

/// Looks again and again until it is so. An error names what did not come.
pub fn wait(
    pause: Duration,
    what: &str,
    mut is_done: impl FnMut() -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let begun = Instant::now();
    while !is_done()? {
        if begun.elapsed() > DONE_WITHIN {
            return Err(format!("waited {} min for {what}", DONE_WITHIN.as_secs() / 60).into());
        }
        sleep(pause);
    }
    Ok(())
}
