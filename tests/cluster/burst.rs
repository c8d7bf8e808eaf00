//! Many objects at once, and what they cost: counted at the API server and at the double.

use std::time::Duration;

use aws_batch_operator::api::{BatchJob, Phase};
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

/// Fewer than those from which on a queue is listed.
const OBJECTS: usize = 900;
/// The calls of one look at all of them.
const LOOK: u64 = 9;

/// The most requests of `operation` within any second.
fn most_in_a_second(stage: &Stage, operation: &str) -> usize {
    let requests = stage.double.requests();
    let times: Vec<_> = requests.iter().filter(|r| r.operation == operation).map(|r| r.at).collect();
    let within = |start: i64| times.iter().filter(|at| (start..start + 1000).contains(*at)).count();
    times.iter().map(|at| within(*at)).max().unwrap_or(0)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn nine_hundred_at_once_cost_one_job_and_two_writes_each() {
    let stage = Stage::new("burst");
    stage.double.set_behaviour("long", Behaviour::forever());
    // The rate is judged by the log of requests below, not by the double's patience.
    stage.double.set_limit(None);
    let _operator = Operator::ready(&stage, &[]);
    stage.create_many(OBJECTS, &json!({ "jobQueue": "HighPriority", "jobDefinition": "long" }));
    stage.wait_until_submitted(OBJECTS, Duration::from_secs(90));
    stage.assert_exactly_once();
    assert_eq!(stage.double.count("SubmitJob"), OBJECTS as u64);
    assert_eq!(stage.double.count("ListJobs"), 0);
    let most = most_in_a_second(&stage, "SubmitJob");
    assert!(most <= 50, "{most} SubmitJob calls reached AWS within a second, and it takes 50");
    let running = |stage: &Stage| {
        let running = |job: &aws_batch_operator::api::BatchJob| {
            job.status.as_ref().and_then(|status| status.phase) == Some(Phase::Running)
        };
        stage.list().iter().all(running)
    };
    stage.wait(Duration::from_secs(30), "all run", || running(&stage));
    let writes = stage.writes();
    assert_eq!(writes[""], OBJECTS, "one claim each: {writes:?}");
    // One status when submitted; one more for what the tracker saw: that it runs, and perhaps that it was RUNNABLE first.
    assert!((2 * OBJECTS..=3 * OBJECTS).contains(&writes["status"]), "{writes:?}");
    idle_costs_only_reads(&stage);
}

/// Unchanged active jobs: no write, and a call for a hundred of them.
fn idle_costs_only_reads(stage: &Stage) {
    let (writes, calls, describes) =
        (stage.writes(), stage.double.calls(), stage.double.count("DescribeJobs"));
    let looks = || stage.double.count("DescribeJobs") - describes;
    stage.wait(Duration::from_secs(30), "three looks at all", || looks() >= 3 * LOOK);
    assert_eq!(stage.writes(), writes, "an unchanged job costs no write");
    assert_eq!(stage.double.calls() - calls, looks(), "an unchanged job costs looks only");
    let full =
        stage.double.requests().into_iter().rev().filter(|request| request.operation == "DescribeJobs");
    assert!(full.take(18).all(|request| request.body["jobs"].as_array().unwrap().len() == 100));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn two_writes_until_submitted_exactly() {
    let stage = Stage::new("two-writes");
    // Each job is looked at once, as soon as it is known.
    let _operator = Operator::ready(&stage, &["--min-poll-interval", "1h"]);
    stage.create_many(200, &json!({ "jobQueue": "HighPriority", "jobDefinition": "sleep1" }));
    stage.wait_until_submitted(200, Duration::from_secs(30));
    let has_changed =
        |object: &BatchJob| object.status.as_ref().is_some_and(|status| status.job_queue.is_some());
    // One write more, and the sum is never right again.
    stage.wait(Duration::from_secs(30), "a claim, a record, and a write for each change", || {
        let changed = stage.list().into_iter().filter(has_changed).count();
        let writes = stage.writes();
        (writes[""], writes["status"]) == (200, 200 + changed)
    });
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn finished_jobs_cost_nothing_ever() {
    let stage = Stage::new("finished");
    let mut operator = Operator::ready(&stage, &[]);
    stage.create_many(100, &json!({ "jobQueue": "HighPriority", "jobDefinition": "quick" }));
    let ended =
        || stage.list().iter().all(|job| job.status.as_ref().and_then(|s| s.phase) == Some(Phase::Succeeded));
    stage.wait(Duration::from_secs(40), "all succeeded", ended);
    let released = || stage.list().iter().all(|job| job.metadata.finalizers.is_none());
    stage.wait(Duration::from_secs(10), "all released", released);
    let (writes, calls) = (stage.writes(), stage.double.calls());
    operator.kill();
    let again = Operator::ready(&stage, &[]);
    // A new object goes through all of its life: time enough for the others to cost something.
    stage.create("last", json!({ "jobQueue": "HighPriority", "jobDefinition": "sleep5" }));
    let before = stage.double.calls();
    stage.wait_for_phase("last", Phase::Succeeded, Duration::from_secs(30));
    stage
        .wait(Duration::from_secs(5), "last is released", || stage.get("last").metadata.finalizers.is_none());
    let followed = again.get("/metrics").unwrap().1;
    assert!(followed.contains("aws_batch_operator_followed_jobs 0"), "{followed}");
    assert_eq!(
        before,
        calls + 2,
        "a restart asks whether AWS answers and whose account it is, and nothing of finished jobs"
    );
    for request in stage.double.requests().into_iter().skip(usize::try_from(calls).unwrap()) {
        let asked = request.body["jobs"].as_array().map_or(0, Vec::len);
        assert!(asked <= 1, "a call about a finished job: {request:?}");
    }
    let others: usize = stage.writes().values().sum::<usize>() - writes.values().sum::<usize>();
    assert!(others <= 6, "{others} writes for the life of one");
}
