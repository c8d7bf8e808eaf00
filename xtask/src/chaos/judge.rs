//! What came of it, judged from AWS's side and from what the API server shows in the end.

use std::collections::BTreeSet;

use batch_double::JobView;
use serde_json::Value;
use stand::{Jobs, uid_of};

use super::load::ENDLESS;

/// The verdict; each line names an object or a job.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Objects that AWS has more than one job of, living and deleted ones.
    pub twice: Vec<String>,
    /// Objects without a job, or whose status names another.
    pub lost: Vec<String>,
    /// Objects that do not come to their end by themselves.
    pub stuck: Vec<String>,
    /// Jobs that run on though their object is gone.
    pub orphans: Vec<String>,
    /// The same, where the API server took the object away in spite of its finalizer. What docs/guarantees.md names as
    /// possible: two replicas saw it, and neither lived long enough to end the job.
    pub torn: Vec<String>,
    /// Objects with more than one job, and jobs that run on, where a manifest was put in place between claim and first
    /// status. What docs/guarantees.md names as possible: no process that had seen the claim lived on.
    pub untold: Vec<String>,
}

/// What the API server's own log excuses.
#[derive(Debug, Default)]
pub struct Excuses {
    /// The UIDs of objects that the API server took away in spite of their finalizer.
    pub torn: BTreeSet<String>,
    /// The names of objects that bore nothing that tells of their submission.
    pub untold: BTreeSet<String>,
}

impl Verdict {
    /// Whether every promise was kept.
    pub fn is_good(&self) -> bool {
        [&self.twice, &self.lost, &self.stuck, &self.orphans].into_iter().all(Vec::is_empty)
    }
}

/// Judges all jobs ever accepted and the objects that are left. `excuses` is asked only where there is something to excuse.
pub fn judge(objects: &[Value], jobs: &[JobView], excuses: impl FnOnce() -> Excuses) -> Verdict {
    let mut verdict = Verdict::default();
    let of_object = Jobs::new(jobs);
    let twice = of_object.twice();
    let mut living = BTreeSet::new();
    for object in objects {
        let uid = object["metadata"]["uid"].as_str().unwrap_or_default();
        living.insert(uid);
        let id = object["status"]["jobId"].as_str().unwrap_or_default();
        if !of_object.of(uid).iter().any(|job| job.id == id) {
            verdict.lost.push(describe(object));
        }
        if !is_settled(object) {
            verdict.stuck.push(describe(object));
        }
    }
    let has_ended =
        |job: &&JobView| matches!(job.status.as_str(), "SUCCEEDED" | "FAILED") || job.is_terminated;
    let orphans = jobs.iter().filter(|job| !living.contains(uid_of(job)) && !has_ended(job));
    let orphans: Vec<_> = orphans.collect();
    let is_good = twice.is_empty() && orphans.is_empty();
    let excuses = if is_good { Excuses::default() } else { excuses() };
    for (uid, jobs) in twice {
        let ids: Vec<_> = jobs.iter().map(|job| format!("{} {}", job.id, job.status)).collect();
        let is_untold = excuses.untold.contains(&jobs[0].name);
        let list = if is_untold { &mut verdict.untold } else { &mut verdict.twice };
        list.push(format!("{} ({uid}): {}", jobs[0].name, ids.join(", ")));
    }
    for job in orphans {
        let list = match () {
            () if excuses.torn.contains(uid_of(job)) => &mut verdict.torn,
            () if excuses.untold.contains(&job.name) => &mut verdict.untold,
            () => &mut verdict.orphans,
        };
        list.push(format!("{} {} {}", job.id, job.name, job.status));
    }
    verdict
}

/// Whether the object is where it belongs: Running for ever and held by a finalizer, or Succeeded; and calls for nobody.
pub fn is_settled(object: &Value) -> bool {
    let runs_on = object["spec"]["jobDefinition"] == ENDLESS;
    let expected = if runs_on { "Running" } else { "Succeeded" };
    let is_held = object["metadata"]["finalizers"].as_array().is_some_and(|list| !list.is_empty());
    let conditions = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
    let stalled = conditions.iter().any(|c| c["type"] == "Stalled" && c["status"] == "True");
    let is_deleting = !object["metadata"]["deletionTimestamp"].is_null();
    object["status"]["phase"] == expected && is_held == runs_on && !stalled && !is_deleting
}

