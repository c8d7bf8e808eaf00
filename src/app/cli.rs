//! What the user types. The only reader of flags and, with `environment`, of the environment; `config` makes of it what the
//! program needs.

use std::net::SocketAddr;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::api::{Adoption, DeletionPolicy};
use crate::telemetry::Format;

/// Runs AWS Batch jobs that are described by BatchJob objects, each effectively once.
#[derive(Debug, Parser)]
#[command(name = "aws-batch-operator", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the controller. The AWS settings are those of every AWS SDK, such as AWS_REGION and AWS_ENDPOINT_URL_BATCH
    Run(Box<RunArgs>),
    /// Check an installation: API server, CRD, permissions, AWS credentials and AWS Batch. Takes the flags of `run` and
    /// changes nothing. Each check that fails says what to do
    Check(Box<RunArgs>),
    /// Explain a BatchJob: why it is in its state, and what the operator does next. Takes the flags of `run`, and calls
    /// neither the API server nor AWS. Usage: kubectl get batchjob NAME -o yaml | aws-batch-operator explain
    Explain(Box<RunArgs>),
    /// Print the CustomResourceDefinition
    Crd,
}

/// The flags of `run`. Each is also read from AWS_BATCH_OPERATOR_<FLAG>.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Address and port of /metrics, /livez and /readyz
    #[arg(long, env = "AWS_BATCH_OPERATOR_HTTP_ADDR", default_value = "0.0.0.0:8080")]
    pub http_addr: SocketAddr,
    /// Address and port of /debug/batchjobs/NAMESPACE/NAME, which shows what the operator knows of an object. Keep the address
    /// on loopback: every caller is answered. Empty: no such server
    #[arg(long, env = "AWS_BATCH_OPERATOR_DEBUG_ADDR", default_value = "127.0.0.1:8081", value_parser = listen)]
    pub debug_addr: Listen,
    /// Format of the log
    #[arg(long, env = "AWS_BATCH_OPERATOR_LOG_FORMAT", value_enum, default_value = "json")]
    pub log_format: Format,
    /// Filter of the log, in the form of the tracing crate: `info`, or `info,aws_batch_operator=debug`
    #[arg(long, env = "AWS_BATCH_OPERATOR_LOG_FILTER", default_value = "info")]
    pub log_filter: String,
    /// Namespace to watch. Repeat the flag, or separate namespaces by commas [default: all]
    #[arg(long, env = "AWS_BATCH_OPERATOR_WATCH_NAMESPACE", value_delimiter = ',')]
    pub watch_namespace: Vec<String>,
    /// Leader election: only the leader acts. Set `false` only where never more than one replica runs
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEADER_ELECT", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", default_value = "true")]
    pub leader_elect: bool,
    /// Namespace of the leader's Lease [default: the pod's namespace, or that of the kubeconfig]
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEASE_NAMESPACE")]
    pub lease_namespace: Option<String>,
    /// Name of the leader's Lease
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEASE_NAME", default_value = "aws-batch-operator")]
    pub lease_name: String,
    /// Time after the last renewal at which another replica may take the Lease
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEASE_DURATION", default_value = "15s", value_parser = duration)]
    pub lease_duration: Duration,
    /// Time after its last renewal for which the leader acts
    #[arg(long, env = "AWS_BATCH_OPERATOR_RENEW_DEADLINE", default_value = "10s", value_parser = duration)]
    pub renew_deadline: Duration,
    /// Time between two attempts to renew or to take the Lease
    #[arg(long, env = "AWS_BATCH_OPERATOR_RETRY_PERIOD", default_value = "2s", value_parser = duration)]
    pub retry_period: Duration,
    /// Value of the tag awsbatch.dev/cluster on every job: up to 256 letters, digits, spaces and _ . : / = + - @ [default: the UID of the namespace kube-system]
    #[arg(long, env = "AWS_BATCH_OPERATOR_CLUSTER_ID", value_parser = tag_value)]
    pub cluster_id: Option<String>,
    /// AWS account that the credentials must belong to, twelve digits. The operator makes no call to AWS Batch in another
    /// account, and none before AWS STS has named the account [default: any account]
    #[arg(long, env = "AWS_BATCH_OPERATOR_EXPECT_ACCOUNT", value_parser = account)]
    pub expect_account: Option<String>,
    /// Allow AWS endpoints with http:// on other machines. Environments, commands and session tokens are then sent unencrypted
    #[arg(long, env = "AWS_BATCH_OPERATOR_ALLOW_INSECURE_ENDPOINT", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", default_value = "false")]
    pub allow_insecure_endpoint: bool,
    /// Name of this process in claims and in the Lease. No two processes may have one name at one time: use the pod's name
    /// [default: the name of the host]
    #[arg(long, env = "AWS_BATCH_OPERATOR_IDENTITY")]
    pub identity: Option<String>,
    /// Most SubmitJob calls per second. AWS allows 50 per account and Region
    #[arg(long, env = "AWS_BATCH_OPERATOR_SUBMIT_RATE", default_value = "40", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub submit_rate: u32,
    /// Most DescribeJobs and ListJobs calls per second
    #[arg(long, env = "AWS_BATCH_OPERATOR_READ_RATE", default_value = "5", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub read_rate: u32,
    /// Most Events written per second. Warnings are written first, and namespaces take turns. What comes faster is left out
    /// and counted
    #[arg(long, env = "AWS_BATCH_OPERATOR_EVENT_RATE", default_value = "10", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub event_rate: u32,
    /// Shortest time between two DescribeJobs calls for one job
    #[arg(long, env = "AWS_BATCH_OPERATOR_MIN_POLL_INTERVAL", default_value = "2s", value_parser = duration)]
    pub min_poll_interval: Duration,
    /// Timeout of one AWS call, from the connection to the last byte
    #[arg(long, env = "AWS_BATCH_OPERATOR_ATTEMPT_TIMEOUT", default_value = "10s", value_parser = duration)]
    pub attempt_timeout: Duration,
    /// Longest time for which ListJobs may not show a job that AWS has accepted
    #[arg(long, env = "AWS_BATCH_OPERATOR_VISIBILITY_WINDOW", default_value = "60s", value_parser = duration)]
    pub visibility_window: Duration,
    /// Longest time after a claim for which AWS may accept its request. AWS allows five minutes; one more is for clocks that
    /// differ. No job is submitted again before. `check` tests the five minutes
    #[arg(long, env = "AWS_BATCH_OPERATOR_SIGNATURE_LIFE", default_value = "6m", value_parser = duration)]
    pub signature_life: Duration,
    /// Most reconciles at one time, of all watched namespaces together
    #[arg(long, env = "AWS_BATCH_OPERATOR_CONCURRENCY", default_value = "64", value_parser = clap::value_parser!(u16).range(1..))]
    pub concurrency: u16,
    /// What happens to the job when a BatchJob without a deletionPolicy is deleted
    #[arg(long, env = "AWS_BATCH_OPERATOR_DEFAULT_DELETION_POLICY", value_enum, default_value = "Terminate")]
    pub default_deletion_policy: Policy,
    /// Which jobs a BatchJob may adopt by the annotation awsbatch.dev/adopt
    #[arg(long, env = "AWS_BATCH_OPERATOR_ADOPTION", value_enum, default_value = "Granted")]
    pub adoption: Consent,
}

