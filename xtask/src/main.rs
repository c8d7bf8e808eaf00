//! What developers and CI run: `cargo xtask demo`, `test`, `simulate`, `chaos`, `bench`, `gen`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to a person")]

mod argocd;
mod bench;
mod chaos;
mod cluster;
mod demo;
mod deny;
mod engines;
mod existing;
mod expect;
mod generate;
mod gitops;
mod image;
mod judge;
mod operator;
mod package;
mod plugin;
mod recording;
mod run;
mod simulate;
mod stage;
mod suites;
mod table;
mod test;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's tasks.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// A control plane, an AWS Batch and the operator on this machine, with the examples running
    Demo {
        /// Leave when the examples are as expected; fails if one came to another end
        #[arg(long)]
        exit: bool,
        /// In the cluster of this kubeconfig's current context, such as one of kind or minikube, in place of a control
        /// plane of its own. What is made there is removed at the end
        #[arg(long)]
        kubeconfig: Option<PathBuf>,
        /// With --kubeconfig: change the cluster without a question
        #[arg(long, requires = "kubeconfig")]
        yes: bool,
    },
    /// Worlds of chance, each with its own seed; none may break a promise
    Simulate {
        /// How many: the seeds from 0 on
        #[arg(long, default_value = "100000")]
        worlds: u64,
    },
    /// Two replicas on real parts while everything fails; no job may run twice, none may be lost
    Chaos {
        /// How long harm is done
        #[arg(long, default_value = "10", value_parser = clap::value_parser!(u64).range(1..=600))]
        minutes: u64,
        /// What happens, and when: the same seed does the same [default: the time]
        #[arg(long)]
        seed: Option<u64>,
        /// People may put manifests in place of objects; two jobs of one object are possible then, and counted apart
        #[arg(long)]
        without_admission_policy: bool,
    },
    /// What the operator costs, and how soon it acts, measured
    Bench {
        #[command(subcommand)]
        what: bench::What,
    },
    /// All checks and tests; what CI runs
    Test {
        /// Without those that need a control plane
        #[arg(long)]
        fast: bool,
    },
    /// The dependencies, looked up in the advisory database; needs the internet
    Advisories,
    /// The chart and the manifests: on both Helms, promtool and a control plane
    Packaging {
        /// Only the scans of manifests, Dockerfile and workflows
        #[arg(long)]
        scan: bool,
    },
    /// The double of CloudWatch Logs, judged by botocore's model of the service and by moto
    Judge,
    /// What a whole Argo CD, and the libraries of Argo CD, Helm and Flux, make of BatchJobs
    Gitops,
    /// Workflow engines while their workers are killed: each run has one job, counted on AWS's side
    Engines,
    /// The image, in target/image, without a builder and without a base image
    Image,
    /// The plugin of kubectl for this machine's kind, as an archive in target/plugin
    Plugin,
    /// A day of a user on real parts, with what each command printed, in docs/recording.md
    Recording,
    /// The chart and the manifests of a release, in target/published
    Release {
        /// Of the image that they name, such as sha256:0123...
        #[arg(long)]
        digest: package::Digest,
    },
    /// Write the generated files
    Gen {
        /// Only tell which are stale
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Demo { exit, kubeconfig, yes } => demo::demo(exit, kubeconfig.as_deref(), yes),
        Task::Simulate { worlds } => simulate::simulate(worlds),
        Task::Chaos { minutes, seed, without_admission_policy } => {
            chaos::chaos(minutes, seed.unwrap_or_else(any_seed), !without_admission_policy)
        }
        Task::Bench { what } => bench::bench(&what),
        Task::Test { fast } => test::test(fast),
        Task::Advisories => deny::advisories(),
        Task::Packaging { scan: true } => package::scan(),
        Task::Packaging { scan: false } => package::test(),
        Task::Judge => judge::judge(),
        Task::Gitops => gitops::gitops(),
        Task::Engines => engines::engines(),
        Task::Image => image::image(),
        Task::Plugin => plugin::plugin(),
        Task::Recording => recording::recording(),
        Task::Release { digest } => package::release(&digest),
        Task::Gen { check } => generate::generate(check),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprintln!("  because: {error}");
                source = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// A seed that is another in every run.
#[allow(clippy::disallowed_methods, reason = "what happens is reproduced from the seed, which is printed")]
fn any_seed() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(1, |since| since.as_secs())
}
