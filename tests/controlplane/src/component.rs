//! One running program of the control plane, with its log.
//! Knows nothing of the other programs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, failed_to};
use crate::tether::Tether;

/// How much of a log is shown.
const LINES: usize = 20;

/// What is needed to start a program, and to start it again.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub name: &'static str,
    pub program: PathBuf,
    pub arguments: Vec<String>,
    pub log: PathBuf,
}

impl Recipe {
    /// A program started a second time continues its log.
    pub fn start(&self) -> Result<Component, Error> {
        let log = File::options().create(true).append(true).open(&self.log);
        let log = log.map_err(failed_to(format!("open {}", self.log.display())))?;
        let tether = Tether::run(Command::new(&self.program).args(&self.arguments), &log);
        let tether = tether.map_err(failed_to(format!("start {}", self.name)))?;
        Ok(Component { name: self.name, log: self.log.clone(), tether })
    }
}

/// A program that runs until it is dropped.
#[derive(Debug)]
pub struct Component {
    name: &'static str,
    log: PathBuf,
    tether: Tether,
}

impl Component {
    /// An error, with the end of the log, when the program has ended by itself.
    pub fn check(&mut self) -> Result<(), Error> {
        if self.tether.has_ended() {
            return Err(Error::Exited { component: self.name, log: tail(&self.log) });
        }
        Ok(())
    }
}

/// The last lines of a log; nothing, where there is none.
pub fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().collect::<Vec<_>>();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_reported_with_its_last_words() {
        let log = std::env::temp_dir().join(format!("component-{}", std::process::id()));
        let recipe = Recipe {
            name: "failing",
            program: PathBuf::from("sh"),
            arguments: vec!["-c".to_owned(), "echo no such cipher; exit 3".to_owned()],
            log: log.clone(),
        };
        let mut component = recipe.start().unwrap();
        let error = loop {
            if let Err(error) = component.check() {
                break error.to_string();
            }
            std::thread::yield_now();
        };
        assert!(error.contains("failing has exited") && error.contains("no such cipher"), "{error}");
        fs::remove_file(log).unwrap();
    }

    #[test]
    fn the_tail_of_no_log_is_empty() {
        assert_eq!(tail(Path::new("/nowhere/log")), "");
    }
}
