//! Team A against team B, in the ten namespaces of `examples/teams`. What is tried and what is answered is printed to
//! `docs/admission.md`; the test fails when the page is stale.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{ANNA, BEN, LEA, Person, apply_all, example, job, kubectl, send, teams, until, with};
use crate::helm::path;
use crate::world::World;

const PAGE: &str = "docs/admission.md";
const BEGIN: &str = "<!-- tried: printed by a test, see `tests/packaging/admission/tenants.rs` -->\n";
const END: &str = "<!-- end of tried -->";

/// One row: who, what in words, the object, and what the answer must hold; `None`: it is taken.
type Row = (Person, &'static str, Value, Option<&'static str>);

fn pod(members: Value) -> Value {
    json!({ "eksPropertiesOverride": { "podProperties": members } })
}

fn image(image: &str) -> Value {
    pod(json!({ "containers": [{ "image": image }] }))
}

fn adopting(name: &str) -> Value {
    let id = "876da822-4198-45f2-a252-6cea32512ea8";
    with(job(name, json!({})), json!({ "annotations": { "awsbatch.dev/adopt": id } }))
}

/// Whose queue, definition, share, namespace and image it is.
fn by_name() -> Vec<Row> {
    const ARN: &str = "arn:aws:batch:eu-central-1:123456789012:job-definition";
    const REGISTRY: &str = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    let own = json!({ "jobDefinition": format!("{ARN}/team-a-train:7"), "shareIdentifier": "teama" });
    let foreign = format!("{ARN}/team-b-etl:3");
    vec![
        (ANNA, "own queue and definition", job("own", json!({})), None),
        (ANNA, "own definition by ARN, own share", job("own-arn", own), None),
        (
            ANNA,
            "own EKS namespace and image",
            job(
                "own-pod",
                pod(json!({ "metadata": { "namespace": "team-a-pods" },
                    "initContainers": [{ "image": format!("{REGISTRY}/team-a/train:7") }] })),
            ),
            None,
        ),
        (
            ANNA,
            "team B's queue",
            job("x", json!({ "jobQueue": "team-b-high" })),
            Some("spec.jobQueue: team-b-high is not allowed"),
        ),
        (
            ANNA,
            "team B's definition",
            job("x", json!({ "jobDefinition": "team-b-etl" })),
            Some("spec.jobDefinition: team-b-etl is not allowed"),
        ),
        (
            ANNA,
            "the same by ARN",
            job("x", json!({ "jobDefinition": foreign })),
            Some("job-definition/team-b-etl:3 is not allowed"),
        ),
        (
            ANNA,
            "team B's share",
            job("x", json!({ "shareIdentifier": "teamb" })),
            Some("spec.shareIdentifier: teamb is not allowed"),
        ),
        (
            ANNA,
            "a pod in team B's namespace",
            job("x", pod(json!({ "metadata": { "namespace": "team-b-pods" } }))),
            Some("podProperties.metadata.namespace: team-b-pods is not allowed"),
        ),
        (
            ANNA,
            "an image from elsewhere",
            job("x", image("docker.io/library/alpine")),
            Some("the image docker.io/library/alpine is not allowed"),
        ),
    ]
}

