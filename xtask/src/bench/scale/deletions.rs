//! Many objects of running jobs are deleted at once: how their jobs are ended, and how soon the objects are gone.

use std::time::Instant;

use super::calls::Calls;
use super::figures::Figures;
use super::rows::{DELETE_DESCRIBE, DELETE_GONE, DELETE_LIST, DELETE_TERMINATE};
use super::scene::Scene;
use crate::bench::load::{delete, in_group, is_any};
use crate::bench::wait::{LONG_PAUSE, wait};
use crate::run::Failure;

/// Deletes so many objects of the group. The calls are all that AWS gets meanwhile, looks at other jobs included.
pub fn deletions(
    scene: &Scene<'_>,
    group: &str,
    number: usize,
    figures: &mut Figures,
) -> Result<(), Failure> {
    println!("  {number} BatchJobs of running jobs are deleted");
    let (begun, calls) = (Instant::now(), Calls::so_far(&scene.stage.double));
    delete(scene.stage, &scene.group(group), number)?;
    wait(LONG_PAUSE, "deleted objects to be gone", || {
        Ok(!is_any(scene.stage, scene.namespace, &in_group(group))?)
    })?;
    figures.measured(&DELETE_GONE, begun.elapsed().as_secs_f64());
    let calls = calls.since(&scene.stage.double);
    figures.count(&DELETE_TERMINATE, calls.get("TerminateJobs") + calls.get("TerminateJob"));
    figures.count(&DELETE_DESCRIBE, calls.get("DescribeJobs"));
    figures.count(&DELETE_LIST, calls.get("ListJobs"));
    Ok(())
}
