//! Runs the works of `tests/cost` below valgrind, in the profile in which the simulation is built anyway.

use std::io::ErrorKind;
use std::process::Command;

use crate::run::{Failure, command, output};
use crate::suites::built;

/// Counts on another processor are other counts.
pub const IS_COMPARABLE: bool = cfg!(all(target_arch = "x86_64", target_os = "linux"));

/// The works, as Cargo selects them.
const COST: [&str; 6] = ["--profile", "simulation", "--workspace", "--locked", "--test", "cost"];

/// How the report of a tool begins the line with its count.
const PREFIX: &str = "==";

/// The program with the works.
pub struct Works {
    program: String,
}

impl Works {
    /// Builds the program.
    pub fn build() -> Result<Self, Failure> {
        require()?;
        Ok(Self { program: built(&COST, "cost")?.display().to_string() })
    }

    /// The names of the works of a kind.
    pub fn of(&self, kind: &str) -> Result<Vec<String>, Failure> {
        let list = output(&self.program, &["--list", "--format", "terse"])?;
        let names = list.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names.filter(|name| name.starts_with(kind)).map(str::to_owned).collect())
    }

    /// The numbers in the line of the tool's report that has this label.
    pub fn run(&self, tool: &[&str], name: &str, repetitions: u64, label: &str) -> Result<Vec<u64>, Failure> {
        let arguments =
            [tool, &[&self.program, name, "--exact", "--include-ignored", "--test-threads=1"]].concat();
        let mut valgrind = command("valgrind", &arguments);
        let run = valgrind.env("COST_REPETITIONS", repetitions.to_string()).output()?;
        let report = String::from_utf8_lossy(&run.stderr);
        let line = report.lines().find(|line| line.starts_with(PREFIX) && line.contains(label));
        match line.and_then(|line| line.split_once(label)) {
            Some((_, numbers)) if run.status.success() => Ok(numbers_in(numbers)),
            _ => Err(format!(
                "{name} failed below valgrind ({}):\n{}{report}",
                run.status,
                String::from_utf8_lossy(&run.stdout)
            )
            .into()),
        }
    }
}

/// Fails with the way out when valgrind is missing.
pub fn require() -> Result<(), Failure> {
    match Command::new("valgrind").arg("--version").output() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(
            "valgrind is missing: install the package of that name, such as with `apt-get install valgrind`"
                .into(),
        ),
        Err(error) => Err(format!("cannot run `valgrind` ({error})").into()),
    }
}

/// Numbers as valgrind writes them, such as 1,234.
fn numbers_in(text: &str) -> Vec<u64> {
    text.split_whitespace().filter_map(|word| word.replace(',', "").parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_and_stand_between_words() {
        assert_eq!(numbers_in("  17,062,972 bytes in 170,285 blocks"), [17_062_972, 170_285]);
    }
}
