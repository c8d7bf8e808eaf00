//! What a user of one namespace tries against a job of another one, by everything that the user can write: a table, which
//! docs/security.md shows.

use std::fmt::Write as _;
use std::path::Path;

use aws_batch_operator::job::{JobId, JobStatus, RemoteJob};
use aws_batch_operator::plan::{Owner, Plan, Step};
use serde_json::{Value, json};

use super::remote::job;
use super::scene::{Scene, UID, created};

const PAGE: &str = "docs/security.md";
const BEGIN: &str = "<!-- tried, by the test plan::hostile -->";
const END: &str = "<!-- end of tried -->";

/// The job of the other team, whose id the user knows.
const VICTIM: &str = "99999999-2222-4333-8444-555555555555";

/// What the other team's job must not be told by.
const SECRETS: [&str; 5] = ["their-queue", "their-name", "team-b", "their reason", "their-definition"];

/// The job of the other team, as AWS tells of it, with these tags.
fn victim(tags: &Value) -> RemoteJob {
    let tags = tags.as_object().unwrap().iter();
    RemoteJob {
        id: JobId::new(VICTIM).unwrap(),
        name: "their-name".to_owned(),
        queue: Some("arn:aws:batch:us-east-1:123456789012:job-queue/their-queue".to_owned()),
        definition: Some("their-definition".to_owned()),
        status_reason: Some("their reason".to_owned()),
        tags: tags.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect(),
        ..job(JobStatus::Running)
    }
}

fn of_another_namespace() -> RemoteJob {
    victim(&json!({
        "awsbatch.dev/uid": "other", "awsbatch.dev/cluster": "cluster-1",
        "awsbatch.dev/namespace": "team-b", "awsbatch.dev/name": "their-name",
    }))
}

fn of_another_cluster() -> RemoteJob {
    victim(&json!({
        "awsbatch.dev/uid": "other", "awsbatch.dev/cluster": "cluster-2",
        "awsbatch.dev/namespace": "team", "awsbatch.dev/name": "example",
    }))
}

/// An object with a deadline that has passed, and this annotation.
fn adopting(id: &str) -> Scene {
    created().spec(json!({ "activeDeadlineSeconds": 1 })).annotation("awsbatch.dev/adopt", id)
}

/// An object of the user whose job runs, and whose status the user has changed so.
fn with_status(change: &Value) -> Scene {
    let mut scene = created().spec(json!({ "activeDeadlineSeconds": 9_999 })).submitted().now(80);
    let mut status = serde_json::to_value(scene.object.status.as_ref().unwrap()).unwrap();
    for (member, value) in change.as_object().unwrap() {
        status[member] = value.clone();
    }
    scene.object.status = Some(serde_json::from_value(status).unwrap());
    scene
}

fn tried() -> Vec<(&'static str, Scene)> {
    let forged = json!({ "jobId": VICTIM, "submittedAt": "2020-01-01T00:00:00Z" });
    let queue = json!({
        "jobId": VICTIM, "jobName": "their-name",
        "jobQueue": "arn:aws:batch:us-east-1:123456789012:job-queue/their-queue",
    });
    vec![
        ("`awsbatch.dev/adopt`: a job without tags", adopting(VICTIM).saw(victim(&json!({})))),
        (
            "`awsbatch.dev/adopt`: a job of another namespace that a BatchJob follows",
            adopting(VICTIM).saw(of_another_namespace()).owned_by(Owner::Living),
        ),
        (
            "`awsbatch.dev/adopt`: a job of another namespace whose BatchJob is gone",
            adopting(VICTIM).saw(of_another_namespace()).owned_by(Owner::Gone),
        ),
        ("`awsbatch.dev/adopt`: a job of another cluster", adopting(VICTIM).saw(of_another_cluster())),
        (
            "`awsbatch.dev/adopt`: a job that is granted to another namespace",
            adopting(VICTIM).saw(victim(&json!({ "awsbatch.dev/adoptable-by": "cluster-1/team-b/*" }))),
        ),
        ("`status.jobId`, and a deadline that has passed", with_status(&forged).saw(of_another_namespace())),
        ("the same, of a job of another cluster", with_status(&forged).saw(of_another_cluster())),
        ("the same, of a job without tags", with_status(&forged).saw(victim(&json!({}))).now(500)),
        ("`status.jobId`, and a deletion", with_status(&forged).saw(of_another_namespace()).deleted()),
        ("`status.jobId` before the first look, and a deletion", with_status(&forged).deleted()),
        ("`status.jobQueue` and `jobName` besides", with_status(&queue).saw(of_another_namespace())),
        (
            "a tag `awsbatch.dev/uid` of the own object on a job in AWS",
            with_status(&forged).saw(victim(&json!({
                "awsbatch.dev/uid": UID, "awsbatch.dev/cluster": "cluster-2",
            }))),
        ),
        (
            "a claim of another object, copied",
            created().claim_of("operator-1_run", "another-uid", -60).saw(of_another_namespace()),
        ),
    ]
}

/// What the operator does, in words; whatever touches the other job is none of them.
fn deed(plan: &Plan) -> &'static str {
    match &plan.step {
        Step::Rest => "nothing",
        Step::SearchByName(_) => "looks for the object's own job",
        Step::TakeTurn => "submits the object's own job",
        step => panic!("{step:?}"),
    }
}

#[test]
fn whatever_a_tenant_writes_ends_no_job_of_another_and_shows_none() {
    let mut table =
        "| the user writes | the operator does | the object is told |\n|---|---|---|\n".to_owned();
    for (what, scene) in tried() {
        let plan = scene.plan();
        let told = plan.status.as_ref().and_then(|status| status.reason.clone()).unwrap_or_default();
        let all = format!("{:?}{:?}", plan.status, plan.notes);
        // What the user has written into the status is no secret.
        let is_new =
            |secret: &&'static str| all.contains(*secret) && !format!("{:?}", scene.object).contains(*secret);
        assert_eq!(SECRETS.into_iter().find(is_new), None, "{what}: {all}");
        writeln!(table, "| {what} | {} | {told} |", deed(&plan)).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let fresh = format!("{before}{BEGIN}\n\n{table}\n{END}{}", rest.split_once(END).unwrap().1);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    assert!(
        page == fresh || std::env::var_os("UPDATE_GOLDEN").is_some(),
        "{PAGE} is stale: `cargo xtask gen`"
    );
}
