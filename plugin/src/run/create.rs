//! The creation of a BatchJob.

use aws_batch_operator::api::BatchJob;
use kube::api::PostParams;

use crate::cluster::Cluster;
use crate::failure::Failure;

/// Who the plugin is in managedFields.
const FIELD_MANAGER: &str = "kubectl-batchjob";

/// Creates the BatchJob; answers it with the name that it has got.
pub async fn create(cluster: &Cluster, job: &BatchJob) -> Result<BatchJob, Failure> {
    let name = job.metadata.name.as_deref().unwrap_or_default();
    created(cluster, job).await?.ok_or_else(|| {
        format!(
            "there is a BatchJob {name} in namespace {} already: choose another name, follow that one by `kubectl batchjob run --attach`, or run it again by `kubectl batchjob rerun {name}`",
            cluster.namespace
        )
        .into()
    })
}

/// Creates the BatchJob; `None`: there is one of its name.
pub async fn created(cluster: &Cluster, job: &BatchJob) -> Result<Option<BatchJob>, Failure> {
    let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
    match cluster.jobs().create(&parameters, job).await {
        Ok(created) => {
            let name = created.metadata.name.as_deref().unwrap_or_default();
            eprintln!("{name}: created in namespace {}", cluster.namespace);
            Ok(Some(created))
        }
        Err(kube::Error::Api(status)) if status.code == 409 => Ok(None),
        Err(error) => Err(cluster.told(error, job.metadata.name.as_deref().unwrap_or_default())),
    }
}