/// An address to listen on; `None`: none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub Option<SocketAddr>);

/// An address and a port, or nothing.
fn listen(text: &str) -> Result<Listen, String> {
    if text.is_empty() {
        return Ok(Listen(None));
    }
    let address = text.parse().map_err(|_| {
        format!("'{text}' is not an address such as 127.0.0.1:8081 or [::1]:8081; an empty one turns the pages off")
    })?;
    Ok(Listen(Some(address)))
}

/// The jobs that may be adopted, as a flag spells them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Consent {
    /// Jobs of the BatchJob's own namespace whose BatchJob is gone, and jobs with a matching tag awsbatch.dev/adoptable-by.
    #[value(name = "Granted")]
    Granted,
    /// No jobs.
    #[value(name = "Never")]
    Never,
    /// All jobs that no other BatchJob of this cluster follows. Use it only where one team has the AWS account for itself.
    #[value(name = "Any")]
    Any,
}

impl From<Consent> for Adoption {
    fn from(consent: Consent) -> Self {
        match consent {
            Consent::Granted => Self::Granted,
            Consent::Never => Self::Never,
            Consent::Any => Self::Any,
        }
    }
}

/// The deletion policies, as a flag spells them: as in the resource.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Policy {
    /// End the job.
    #[value(name = "Terminate")]
    Terminate,
    /// End the job if it has not started.
    #[value(name = "Cancel")]
    Cancel,
    /// Leave the job alone.
    #[value(name = "Retain")]
    Retain,
}

