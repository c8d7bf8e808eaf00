//! Every end is one that a machine can wait for and can tell from a success.

use aws_batch_operator::api::Phase;
use aws_batch_operator::job::JobStatus;

use super::cases::chapters;
use super::remote::array;
use super::scene::{condition, created};

#[test]
fn every_end_is_finished_for_its_own_reason_and_counts_one() {
    let mut ends = std::collections::BTreeSet::new();
    for (when, scene) in chapters().into_iter().flat_map(|chapter| chapter.cases) {
        let Some(status) = scene.plan().status else { continue };
        let counted = (status.succeeded, status.failed);
        let finished = condition(&status, "Finished");
        let phase = status.phase.unwrap();
        if !phase.is_terminal() {
            assert_eq!((counted, finished), ((Some(0), Some(0)), None), "{when}");
            continue;
        }
        let (kind, one) = match phase {
            Phase::Succeeded => ("Complete", (Some(1), Some(0))),
            _ => ("Failed", (Some(0), Some(1))),
        };
        assert_eq!((counted, finished), (one, condition(&status, kind)), "{when}");
        ends.insert(finished.expect("every end is told").1.to_owned());
    }
    let told = ["DependencyFailed", "InvalidSpec", "JobFailed", "JobSucceeded", "JobVanished"];
    assert!(
        told.iter().all(|reason| ends.contains(*reason)) && ends.contains("SubmissionUnknown"),
        "{ends:?}"
    );
}

#[test]
fn an_array_counts_as_one_job_and_its_children_apart() {
    let status = created().submitted().now(80).saw(array(JobStatus::Succeeded, 0)).plan().status.unwrap();
    assert_eq!((status.succeeded, status.failed), (Some(1), Some(0)));
    assert_eq!(status.array.unwrap().status_summary.unwrap()["SUCCEEDED"], 3);
}
