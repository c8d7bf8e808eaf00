//! Where the lines go: one line at a time, from several logs.

use std::io::{Result, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_sdk_cloudwatchlogs::types::OutputLogEvent;
use jiff::Timestamp;

/// The output.
pub struct Printer<'a> {
    out: Mutex<&'a mut (dyn Write + Send)>,
    has_timestamps: bool,
}

impl<'a> Printer<'a> {
    /// To this output, with times or without.
    pub fn new(out: &'a mut (dyn Write + Send), has_timestamps: bool) -> Self {
        Self { out: Mutex::new(out), has_timestamps }
    }

    /// Prints one line.
    pub fn print(&self, label: Option<&str>, event: &OutputLogEvent) -> Result<()> {
        let message = event.message().unwrap_or_default();
        let message = message.strip_suffix('\n').unwrap_or(message);
        let label = label.unwrap_or_default();
        let mut out = self.out();
        if self.has_timestamps {
            let time = Timestamp::from_millisecond(event.timestamp().unwrap_or_default()).unwrap_or_default();
            return writeln!(out, "{label}{time:.3} {message}");
        }
        writeln!(out, "{label}{message}")
    }

    /// Lets the lines be seen.
    pub fn flush(&self) -> Result<()> {
        self.out().flush()
    }

    fn out(&self) -> MutexGuard<'_, &'a mut (dyn Write + Send)> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