/// What else a job may take from others.
fn by_member() -> Vec<Row> {
    vec![
        (
            ANNA,
            "the front of the row",
            job("x", json!({ "schedulingPriorityOverride": 9999 })),
            Some("spec.schedulingPriorityOverride may not be set"),
        ),
        (
            ANNA,
            "a command of her own",
            job("x", json!({ "containerOverrides": { "command": ["sh"] } })),
            Some("spec.containerOverrides.command may not be set"),
        ),
        (
            ANNA,
            "to wait for a job by its id",
            job("x", json!({ "dependsOn": [{ "jobId": "876da822-4198-45f2-a252-6cea32512ea8" }] })),
            Some("spec.dependsOn[].jobId: 876da822"),
        ),
        (
            ANNA,
            "costs on team B's tag",
            job("x", json!({ "tags": { "team": "team-b" } })),
            Some("spec.tags: team=team-a is missing or different"),
        ),
        (ANNA, "to adopt a job", adopting("adopts"), Some("needs the verb adopt on batchjobs")),
        (LEA, "to adopt a job, with the verb `adopt`", adopting("adopts"), None),
        (
            ANNA,
            "a copy of an object, claim included",
            with(job("x", json!({})), json!({ "annotations": { "awsbatch.dev/claim": "v1" } })),
            Some("only the operator writes awsbatch.dev/claim"),
        ),
        (
            ANNA,
            "an object that bears the operator's finalizer",
            with(job("x", json!({})), json!({ "finalizers": ["awsbatch.dev/job"] })),
            Some("only the operator adds awsbatch.dev/job"),
        ),
        (
            BEN,
            "own queue, in team A's namespace",
            job("x", json!({})),
            Some("User \"ben\" cannot create resource"),
        ),
    ]
}

fn answer(world: &World, (who, tries, object, expected): &Row) -> String {
    match (send(world, *who, "create", object), expected) {
        (Ok(_), None) => "created".to_owned(),
        (Err(said), Some(part)) => {
            assert!(said.contains(part), "{tries}: {said}");
            said.trim().replace('|', "\\|")
        }
        (other, _) => panic!("{tries}: {other:?}, expected {expected:?}"),
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_team_gets_its_own_and_is_refused_what_is_anothers_with_the_way_out() {
    let world = teams(&[]);
    let mut table = "| who | tries | answer |\n|---|---|---|\n".to_owned();
    for row in by_name().into_iter().chain(by_member()) {
        let said = answer(&world, &row);
        assert!(!said.contains('\n') && said.split_whitespace().count() < 80, "{}: {said}", row.1);
        writeln!(table, "| {} | {} | {said} |", row.0.name, row.1).unwrap();
    }
    stand::assert_golden_part(&path(PAGE), (BEGIN, END), &format!("\n{table}\n"));
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_team_cannot_allow_itself_more_and_cannot_fill_the_cluster() {
    let world = teams(&[]);
    let annotate = ["annotate", "namespace", "team-a", "--overwrite", "allow.awsbatch.dev/job-queues=*"];
    let said = kubectl(&world, LEA, &annotate).unwrap_err();
    assert!(said.contains("cannot"), "{said}");
    let jan = Person { name: "jan", groups: &["team-j"] };
    let of_j = |number: usize| {
        let spec = json!({ "jobQueue": "team-j-high", "jobDefinition": "team-j-train", "tags": { "team": "team-j" } });
        let object = job(&format!("job-{number}"), spec);
        with(object, json!({ "namespace": "team-j" }))
    };
    apply_all(&world, &example(|kind| kind == "ResourceQuota"));
    let quota = ["quota", "batchjobs", "--namespace=team-j"];
    let mut asked = 0;
    until("the quota counts BatchJobs", || {
        // A quota is counted again when it changes; its controller finds a new kind in its own time.
        asked += 1;
        let change =
            json!({ "spec": { "hard": { "count/secrets": (100 + asked).to_string() } } }).to_string();
        world.plane.run(&[&["patch"], &quota[..], &["--patch", &change]].concat()).unwrap();
        let used = [&["get"], &quota[..], &["--output=jsonpath={.status.used}"]].concat();
        match world.plane.run(&used).unwrap() {
            text if text.contains("count/batchjobs.awsbatch.dev") => Ok(()),
            text => Err(text),
        }
    });
    for number in 0..10 {
        send(&world, jan, "create", &of_j(number)).unwrap();
    }
    let said = send(&world, jan, "create", &of_j(10)).unwrap_err();
    assert!(said.contains("exceeded quota: batchjobs"), "{said}");
}
