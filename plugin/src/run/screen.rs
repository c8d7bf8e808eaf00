//! Where a run is shown: one live line on a terminal, a line for each change elsewhere. The log of the job goes between.

use std::io::{IsTerminal, Write, stderr, stdin};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_batch_operator::text::one_line;

/// The longest live line: a longer one could be broken by the terminal, and then cannot be taken back.
const WIDTH: usize = 79;

/// To the begin of the line, and erase it.
const ERASE: &str = "\r\u{1b}[2K";

/// What stands on stderr.
pub struct Screen {
    is_live: bool,
    shown: Mutex<String>,
}

impl Screen {
    /// That of this process.
    pub fn new() -> Self {
        Self { is_live: stderr().is_terminal(), shown: Mutex::default() }
    }

    /// Whether somebody is there who can answer a question.
    pub fn can_ask(&self) -> bool {
        self.is_live && stdin().is_terminal()
    }

    /// Shows where the run stands. `clock` moves on a terminal, and is no change.
    pub fn show(&self, line: &str, clock: &str) {
        let mut shown = self.shown();
        if self.is_live {
            *shown = one_line(&format!("{line}  {clock}"), WIDTH);
            write(&format!("{ERASE}{shown}"));
        } else if *shown != line {
            line.clone_into(&mut shown);
            write(&format!("{line}\n"));
        }
    }

    /// Lets others write whole lines: the live line goes, and comes back behind them.
    pub fn apart<T>(&self, write_lines: impl FnOnce() -> T) -> T {
        let shown = self.shown();
        if self.is_live {
            write(ERASE);
        }
        let result = write_lines();
        if self.is_live {
            write(&shown);
        }
        result
    }

    /// Ends the live line.
    pub fn end(&self) {
        if self.is_live {
            self.shown().clear();
            write(ERASE);
        }
    }

    fn shown(&self) -> MutexGuard<'_, String> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A terminal that is gone is no reason to end.
fn write(text: &str) {
    let mut stderr = stderr();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}