fn describe(object: &Value) -> String {
    let (metadata, status) = (&object["metadata"], &object["status"]);
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    format!(
        "{}/{} ({}): {} {} {}",
        text(&metadata["namespace"]),
        text(&metadata["name"]),
        text(&metadata["uid"]),
        text(&status["phase"]),
        text(&status["jobId"]),
        text(&status["reason"])
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stand::TAG_UID;

    use super::*;

    fn job(id: &str, uid: &str, status: &str) -> JobView {
        JobView {
            id: id.to_owned(),
            name: "job".to_owned(),
            queue: "q".to_owned(),
            status: status.to_owned(),
            tags: [(TAG_UID.to_owned(), uid.to_owned())].into(),
            created_at: 0,
            is_terminated: false,
            is_cancelled: false,
            request: Value::Null,
        }
    }

    fn object(uid: &str, id: &str, phase: &str) -> Value {
        json!({ "metadata": { "uid": uid }, "spec": { "jobDefinition": "sleep1" },
            "status": { "phase": phase, "jobId": id } })
    }

    #[test]
    fn one_job_of_each_object_is_good() {
        let jobs = [job("1", "a", "SUCCEEDED"), job("2", "gone", "FAILED")];
        assert!(judge(&[object("a", "1", "Succeeded")], &jobs, Excuses::default).is_good());
    }

    #[test]
    fn each_broken_promise_is_named() {
        let count = |objects: &[Value], jobs: &[JobView]| {
            let verdict = judge(objects, jobs, Excuses::default);
            [verdict.twice.len(), verdict.lost.len(), verdict.stuck.len(), verdict.orphans.len()]
        };
        let settled = [object("a", "1", "Succeeded")];
        let (first, second) = (job("1", "a", "SUCCEEDED"), job("2", "a", "SUCCEEDED"));
        assert_eq!(count(&settled, &[first.clone(), second.clone()]), [1, 0, 0, 0]);
        assert_eq!(count(&[], &[first.clone(), second]), [1, 0, 0, 0], "of a deleted object too");
        assert_eq!(count(&settled, &[]), [0, 1, 0, 0]);
        assert_eq!(count(&[object("a", "1", "Unknown")], &[first]), [0, 0, 1, 0]);
        assert_eq!(count(&[], &[job("3", "gone", "RUNNING")]), [0, 0, 0, 1]);
    }

    #[test]
    fn an_object_whose_job_runs_on_without_a_finalizer_is_not_settled() {
        let mut object = object("a", "1", "Running");
        object["spec"]["jobDefinition"] = json!(ENDLESS);
        assert!(!is_settled(&object));
        object["metadata"]["finalizers"] = json!(["awsbatch.dev/job"]);
        assert!(is_settled(&object));
    }

    #[test]
    fn what_the_api_server_took_away_is_counted_by_itself() {
        let torn = || Excuses { torn: BTreeSet::from(["torn".to_owned()]), ..Excuses::default() };
        let verdict = judge(&[], &[job("3", "torn", "RUNNING")], torn);
        assert!(verdict.is_good() && verdict.torn.len() == 1, "{verdict:?}");
    }

    #[test]
    fn two_jobs_of_an_object_that_nothing_told_of_are_counted_by_themselves() {
        let untold = || Excuses { untold: BTreeSet::from(["job".to_owned()]), ..Excuses::default() };
        let jobs = [job("1", "a", "SUCCEEDED"), job("2", "a", "SUCCEEDED")];
        let verdict = judge(&[object("a", "1", "Succeeded")], &jobs, untold);
        assert!(verdict.is_good() && verdict.untold.len() == 1, "{verdict:?}");
    }
}
