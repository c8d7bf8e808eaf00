//! `why`: the operator's own explanation of an object, made on this machine.

use aws_batch_operator::app::explain;
use aws_batch_operator::clock::Clock;

use crate::cli::{OneJob, Output};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::out;

/// Tells why the BatchJob stands where it stands.
pub async fn why(cluster: &Cluster, OneJob { name, output }: &OneJob) -> Result<u8, Failure> {
    let job = cluster.get(name).await?;
    let why = explain::why(&job, Clock::system().read())?;
    match output {
        Output::Text => out::line(&why.to_string())?,
        Output::Json => out::line(&serde_json::to_string_pretty(&why)?)?,
    }
    Ok(0)
}
