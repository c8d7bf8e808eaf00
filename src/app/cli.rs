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
    /// Run the controller. AWS settings are the SDK's own (AWS_REGION, AWS_ENDPOINT_URL_BATCH, credentials ...)
    Run(Box<RunArgs>),
    /// Prove that an installation can work: API server, CRD, permissions, AWS credentials and Batch. Reads the flags of
    /// `run`, changes nothing, and says of each thing what to do when it is not as it should be
    Check(Box<RunArgs>),
    /// Explain the BatchJob on stdin: why it stands where it stands, and what follows. Reads the flags of `run`, and asks
    /// neither the API server nor AWS: kubectl get batchjob NAME -o yaml | aws-batch-operator explain
    Explain(Box<RunArgs>),
    /// Print the CustomResourceDefinition
    Crd,
}

/// The flags of `run`. Each is also read from AWS_BATCH_OPERATOR_<FLAG>.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Where /metrics, /livez and /readyz are served
    #[arg(long, env = "AWS_BATCH_OPERATOR_HTTP_ADDR", default_value = "0.0.0.0:8080")]
    pub http_addr: SocketAddr,
    /// How log lines look
    #[arg(long, env = "AWS_BATCH_OPERATOR_LOG_FORMAT", value_enum, default_value = "json")]
    pub log_format: Format,
    /// Which log lines are written: a tracing filter such as `info` or `info,aws_batch_operator=debug`
    #[arg(long, env = "AWS_BATCH_OPERATOR_LOG_FILTER", default_value = "info")]
    pub log_filter: String,
    /// A namespace to watch; repeatable, or separated by commas [default: all]
    #[arg(long, env = "AWS_BATCH_OPERATOR_WATCH_NAMESPACE", value_delimiter = ',')]
    pub watch_namespace: Vec<String>,
    /// Whether several replicas choose one that acts; `false` only where there is never more than one
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEADER_ELECT", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", default_value = "true")]
    pub leader_elect: bool,
    /// Namespace of the Lease that the leader holds [default: the pod's, or the kubeconfig's]
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEASE_NAMESPACE")]
    pub lease_namespace: Option<String>,
    /// Name of the Lease that the leader holds
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEASE_NAME", default_value = "aws-batch-operator")]
    pub lease_name: String,
    /// How long the other replicas wait after the leader's last renewal
    #[arg(long, env = "AWS_BATCH_OPERATOR_LEASE_DURATION", default_value = "15s", value_parser = duration)]
    pub lease_duration: Duration,
    /// How long the leader acts after its last renewal
    #[arg(long, env = "AWS_BATCH_OPERATOR_RENEW_DEADLINE", default_value = "10s", value_parser = duration)]
    pub renew_deadline: Duration,
    /// Time between two renewals, or two looks at the Lease
    #[arg(long, env = "AWS_BATCH_OPERATOR_RETRY_PERIOD", default_value = "2s", value_parser = duration)]
    pub retry_period: Duration,
    /// Value of the tag awsbatch.dev/cluster on every job: up to 256 letters, digits, blanks and _ . : / = + - @ [default: the UID of the namespace kube-system]
    #[arg(long, env = "AWS_BATCH_OPERATOR_CLUSTER_ID", value_parser = tag_value)]
    pub cluster_id: Option<String>,
    /// The AWS account to work in, twelve digits: in another one, and until AWS STS has told which it is, nothing is done
    /// [default: whichever the credentials are of]
    #[arg(long, env = "AWS_BATCH_OPERATOR_EXPECT_ACCOUNT", value_parser = account)]
    pub expect_account: Option<String>,
    /// Take AWS endpoints that are http:// and not on this machine: environments, commands and session tokens go in clear
    #[arg(long, env = "AWS_BATCH_OPERATOR_ALLOW_INSECURE_ENDPOINT", action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true", default_value = "false")]
    pub allow_insecure_endpoint: bool,
    /// Who this operator is, in claims and in the Lease. Two processes of one identity must never live at the same time: the pod's name
    /// [default: the host's name]
    #[arg(long, env = "AWS_BATCH_OPERATOR_IDENTITY")]
    pub identity: Option<String>,
    /// SubmitJob calls per second, at most (AWS allows 50 per account and Region)
    #[arg(long, env = "AWS_BATCH_OPERATOR_SUBMIT_RATE", default_value = "40", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub submit_rate: u32,
    /// DescribeJobs and ListJobs calls per second, at most
    #[arg(long, env = "AWS_BATCH_OPERATOR_READ_RATE", default_value = "5", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub read_rate: u32,
    /// Shortest time between two looks at one job
    #[arg(long, env = "AWS_BATCH_OPERATOR_MIN_POLL_INTERVAL", default_value = "2s", value_parser = duration)]
    pub min_poll_interval: Duration,
    /// Longest time for one AWS call, from connection to last byte
    #[arg(long, env = "AWS_BATCH_OPERATOR_ATTEMPT_TIMEOUT", default_value = "10s", value_parser = duration)]
    pub attempt_timeout: Duration,
    /// How long after a possible send a job may still be invisible to ListJobs
    #[arg(long, env = "AWS_BATCH_OPERATOR_VISIBILITY_WINDOW", default_value = "60s", value_parser = duration)]
    pub visibility_window: Duration,
    /// How long after a claim AWS may still take the request that is signed with its time: what AWS itself allows (five
    /// minutes), and one minute for clocks that disagree. No object is sent again before. `check` proves it
    #[arg(long, env = "AWS_BATCH_OPERATOR_SIGNATURE_LIFE", default_value = "6m", value_parser = duration)]
    pub signature_life: Duration,
    /// Reconciles at once
    #[arg(long, env = "AWS_BATCH_OPERATOR_CONCURRENCY", default_value = "64", value_parser = clap::value_parser!(u16).range(1..))]
    pub concurrency: u16,
    /// What becomes of the job when an object that names no deletionPolicy is deleted
    #[arg(long, env = "AWS_BATCH_OPERATOR_DEFAULT_DELETION_POLICY", value_enum, default_value = "Terminate")]
    pub default_deletion_policy: Policy,
    /// Which jobs a BatchJob may adopt by the annotation awsbatch.dev/adopt
    #[arg(long, env = "AWS_BATCH_OPERATOR_ADOPTION", value_enum, default_value = "Granted")]
    pub adoption: Consent,
}

/// The jobs that may be adopted, as a flag spells them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Consent {
    /// Those of the object's namespace whose BatchJob is gone, and those that the tag awsbatch.dev/adoptable-by grants.
    #[value(name = "Granted")]
    Granted,
    /// None.
    #[value(name = "Never")]
    Never,
    /// All that no living BatchJob of this cluster follows: only where one team has the AWS account for itself.
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
        Err("this is no value for a tag of AWS: 1 to 256 letters, digits, blanks and _ . : / = + - @"
            .to_owned())
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
