//! `terminate`, `suspend` and `resume`: the members of the spec that may change, as the actions of Argo CD change them.

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::causes::causes;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::out;

/// What is to become of a BatchJob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its job ends, or is never submitted. The object stays.
    Terminate,
    /// It is held back.
    Suspend,
    /// It is held back no longer.
    Resume,
}

/// Changes all of them. One that cannot be changed so does not keep the others from it, and makes the exit code 1.
pub async fn change(cluster: &Cluster, names: &[String], change: Change) -> Result<u8, Failure> {
    let mut code = 0;
    for name in names {
        match one(cluster, name, change).await {
            Ok(told) => out::line(&format!("{name}: {told}"))?,
            Err(error) => {
                eprintln!("error: {name}: {}", causes(error.as_ref()));
                code = 1;
            }
        }
    }
    Ok(code)
}

/// Changes one; answers what follows.
pub async fn one(cluster: &Cluster, name: &str, change: Change) -> Result<&'static str, Failure> {
    let job = cluster.get(name).await?;
    let Some((patch, told)) = patch(&job, change)? else { return Ok("nothing to change") };
    let changed = cluster.jobs().patch(name, &PatchParams::default(), &Patch::Merge(&patch)).await;
    changed.map_err(|error| cluster.told(error, name))?;
    Ok(told)
}

/// The patch and what follows it; `Ok(None)`: it is so already. `Err`: why it can have no effect, and the way out.
pub fn patch(job: &BatchJob, change: Change) -> Result<Option<(Value, &'static str)>, &'static str> {
    let is_suspended = job.spec.suspend == Some(true);
    let has_job = job.status.as_ref().is_some_and(|status| status.job_id.is_some());
    if job.has_ended() {
        return match change {
            Change::Terminate => Ok(None),
            Change::Suspend | Change::Resume => Err("it has ended; run it again by `kubectl batchjob rerun`"),
        };
    }
    match change {
        // A deadline of one second after the submission has always passed.
        Change::Terminate if has_job => {
            Ok(Some((json!({ "spec": { "activeDeadlineSeconds": 1 } }), "the operator ends its job")))
        }
        Change::Terminate if is_suspended => {
            Err("it is suspended and has no job; `kubectl delete batchjob` removes it")
        }
        // Should AWS have taken a job meanwhile, that one ends.
        Change::Terminate => Ok(Some((
            json!({ "spec": { "submitDeadlineSeconds": 1, "activeDeadlineSeconds": 1 } }),
            "it is not submitted any more",
        ))),
        Change::Suspend if has_job => Err("AWS Batch has its job already; `terminate` ends the job"),
        Change::Suspend if is_suspended => Ok(None),
        Change::Suspend => Ok(Some((json!({ "spec": { "suspend": true } }), "it is held back"))),
        Change::Resume if !is_suspended => Ok(None),
        Change::Resume => {
            Ok(Some((json!({ "spec": { "suspend": false } }), "it is submitted when its turn comes")))
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_batch_operator::api::Phase;

    use super::*;

    fn job(spec: &Value, status: &Value) -> BatchJob {
        let mut object = json!({
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": "a" },
            "spec": { "jobQueue": "q", "jobDefinition": "d" }, "status": status,
        });
        object["spec"].as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        serde_json::from_value(object).unwrap()
    }

    fn spec(job: &BatchJob, change: Change) -> Value {
        patch(job, change).unwrap().unwrap().0["spec"].clone()
    }

    #[test]
    fn a_job_ends_by_its_deadline_and_one_that_is_not_sent_by_that_of_the_submission() {
        let sent = job(&json!({}), &json!({ "phase": "Running", "jobId": "1" }));
        assert_eq!(spec(&sent, Change::Terminate), json!({ "activeDeadlineSeconds": 1 }));
        let waiting = job(&json!({}), &json!({ "phase": "Pending" }));
        let both = json!({ "submitDeadlineSeconds": 1, "activeDeadlineSeconds": 1 });
        assert_eq!(spec(&waiting, Change::Terminate), both);
    }

    #[test]
    fn what_has_no_effect_is_refused_with_a_way_out() {
        let sent = job(&json!({}), &json!({ "phase": "Running", "jobId": "1" }));
        assert!(patch(&sent, Change::Suspend).unwrap_err().contains("`terminate`"));
        let held = job(&json!({ "suspend": true }), &json!({ "phase": "Suspended" }));
        assert!(patch(&held, Change::Terminate).unwrap_err().contains("kubectl delete"));
        let ended = job(&json!({}), &json!({ "phase": Phase::Failed }));
        assert!(patch(&ended, Change::Resume).unwrap_err().contains("rerun"));
    }

    #[test]
    fn what_is_so_already_is_not_changed() {
        let held = job(&json!({ "suspend": true }), &json!({}));
        assert_eq!(patch(&held, Change::Suspend), Ok(None));
        assert_eq!(spec(&held, Change::Resume), json!({ "suspend": false }));
        let ended = job(&json!({}), &json!({ "phase": Phase::Succeeded, "jobId": "1" }));
        assert_eq!(patch(&ended, Change::Terminate), Ok(None));
    }
}
