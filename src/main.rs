//! The binary: reads flags, builds the parts, runs them, and stops in time.

use std::future::ready;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::app::cli::{Cli, Command, RunArgs};
use aws_batch_operator::app::config::Config;
use aws_batch_operator::app::environment::Environment;
use aws_batch_operator::app::preflight::Preflight;
use aws_batch_operator::app::{account, check, explain};
use aws_batch_operator::aws::sdk::{self, Aws};
use aws_batch_operator::aws::{Batch, Hooked, Metered, Paced, Permit};
use aws_batch_operator::causes::causes;
use aws_batch_operator::clock::Clock;
use aws_batch_operator::controller::{Controller, Inspector, Parts, Place, Reporter};
use aws_batch_operator::leader::{Elector, Leadership};
use aws_batch_operator::telemetry::{self, Metrics};
use aws_batch_operator::{api, http, kubernetes};
use clap::Parser;
use kube::Client;
use tokio::runtime::{Handle, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// The longest time for work under way after SIGTERM. The process ends within ten seconds.
const DRAIN: Duration = Duration::from_secs(8);

/// The allocator keeps fewer pages after a burst than the one of glibc, and takes less time. `.cargo/config.toml` has its
/// settings.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Crd => {
            print_crd();
            Ok(())
        }
        Command::Run(args) => run(*args),
        Command::Check(args) => check(*args),
        Command::Explain(args) => explain(*args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stdout, reason = "the CRD is this command's output")]
fn print_crd() {
    print!("{}", api::crd_yaml());
}

#[allow(clippy::print_stderr, reason = "logging may not have begun")]
fn complain(error: &(dyn std::error::Error + 'static)) {
    eprintln!("aws-batch-operator: {}", causes(error));
}

fn run(args: RunArgs) -> Result<(), AnyError> {
    telemetry::init(args.log_format, &args.log_filter)?;
    let runtime = threads(2, "operator")?;
    // The Lease and the probes have a thread of their own, so busy other threads delay neither.
    let vital = threads(1, "vital")?;
    let outcome = runtime.block_on(operate(Config::try_from(args)?, vital.handle()));
    // Tasks that have not ended by now are dropped: a watch that never began would block the exit.
    runtime.shutdown_background();
    vital.shutdown_background();
    outcome
}

fn threads(number: usize, name: &str) -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(number).thread_name(name).enable_all().build()
}

/// `vital` runs the Lease and the probes. Nothing that waits for objects or for AWS runs there.
async fn operate(config: Config, vital: &Handle) -> Result<(), AnyError> {
    let listener = vital
        .spawn(http::bind(config.http_addr))
        .await?
        .map_err(|error| format!("cannot listen on {}: {error}", config.http_addr))?;
    let environment = Environment::read();
    let client = reach(&environment).await?;
    let metrics = Arc::new(Metrics::default());
    let (resign, resigning) = watch::channel(false);
    let sdk::Connection { aws, region, identity, .. } = connect(&config, &environment).await?;
    let region = region.ok_or("no AWS Region: set AWS_REGION, or region in the AWS profile")?;
    let place = Place::new(region.clone()).expecting(config.expect_account.clone());
    let (leadership, elector) =
        stand_for_election(vital, &config, environment, place.clone(), resigning).await?;
    let preflight = Preflight::default();
    tokio::spawn(preflight.clone().run(aws.clone(), region.clone()));
    let permit = permit(&leadership, &place);
    let aws = aws.permitted(permit.clone());
    let metered = Hooked::new(aws, Metered::new(metrics.clone()));
    let batch: Arc<dyn Batch> = Arc::new(Hooked::new(metered, Paced::new(config.read_rate)));
    tracing::info!(version = env!("CARGO_PKG_VERSION"), region, identity = config.identity, "starting");
    tokio::spawn(account::learn(identity, place.clone()));
    let reporter = Reporter::start(client.clone(), &config.identity, metrics.clone(), config.event_rate);
    let clock = Clock::system();
    let parts = Parts { clock, client, batch, permit, leadership, place: place.clone(), reporter, metrics };
    let debug_addr = config.debug_addr;
    let controller = Controller::new(parts, config);
    if let Some(address) = debug_addr {
        tokio::spawn(explain_objects(address, controller.inspector()));
    }
    vital.spawn(http::serve(listener, preflight.guard(place, controller.state())));
    let (stop, stopping) = watch::channel(false);
    let mut running = tokio::spawn(controller.run(stopping));
    tokio::select! {
        ended = &mut running => return Ok(ended?),
        () = asked_to_stop() => {}
    }
    tracing::info!("stopping: waiting for work under way");
    let _ = stop.send(true);
    if timeout(DRAIN, running).await.is_err() {
        tracing::warn!("some work has not ended in time; the next start finds out what became of it");
    }
    // Nothing is sent from now on, so another replica may begin.
    let _ = resign.send(true);
    let _ = elector.await;
    tracing::info!("stopped");
    Ok(())
}

