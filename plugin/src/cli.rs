//! What the user types.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

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

/// Where the BatchJobs are.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cluster")]
pub struct Place {
    /// Namespace of the BatchJobs [default: that of the kubeconfig's context]
    #[arg(short, long, global = true)]
    pub namespace: Option<String>,
    /// Context of the kubeconfig [default: its current context]
    #[arg(long, global = true)]
    pub context: Option<String>,
    /// Path of the kubeconfig [default: KUBECONFIG, then ~/.kube/config]
    #[arg(long, global = true)]
    pub kubeconfig: Option<PathBuf>,
}

/// What the plugin can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Wait until BatchJobs have ended. Exit code: 0 when all succeeded, 124 at the timeout, else that of the first failed job
    Wait(Wait),
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

/// A duration as `30s`, `2m` or `1h30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let span = text.parse::<jiff::SignedDuration>().ok();
    let duration = span.and_then(|span| Duration::try_from(span).ok()).filter(|length| !length.is_zero());
    duration.ok_or_else(|| format!("'{text}' is not a duration such as 90s, 30m or 2h"))
}

/// Prints the completion script of the program.
pub fn completion(shell: Shell) {
    clap_complete::generate(shell, &mut Cli::command(), "kubectl-batchjob", &mut std::io::stdout());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_duration_has_a_unit_and_is_longer_than_nothing() {
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        for text in ["", "30", "0s", "-1s", "soon"] {
            assert!(duration(text).is_err_and(|error| error.contains("90s, 30m or 2h")), "{text}");
        }
    }

    #[test]
    fn the_place_may_stand_behind_the_command() {
        let cli = Cli::try_parse_from(["kubectl-batchjob", "wait", "a", "-n", "team", "--timeout", "1s"]);
        assert_eq!(cli.unwrap().place.namespace.as_deref(), Some("team"));
    }
}
