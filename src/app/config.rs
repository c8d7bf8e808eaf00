//! What the program needs, made from what the user typed.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use jiff::SignedDuration;

use crate::api::{Adoption, DeletionPolicy};
use crate::app::cli::{Cli, Command, RunArgs};
use crate::clock;
use crate::leader;
use crate::plan::Settings;

/// The settings of the controller.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where health and metrics are served.
    pub http_addr: SocketAddr,
    /// Where objects are explained; `None`: nowhere.
    pub debug_addr: Option<SocketAddr>,
    /// The namespaces to watch, each once; empty: all.
    pub namespaces: Vec<String>,
    /// The Lease; `None`: this process leads without one.
    pub lease: Option<leader::Settings>,
    /// Value of the cluster tag; `None`: to be read from the cluster.
    pub cluster_id: Option<String>,
    /// The AWS account without which nothing is done; `None`: any.
    pub expect_account: Option<String>,
    /// Whether AWS endpoints may be http beyond this machine.
    pub allow_insecure_endpoint: bool,
    /// Who this operator is in the Lease and in Events.
    pub identity: String,
    /// Who this process is in claims: the identity, and a part that no other process has.
    pub holder: String,
    /// SubmitJob calls per second, at most.
    pub submit_rate: u32,
    /// Reads of AWS Batch per second, at most.
    pub read_rate: u32,
    /// Events per second, at most.
    pub event_rate: u32,
    /// Shortest time between two looks at one job.
    pub min_poll_interval: Duration,
    /// Longest time for one AWS call.
    pub attempt_timeout: Duration,
    /// How long a job may hide from ListJobs.
    pub visibility_window: SignedDuration,
    /// How long AWS may take a request after the time it was signed with.
    pub signature_life: SignedDuration,
    /// Reconciles at once.
    pub concurrency: u16,
    /// For objects that name no deletion policy.
    pub default_deletion_policy: DeletionPolicy,
    /// Which jobs may be adopted.
    pub adoption: Adoption,
}

impl Config {
    /// That of an operator without flags. `Err`: a variable of the environment that stands for a flag is wrong.
    pub fn usual() -> Result<Self, String> {
        let cli =
            Cli::try_parse_from(["aws-batch-operator", "explain"]).map_err(|error| error.to_string())?;
        let Command::Explain(args) = cli.command else { return Err("explain is another command".to_owned()) };
        Self::try_from(*args)
    }
}

/// The longest wait that makes sense.
const DAY: Duration = Duration::from_hours(24);

/// The longest name of this operator: that of a pod. With the part of the process it fits in a status.
const IDENTITY_MAX: usize = 253;

impl TryFrom<RunArgs> for Config {
    type Error = String;

    /// `Err` says which flags contradict each other.
    fn try_from(args: RunArgs) -> Result<Self, String> {
        // Destructured without `..`, so that a flag that nobody reads does not compile.
        let RunArgs {
            http_addr,
            debug_addr,
            log_format: _,
            log_filter: _,
            watch_namespace,
            leader_elect,
            lease_namespace,
            lease_name,
            lease_duration,
            renew_deadline,
            retry_period,
            cluster_id,
            expect_account,
            allow_insecure_endpoint,
            identity,
            submit_rate,
            read_rate,
            event_rate,
            min_poll_interval,
            attempt_timeout,
            visibility_window,
            signature_life,
            concurrency,
            default_deletion_policy,
            adoption,
        } = args;
        let identity = identity.unwrap_or_else(host_name);
        check_identity(&identity)?;
        let lease = leader::Settings {
            namespace: lease_namespace.filter(|namespace| !namespace.is_empty()),
            name: lease_name,
            identity: identity.clone(),
            lease_duration,
            renew_deadline,
            retry_period,
        };
        leader_elect.then(|| lease.check()).transpose()?;
        check_waits([("--visibility-window", visibility_window), ("--attempt-timeout", attempt_timeout)])?;
        Ok(Self {
            http_addr,
            debug_addr: debug_addr.0,
            namespaces: each_once(&watch_namespace),
            lease: leader_elect.then_some(lease),
            cluster_id,
            expect_account,
            allow_insecure_endpoint,
            holder: format!("{identity}_{}", unique()),
            identity,
            submit_rate,
            read_rate,
            event_rate,
            min_poll_interval,
            attempt_timeout,
            visibility_window: signed(visibility_window),
            signature_life: signed(signature_life),
            concurrency,
            default_deletion_policy: default_deletion_policy.into(),
            adoption: adoption.into(),
        })
    }
}

impl Config {
    /// What the planner is to know, in this cluster and this Region.
    pub fn planner(&self, cluster_id: String, region: String) -> Settings {
        Settings {
            holder: self.holder.clone(),
            cluster_id,
            region,
            visibility_window: self.visibility_window,
            signature_life: self.signature_life,
            default_deletion_policy: self.default_deletion_policy,
            adoption: self.adoption,
        }
    }
}

fn check_identity(identity: &str) -> Result<(), String> {
    let length = identity.len();
    if length <= IDENTITY_MAX {
        return Ok(());
    }
    Err(format!("--identity has {length} characters; at most {IDENTITY_MAX} fit in a status"))
}

fn check_waits(waits: [(&str, Duration); 2]) -> Result<(), String> {
    waits.into_iter().try_for_each(|(flag, wait)| check_wait(flag, wait))
}

fn check_wait(flag: &str, wait: Duration) -> Result<(), String> {
    if wait <= DAY {
        return Ok(());
    }
    Err(format!("{flag} ({wait:?}) must be a day or less: AWS forgets finished jobs after some"))
}

/// The namespaces in the user's order, each once: a second controller over a namespace would do all its work again.
fn each_once(typed: &[String]) -> Vec<String> {
    let mut namespaces: Vec<String> = Vec::new();
    for namespace in typed.iter().map(|typed| typed.trim()) {
        if !namespace.is_empty() && !namespaces.iter().any(|known| known == namespace) {
            namespaces.push(namespace.to_owned());
        }
    }
    namespaces
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// Tells this process from every other, earlier ones of the same name included.
fn unique() -> String {
    let random = std::fs::read_to_string("/proc/sys/kernel/random/uuid").unwrap_or_default();
    match random.trim() {
        "" => format!("{}-{}", std::process::id(), clock::now().as_nanosecond()),
        uuid => uuid.to_owned(),
    }
}

/// In a pod, the pod's name.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "aws-batch-operator".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::app::cli::{Cli, Command};

    fn namespaces(flags: &[&str]) -> Vec<String> {
        let typed = ["aws-batch-operator", "run"].iter().chain(flags);
        let Command::Run(args) = Cli::try_parse_from(typed).unwrap().command else { panic!("not `run`") };
        Config::try_from(*args).unwrap().namespaces
    }

    #[test]
    fn a_namespace_is_watched_once_however_often_it_is_named() {
        assert_eq!(namespaces(&["--watch-namespace", "b,a,b", "--watch-namespace", "a"]), ["b", "a"]);
    }

    #[test]
    fn an_empty_item_names_no_namespace() {
        assert_eq!(namespaces(&["--watch-namespace", ",a, ,b ,"]), ["a", "b"]);
        assert_eq!(namespaces(&["--watch-namespace", ""]), [""; 0]);
    }
}