impl From<Policy> for DeletionPolicy {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Terminate => Self::Terminate,
            Policy::Cancel => Self::Cancel,
            Policy::Retain => Self::Retain,
        }
    }
}

/// A duration as `30s`, `2m`, `1h30m` or `500ms`.
fn duration(text: &str) -> Result<Duration, String> {
    let way_out = || format!("'{text}' is not a duration such as 30s, 2m, 1h30m or 500ms");
    let span: jiff::SignedDuration = text.parse().map_err(|_| way_out())?;
    let duration = Duration::try_from(span).map_err(|_| way_out())?;
    if duration.is_zero() { Err(way_out()) } else { Ok(duration) }
}

/// An AWS account's id.
fn account(text: &str) -> Result<String, String> {
    let is_account = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_account {
        Ok(text.to_owned())
    } else {
        Err(format!("'{text}' is not an AWS account id of twelve digits"))
    }
}

/// A value that AWS takes for a tag, and that is one.
fn tag_value(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
    if (1..=256).contains(&text.chars().count()) && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("an AWS tag takes 1 to 256 letters, digits, spaces and _ . : / = + - @".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_twelve_digits() {
        assert_eq!(account("012345678901"), Ok("012345678901".to_owned()));
        for text in ["", "12345678901", "1234567890123", "1.2346E+11", "arn:aws:iam"] {
            assert!(account(text).is_err_and(|error| error.contains("twelve digits")), "{text}");
        }
    }

    #[test]
    fn a_cluster_id_that_would_break_every_jobs_tags_is_refused_by_its_flag() {
        for text in ["prod", "prod eu/1", "Größe", "a_b.c:d/e=f+g-h@i"] {
            assert_eq!(tag_value(text), Ok(text.to_owned()));
        }
        for command in ["run", "check"] {
            for text in ["", "prod (eu), 50%", "a\nb", "a,b", &"x".repeat(257)] {
                let typed = ["aws-batch-operator", command, "--cluster-id", text];
                let refusal = Cli::try_parse_from(typed).unwrap_err().to_string();
                assert!(refusal.contains("--cluster-id") && refusal.contains("_ . : / = + - @"), "{refusal}");
            }
        }
    }

    #[test]
    fn an_address_may_be_empty_and_is_else_one() {
        assert_eq!(listen(""), Ok(Listen(None)));
        assert_eq!(listen("[::1]:8081"), Ok(Listen(Some(([0, 0, 0, 0, 0, 0, 0, 1], 8081).into()))));
        let Command::Run(run) = Cli::parse_from(["aws-batch-operator", "run"]).command else {
            unreachable!()
        };
        assert!(run.debug_addr.0.is_some_and(|address| address.ip().is_loopback()), "by default");
        for text in ["8081", ":8081", "localhost:8081", "127.0.0.1"] {
            assert!(listen(text).is_err_and(|error| error.contains("127.0.0.1:8081")), "{text}");
        }
    }

    #[test]
    fn durations_are_written_as_people_write_them() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
    }

    #[test]
    fn what_is_no_duration_is_refused_with_the_way_out() {
        for text in ["", "30", "-5s", "0s", "soon"] {
            assert!(duration(text).is_err_and(|error| error.contains("30s, 2m")), "{text}");
        }
    }

    #[test]
    fn the_flags_are_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
