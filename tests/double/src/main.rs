//! The double as a program: point the AWS CLI, or whatever calls AWS Batch, at it.

use std::process::ExitCode;

use batch_double::{Config, Double};
use clap::Parser;

/// A small honest AWS Batch on loopback.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: String,
    /// A queue that exists; repeatable [default: every name exists]
    #[arg(long)]
    queue: Vec<String>,
    /// A job definition that exists; repeatable [default: every name exists]
    #[arg(long)]
    definition: Vec<String>,
    /// Calls per second; 0: no limit
    #[arg(long, default_value = "50")]
    limit: u32,
    /// How much of a second each second of a definition called sleepN takes
    #[arg(long, default_value = "1.0")]
    scale: f64,
    /// How long a call takes, in milliseconds
    #[arg(long, default_value = "0")]
    delay_ms: u64,
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to a person")]
fn main() -> ExitCode {
    let args = Args::parse();
    let config = Config {
        listen: args.listen,
        queues: args.queue,
        definitions: args.definition,
        limit: (args.limit > 0).then_some(args.limit),
        scale: args.scale,
        delay_ms: args.delay_ms,
        ..Config::default()
    };
    let double = match Double::start(&config) {
        Ok(double) => double,
        Err(error) => {
            eprintln!("batch-double: cannot listen on {}: {error}", config.listen);
            return ExitCode::FAILURE;
        }
    };
    println!("{}", double.url());
    println!(
        "Try: AWS_ENDPOINT_URL_BATCH={} aws batch submit-job --job-name a --job-queue q --job-definition sleep5",
        double.url()
    );
    println!(
        "State and settings: {}/control/jobs, and /control for what else there is. Ctrl-C ends it.",
        double.url()
    );
    loop {
        std::thread::park();
    }
}
