//! What the user types.

use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::cluster::Place;
use crate::duration::duration;

/// Run, follow and explain BatchJobs.
#[derive(Debug, Parser)]
#[command(name = "kubectl-batchjob", bin_name = "kubectl batchjob", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub place: Place,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the plugin can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a job and follow it to its end. Exit code: that of the job, or 130 when the user leaves
    Run(Box<Run>),
    /// Run a BatchJob again: a new object with the spec of an old one. Prints the new name
    Rerun(Rerun),
    /// Show what a BatchJob waits for, what waits for it, and the children of an array by state
    Tree(OneJob),
    /// Read a request from stdin and print a manifest: JSON of `aws batch submit-job --cli-input-json`, a state of AWS Step
    /// Functions, or a command line `aws batch submit-job ...`. Of a manifest, print the JSON for the AWS CLI
    Convert(Convert),
    /// Wait until BatchJobs have ended. Exit code: 0 when all succeeded, 124 at the timeout, else that of the first failed job
    Wait(Wait),
    /// Tell why a BatchJob stands where it stands: cause, evidence, and the way out
    Why(OneJob),
    /// Print the log of a BatchJob from Amazon CloudWatch Logs, with your own AWS credentials
    Logs {
        /// Name of a BatchJob
        name: String,
        #[command(flatten)]
        options: crate::logs::Options,
    },
    /// End the jobs and keep the objects, with their records
    Terminate {
        /// Names of BatchJobs
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
    /// Hold BatchJobs back that AWS Batch has no job of yet
    Suspend {
        /// Names of BatchJobs
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
    /// Submit BatchJobs that are suspended
    Resume {
        /// Names of BatchJobs
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
    },
    /// Print a completion script. Usage: kubectl batchjob completion bash > /etc/bash_completion.d/kubectl-batchjob
    Completion {
        /// The shell
        shell: Shell,
    },
}

/// What to run.
#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each one is a flag")]
pub struct Run {
    /// Name of the new BatchJob
    pub name: String,
    /// Job queue: name or ARN
    #[arg(long)]
    pub queue: String,
    /// Job definition: name, name:revision or ARN
    #[arg(long)]
    pub definition: String,
    /// Environment variable. Whoever may describe the job reads it
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub env: Vec<Pair>,
    /// Value of a placeholder Ref::NAME in the command of the job definition
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub parameter: Vec<Pair>,
    /// Number of children of an array job: 2 to 10000
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(i32).range(2..=10_000))]
    pub array: Option<i32>,
    /// Memory in MiB
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(4..))]
    pub memory: Option<u32>,
    /// Number of vCPUs, such as 2 or 0.5
    #[arg(long, value_parser = vcpus)]
    pub vcpus: Option<String>,
    /// Most attempts, the first included: 1 to 10
    #[arg(long, value_parser = clap::value_parser!(i32).range(1..=10))]
    pub attempts: Option<i32>,
    /// Longest time of an attempt, at least 60s, such as 30m or 2h
    #[arg(long, value_parser = attempt)]
    pub timeout: Option<Duration>,
    /// Print no log. By default the log is read from Amazon CloudWatch Logs with your own AWS credentials
    #[arg(long)]
    pub no_logs: bool,
    /// Follow the BatchJob of this name if there is one with the same request: a step that is started again runs no job twice
    #[arg(long)]
    pub attach: bool,
    /// Delete the BatchJob after its end
    #[arg(long)]
    pub rm: bool,
    /// Print the manifest and create nothing
    #[arg(long = "dry-run")]
    pub is_dry: bool,
    /// Command of the container [default: that of the job definition]
    #[arg(last = true)]
    pub command: Vec<String>,
}

/// What to run again.
#[derive(Args, Debug)]
pub struct Rerun {
    /// Name of the old BatchJob
    #[arg(value_name = "NAME")]
    pub from: String,
    /// Name of the new BatchJob [default: the old name and a random ending]
    #[arg(long, value_name = "NEW")]
    pub name: Option<String>,
    /// Member of the spec to set, such as parameters.input=s3://b/k or retryStrategy.attempts=3. null removes it
    #[arg(long, value_name = "MEMBER=VALUE", value_parser = pair)]
    pub set: Vec<Pair>,
    /// Print the manifest and create nothing
    #[arg(long = "dry-run")]
    pub is_dry: bool,
}

/// What to convert to.
#[derive(Args, Debug)]
pub struct Convert {
    /// Name of the BatchJob [default: one made of the job's name]
    #[arg(long)]
    pub name: Option<String>,
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair(pub String, pub String);

/// `NAME=VALUE`. The value may hold further signs, and may be empty.
pub fn pair(text: &str) -> Result<Pair, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Pair(name.to_owned(), value.to_owned())),
        _ => Err(format!("'{text}' is not NAME=VALUE")),
    }
}

/// A number of vCPUs, which AWS Batch takes as a text.
fn vcpus(text: &str) -> Result<String, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number
        .map(|_| text.to_owned())
        .ok_or_else(|| format!("'{text}' is not a number of vCPUs such as 2 or 0.5"))
}

/// What to wait for, and how long.
#[derive(Args, Debug)]
pub struct Wait {
    /// Names of BatchJobs
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,
    /// Longest time to wait, such as 90s, 30m or 2h [default: for ever]
    #[arg(long, value_parser = duration)]
    pub timeout: Option<Duration>,
}

/// What to show.
#[derive(Args, Debug)]
pub struct OneJob {
    /// Name of a BatchJob
    pub name: String,
    /// Form of the answer
    #[arg(short, long, value_enum, default_value = "text")]
    pub output: Output,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For a person.
    Text,
    /// For a program.
    Json,
}

/// How long an attempt may take, as AWS Batch takes it.
fn attempt(text: &str) -> Result<Duration, String> {
    let length = duration(text)?;
    if length < Duration::from_mins(1) || i32::try_from(length.as_secs()).is_err() {
        return Err(format!("'{text}': AWS Batch takes 60 to 2147483647 seconds"));
    }
    Ok(length)
}

/// The completion script of the program.
pub fn completion(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "kubectl-batchjob", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_place_may_stand_behind_the_command() {
        let cli = Cli::try_parse_from(["kubectl-batchjob", "wait", "a", "-n", "team", "--timeout", "1s"]);
        assert_eq!(cli.unwrap().place.namespace.as_deref(), Some("team"));
    }
}
