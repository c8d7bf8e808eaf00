//! A line that says what takes so long. It goes to the error stream by itself, which the test harness does
//! not capture. Knows nothing of what takes so long.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often a log, which cannot redraw a line, hears that there is still no news.
const QUIET: Duration = Duration::from_secs(30);

/// The progress of one thing.
pub struct Progress {
    what: String,
    started: Instant,
    said: Option<Duration>,
}

impl Progress {
    pub fn of(what: String) -> Self {
        Self { what, started: Instant::now(), said: None }
    }

    /// To be called now and then.
    pub fn tick(&mut self) {
        let elapsed = self.started.elapsed();
        let is_terminal = io::stderr().is_terminal();
        if is_terminal {
            say(&format!("\r{}", self.line(elapsed)));
        } else if is_time(self.said, elapsed) {
            say(&format!("{}\n", self.line(elapsed)));
            self.said = Some(elapsed);
        }
    }

    /// To be called once, at the end.
    pub fn done(self) {
        let start = if io::stderr().is_terminal() { "\r" } else { "" };
        say(&format!("{start}{}, done\n", self.line(self.started.elapsed())));
    }

    fn line(&self, elapsed: Duration) -> String {
        format!("controlplane: {}: {} s", self.what, elapsed.as_secs())
    }
}

fn is_time(said: Option<Duration>, elapsed: Duration) -> bool {
    said.is_none_or(|said| elapsed >= said + QUIET)
}

/// A closed error stream is no reason to fail.
pub fn say(text: &str) {
    let mut stream = io::stderr().lock();
    let _ = stream.write_all(text.as_bytes());
    let _ = stream.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_told_at_once_and_then_seldom() {
        let second = Duration::from_secs(1);
        assert!(is_time(None, Duration::ZERO));
        assert!(!is_time(Some(Duration::ZERO), 29 * second));
        assert!(is_time(Some(Duration::ZERO), 30 * second));
    }

    #[test]
    fn the_line_names_what_and_how_long() {
        let progress = Progress::of("building etcd".to_owned());
        assert_eq!(progress.line(Duration::from_millis(2500)), "controlplane: building etcd: 2 s");
    }
}
