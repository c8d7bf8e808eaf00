//! `logs`: what the containers of a job have written, from Amazon CloudWatch Logs, by the user's own AWS credentials.

mod choice;
mod cloud;
mod connect;
mod options;
mod pace;
mod place;
mod printer;
mod reader;
mod reading;
#[cfg(test)]
mod tests;
mod track;
mod trouble;
mod window;

use std::io::{ErrorKind, Write, stdout};
use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::clock::now;
use jiff::Timestamp;
use tokio::time::sleep;

use crate::cluster::Cluster;
use crate::failure::Failure;
use choice::{Answer, Choice, choose};
pub use cloud::Cloud;
pub use connect::connect;
pub use options::{Options, TOGETHER};
use printer::Printer;
use reader::Stop;
use reading::Reading;

/// How often a BatchJob without a job is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Prints the log of a BatchJob, whose present state `get` answers, and follows it if that is asked for. `now` is the time.
pub async fn show(
    get: impl AsyncFn() -> Result<BatchJob, Failure>,
    cloud: &Cloud,
    (options, now): (&Options, Timestamp),
    out: &mut (dyn Write + Send),
) -> Result<(), Failure> {
    let choice = match job_of(&get, cloud, options).await? {
        Ok(choice) => choice,
        Err(elsewhere) => {
            cloud.tell(&elsewhere);
            return Ok(());
        }
    };
    let printer = Printer::new(out, options.timestamps);
    let mut reading = Reading::new(cloud, choice, options, now);
    match reading.go(&get, &printer).await {
        // Whoever reads our output has seen enough.
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(Stop::Output(error)) => Err(error.into()),
        Err(Stop::Aws(trouble)) => Err(reading.sentence(trouble).into()),
        Ok(()) => Ok(()),
    }
}

/// Prints the log of the BatchJob of that name.
pub async fn logs(cluster: &Cluster, name: &str, options: &Options) -> Result<u8, Failure> {
    let cloud = connect(&cluster.get(name).await?, |line| eprintln!("{line}")).await?;
    show(async || cluster.get(name).await, &cloud, (options, now()), &mut stdout()).await?;
    Ok(0)
}

/// What is to be read, as soon as there is a job; `Err`: the log is elsewhere, as the sentence says.
async fn job_of(
    get: &impl AsyncFn() -> Result<BatchJob, Failure>,
    cloud: &Cloud,
    options: &Options,
) -> Result<Result<Choice, String>, Failure> {
    let mut told = None;
    loop {
        match choose(&get().await?, options)? {
            Answer::Read(choice) => return Ok(Ok(choice)),
            Answer::Elsewhere(where_it_is) => return Ok(Err(where_it_is)),
            Answer::Wait(why) if options.follow => {
                if told.as_ref() != Some(&why) {
                    cloud.tell(&why);
                }
                told = Some(why);
                sleep(EVERY).await;
            }
            Answer::Wait(why) => return Err(format!("{why}. Wait for its log with --follow").into()),
        }
    }
}
