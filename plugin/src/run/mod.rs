//! `run`: one job from its creation to its end, as if it ran here.

mod attach;
mod create;
mod follow;
mod log;
mod screen;
mod spec;

use aws_batch_operator::api::BatchJob;
use kube::api::DeleteParams;

use crate::cli::Run;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::logs::{Options, TOGETHER};
use crate::manifest;
use crate::out;
pub use create::create;

/// Creates the BatchJob, or finds it with `--attach`, and follows it. The exit code is that of the job.
pub async fn run(cluster: &Cluster, run: &Run) -> Result<u8, Failure> {
    let job = BatchJob::new(&run.name, spec::spec(run));
    if run.is_dry {
        out::print(&manifest::yaml(&job)?)?;
        return Ok(0);
    }
    let interruptions = follow::Interruptions::new()?;
    if run.attach {
        attach::create_or_find(cluster, &job).await?;
    } else {
        create(cluster, &job).await?;
    }
    let options = logs(run);
    let end = Box::pin(follow::to_the_end(cluster, (&run.name, options.as_ref()), interruptions)).await?;
    if let (true, follow::End::Ended(_)) = (run.rm, &end) {
        let deleted = cluster.jobs().delete(&run.name, &DeleteParams::default()).await;
        if let Err(error) = deleted {
            eprintln!("{}: --rm: cannot delete the BatchJob: {}", run.name, cluster.told(error, &run.name));
        }
    }
    Ok(end.exit_code())
}

/// Which log is printed; `None`: none.
fn logs(run: &Run) -> Option<Options> {
    let size = run.array.and_then(|size| usize::try_from(size).ok());
    // Of many children the one that fails is worth reading.
    let failed = size.is_some_and(|size| size > TOGETHER);
    (!run.no_logs).then(|| Options { follow: true, failed, ..Options::default() })
}
