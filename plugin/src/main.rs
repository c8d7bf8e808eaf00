//! `kubectl batchjob`: what people do with BatchJobs from a terminal, by their own kubeconfig and with their own rights.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to a person")]

mod change;
mod cli;
mod cluster;
mod convert;
mod duration;
mod end;
mod failure;
mod follow;
mod logs;
mod manifest;
mod out;
mod rerun;
mod run;
mod schema;
mod tree;
mod wait;
mod why;

use std::process::ExitCode;

use aws_batch_operator::causes::causes;
use clap::Parser;

use crate::change::Change;
use crate::cli::{Cli, Command};
use crate::cluster::Cluster;
use crate::failure::Failure;

fn main() -> ExitCode {
    match begin(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {}", causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn begin(cli: Cli) -> Result<u8, Failure> {
    let Cli { place, command } = cli;
    match &command {
        Command::Completion { shell } => {
            out::print(&cli::completion(*shell))?;
            return Ok(0);
        }
        Command::Convert(arguments) => return convert::convert(arguments),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let code = runtime.block_on(async {
        let cluster = Cluster::connect(&place).await?;
        Box::pin(carry_out(command, &cluster)).await
    });
    // A question that nobody answers blocks a thread of the runtime: the process does not wait for it.
    runtime.shutdown_background();
    code
}

async fn carry_out(command: Command, cluster: &Cluster) -> Result<u8, Failure> {
    match command {
        Command::Completion { .. } | Command::Convert(_) => Ok(0),
        Command::Wait(arguments) => wait::wait(cluster, &arguments).await,
        Command::Run(arguments) => run::run(cluster, &arguments).await,
        Command::Rerun(arguments) => rerun::rerun(cluster, &arguments).await,
        Command::Tree(arguments) => tree::tree(cluster, &arguments).await,
        Command::Why(arguments) => why::why(cluster, &arguments).await,
        Command::Logs { name, options } => logs::logs(cluster, &name, &options).await,
        Command::Terminate { names } => change::change(cluster, &names, Change::Terminate).await,
        Command::Suspend { names } => change::change(cluster, &names, Change::Suspend).await,
        Command::Resume { names } => change::change(cluster, &names, Change::Resume).await,
    }
}