/// Serves the debug pages for ever. If they cannot be served, the log says so and the operator works on.
async fn explain_objects(address: SocketAddr, inspector: Inspector) {
    let served = match http::bind(address).await {
        Ok(listener) => http::serve_debug(listener, Arc::new(inspector)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = served {
        tracing::warn!(
            "no debug pages on {address}: {error}. Set --debug-addr to another address, or to an empty one"
        );
    }
}

fn check(args: RunArgs) -> Result<(), AnyError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let findings = runtime.block_on(examine(Config::try_from(args)?));
    let failed = findings.iter().filter(|finding| !finding.is_ok()).count();
    print_findings(&findings);
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} checks failed", findings.len()).into()) }
}

#[allow(clippy::print_stdout, reason = "the explanation is this command's output")]
fn explain(args: RunArgs) -> Result<(), AnyError> {
    let manifest = std::io::read_to_string(std::io::stdin())?;
    println!("{}", explain::explain(&manifest, &Config::try_from(args)?, Clock::system().read())?);
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the findings are this command's output")]
fn print_findings(findings: &[check::Finding]) {
    for finding in findings {
        println!("{finding}");
    }
}

/// Checks the cluster and AWS, with the settings of `run`.
async fn examine(config: Config) -> Vec<check::Finding> {
    let environment = Environment::read();
    let mut findings = match reach(&environment).await {
        Ok(client) => check::cluster(&client, &config).await,
        Err(error) => check::no_cluster(error.as_ref()),
    };
    match connect(&config, &environment).await {
        Ok(connection) => findings.extend(check::aws(&connection, &config).await),
        Err(error) => findings.push(check::no_aws(error.as_ref())),
    }
    findings
}

/// Runs for the Lease until `resigning` turns true; without an election this process leads at once. A replica that is
/// not in the expected account does not run for the Lease. The client is a second one: its connections live on the
/// thread that made it.
async fn stand_for_election(
    vital: &Handle,
    config: &Config,
    environment: Environment,
    place: Place,
    mut resigning: watch::Receiver<bool>,
) -> Result<(Leadership, JoinHandle<()>), AnyError> {
    let Some(lease) = config.lease.clone() else {
        return Ok((Leadership::always(), vital.spawn(ready(()))));
    };
    let client = vital.spawn(async move { reach(&environment).await }).await??;
    let (elector, leadership) = Elector::new(&client, Clock::system(), lease);
    let run = async move {
        let mut early = resigning.clone();
        tokio::select! {
            () = place.proven() => {}
            _ = early.wait_for(|resigned| *resigned) => return,
        }
        let resigned = async move {
            // An error means that the program stops.
            let _ = resigning.wait_for(|resigned| *resigned).await;
        };
        elector.run(resigned).await;
    };
    Ok((leadership, vital.spawn(run)))
}

/// Clients with a permit that always holds. `Err` says why endpoints, proxies or the bundle are refused.
async fn connect(config: &Config, environment: &Environment) -> Result<sdk::Connection, AnyError> {
    let settings =
        sdk::Settings { attempt_timeout: config.attempt_timeout, permit: Permit::always(Clock::system()) };
    let endpoints =
        if config.allow_insecure_endpoint { sdk::Endpoints::Any } else { sdk::Endpoints::Private };
    Ok(Aws::connect(settings, endpoints, environment).await?)
}

/// Holds while this replica leads and is in the expected account. Otherwise nothing is sent to AWS.
fn permit(leadership: &Leadership, place: &Place) -> Permit {
    let (leadership, place) = (leadership.clone(), place.clone());
    Permit::new(Clock::system(), move || place.is_proven() && leadership.holds())
}

/// A client of the API server.
async fn reach(environment: &Environment) -> Result<Client, AnyError> {
    kubernetes::client(&sdk::Proxies::new(environment)?).await
}

async fn asked_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
