//! Many finished BatchJobs, as they gather where nobody deletes them. Each is a copy of one that has finished.

use super::figures::Figures;
use super::rows::{KEPT_AGAIN, KEPT_AGAIN_MOST, KEPT_READY};
use super::scene::Scene;
use super::start::Started;
use crate::bench::load::{all_at_once, batch_jobs};
use crate::bench::subject::Subject;
use crate::run::Failure;

/// Adds so many, with no operator there, and starts one.
pub fn start_with_kept(
    scene: &Scene<'_>,
    subject: &Subject,
    (one, number): (&str, usize),
    figures: &mut Figures,
) -> Result<(), Failure> {
    println!("  {number} finished BatchJobs are added");
    let (proxy, path) = (&scene.stage.proxy, batch_jobs(scene.namespace));
    let one = proxy.get(&format!("{path}/{one}"))?;
    let id = one["status"]["jobId"].as_str().ok_or("the BatchJob to copy has no job")?;
    let (spec, status) = (&one["spec"], one["status"].to_string());
    all_at_once(number, |index| {
        let name = format!("finished-{index}");
        let mut object = serde_json::json!({
            "apiVersion": one["apiVersion"], "kind": one["kind"], "spec": spec,
            "metadata": { "name": name, "annotations": one["metadata"]["annotations"] },
        });
        object = proxy.post(&path, &object)?;
        // Each job has an id of its own.
        object["status"] = serde_json::from_str(&status.replace(id, &format!("{index:08}{}", &id[8..])))?;
        proxy.put(&format!("{path}/{name}/status"), &object)
    })?;
    let operator = Started::new(scene, subject, "fourth", &[])?;
    figures.measured(&KEPT_READY, operator.ready.as_secs_f64());
    scene.settle()?;
    let memory = operator.memory()?;
    figures.measured(&KEPT_AGAIN, memory.now);
    figures.measured(&KEPT_AGAIN_MOST, memory.most);
    operator.stop()
}
