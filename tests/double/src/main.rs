//! The double as a program: point the AWS CLI, or whatever calls AWS Batch, at it.

use std::process::ExitCode;

use batch_double::{Config, Double};
use clap::Parser;

/// A small honest AWS Batch on loopback.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Where to listen; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// A queue that exists; repeatable [default: every name exists]
    #[arg(long, value_name = "NAME")]
    queue: Vec<String>,
    /// A job definition that exists; repeatable [default: every name exists]
    #[arg(long, value_name = "NAME")]
    definition: Vec<String>,
    /// Calls per second; 0: no limit
    #[arg(long, default_value = "50")]
    limit: u32,
    /// How long a call takes, in milliseconds
    #[arg(long, default_value = "0")]
    delay_ms: u64,
    /// How much of a second each second takes of a definition called sleepN, or of a timeout
    #[arg(long, default_value = "1.0")]
    scale: f64,
    /// The seed of faults that strike by chance
    #[arg(long, default_value = "1")]
    seed: u64,
    /// The account's id
    #[arg(long, default_value = "123456789012")]
    account: String,
    /// The Region
    #[arg(long, default_value = "us-east-1")]
    region: String,
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to a person")]
fn main() -> ExitCode {
    let Args { listen, queue, definition, limit, delay_ms, scale, seed, account, region } = Args::parse();
    let limit = (limit > 0).then_some(limit);
    let config = Config {
        listen,
        queues: queue,
        definitions: definition,
        limit,
        delay_ms,
        scale,
        seed,
        account,
        region,
        ..Config::default()
    };
    let double = match Double::start(&config) {
        Ok(double) => double,
        Err(error) => {
            eprintln!("batch-double: failed to listen on {}: {error}", config.listen);
            return ExitCode::FAILURE;
        }
    };
    let url = double.url();
    let region = &config.region;
    println!("{url}");
    eprintln!(
        "\
Try it:
  export AWS_ENDPOINT_URL_BATCH={url} AWS_ENDPOINT_URL_STS={url}
  export AWS_REGION={region} AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
  aws batch submit-job --job-name hello --job-queue q --job-definition sleep5
What it knows: {url}/control/jobs; what else there is: {url}/control. Ctrl-C ends it."
    );
    loop {
        std::thread::park();
    }
}
