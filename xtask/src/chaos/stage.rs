//! What a run begins with: a control plane with our CRD and our rights, an AWS Batch, two replicas.

use std::time::Duration;

use batch_double::{Behaviour, Config, Double};
use controlplane::{ControlPlane, Options};
use stand::serve_batch_jobs;

use super::harm::Processes;
use super::kubectl::TEAM;
use super::load::{ENDLESS, GONE, NAMESPACES};
use super::replica::Recipe;
use super::weather::Lags;
use crate::operator;
use crate::run::{Failure, root};

/// Who the operator is for the API server: it has the rights of `deploy/rbac.yaml`, and no more.
const USER: &str = "system:serviceaccount:aws-batch-operator:aws-batch-operator";
const NAMESPACE: &str = "aws-batch-operator";

/// How long AWS takes a request after it was signed, here: a run cannot wait five minutes for each frozen process.
const FRESH: Duration = Duration::from_secs(15);
/// The same as the operator knows it, with room for clocks.
const SIGNATURE_LIFE: &str = "20s";

/// A run of a minute has no time for reads that lag for half a minute.
pub fn lags(minutes: u64) -> Lags {
    let most_ms = if minutes < 5 { 5_000 } else { 30_000 };
    Lags { most_ms, usual_ms: 500 }
}

/// Starts everything.
pub fn start(seed: u64, lags: Lags) -> Result<(Processes, Double), Failure> {
    println!("building the operator with Cargo");
    let program = operator::build(operator::OPERATOR)?;
    println!("starting a control plane");
    let plane = ControlPlane::start(Options::default())?;
    grant(&plane)?;
    let config = Config { seed, fresh_ms: i64::try_from(FRESH.as_millis())?, ..Config::default() };
    let double = Double::start(&config)?;
    double.set_behaviour(ENDLESS, Behaviour::forever());
    double.delete_queue(GONE);
    println!("starting two replicas, which log to {}", plane.dir().display());
    // What is built meanwhile is no business of this run.
    let own = plane.dir().join("aws-batch-operator");
    std::fs::copy(program, &own)?;
    let recipe = Recipe {
        program: own,
        kubeconfig: plane.kubeconfig_for(USER, &[])?,
        batch: double.url(),
        dir: plane.dir().to_owned(),
        flags: flags(lags),
    };
    let mut processes = Processes { replicas: Vec::new(), plane, recipe, next_name: 0 };
    for _ in 0..2 {
        let replica = processes.new_replica()?;
        replica.wait_until_ready();
        processes.replicas.push(replica);
    }
    Ok((processes, double))
}

/// The CRD, the namespaces, and the rights that people apply.
fn grant(plane: &ControlPlane) -> Result<(), Failure> {
    let file = |name: &str| root().join("deploy").join(name).display().to_string();
    for namespace in NAMESPACES.into_iter().chain([NAMESPACE]) {
        plane.run(&["create", "namespace", namespace])?;
    }
    serve_batch_jobs(|arguments| plane.run(arguments))?;
    let (rbac, user) = (file("rbac.yaml"), format!("--user={USER}"));
    plane.run(&["apply", "--server-side", "--namespace", NAMESPACE, "--filename", &rbac])?;
    plane.run(&["create", "clusterrolebinding", "operator", "--clusterrole=aws-batch-operator", &user])?;
    let role = ["--namespace", NAMESPACE, "create", "rolebinding", "operator", "--role=aws-batch-operator"];
    plane.run(&[&role[..], &[&user]].concat())?;
    let resources = "--resource=batchjobs.awsbatch.dev,batchjobs.awsbatch.dev/status";
    let verbs = "--verb=get,list,watch,create,update,patch,delete,deletecollection";
    plane.run(&["create", "clusterrole", TEAM, verbs, resources])?;
    let team = ["--clusterrole", TEAM, "--user", TEAM];
    plane.run(&[&["create", "clusterrolebinding", TEAM][..], &team].concat())?;
    Ok(())
}

/// Everything shorter than usual, so that much happens in a minute; and a window that covers the lag.
fn flags(lags: Lags) -> Vec<String> {
    let window = format!("{}ms", lags.most_ms + 3_000);
    [
        ("--lease-namespace", NAMESPACE),
        ("--lease-duration", "4s"),
        ("--renew-deadline", "3s"),
        ("--retry-period", "500ms"),
        ("--visibility-window", &window),
        ("--signature-life", SIGNATURE_LIFE),
        ("--attempt-timeout", "3s"),
        ("--submit-rate", "20"),
        ("--read-rate", "20"),
        ("--min-poll-interval", "200ms"),
    ]
    .into_iter()
    .flat_map(|(flag, value)| [flag.to_owned(), value.to_owned()])
    .collect()
}
