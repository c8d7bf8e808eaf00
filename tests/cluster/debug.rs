//! How one object is found out about: the debug page, which tells nothing of its environment, and the log lines of its passes.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(30);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_leader_tells_what_it_knows_of_an_object_and_changes_nothing() {
    let stage = Stage::new("debug-page");
    let leader = Operator::ready(&stage, &["--identity", "first"]);
    stage.wait(SOON, "it leads", || leader.leads());
    let standby = Operator::ready(&stage, &["--identity", "second"]);
    stage.double.set_behaviour("long", Behaviour::forever());
    let environment = json!([{ "name": "TOKEN", "value": "canary-value-9c41" }]);
    stage.create(
        "a",
        json!({
            "jobQueue": "q", "jobDefinition": "long", "parameters": { "token": "canary-value-9c41" },
            "containerOverrides": { "environment": environment },
        }),
    );
    stage.wait_until_submitted(1, SOON);
    let path = format!("/debug/batchjobs/{}/a", stage.namespace);
    let is_seen = || leader.debug(&path).is_some_and(|(_, page)| page.contains("\"sighting\""));
    stage.wait(SOON, "the job was looked at", is_seen);
    // States before RUNNING may still wait for a write.
    stage.wait_for_phase("a", Phase::Running, SOON);
    stage.wait(SOON, "the status is settled", || {
        leader.debug(&path).is_some_and(|(_, page)| page.contains("\"writesStatus\": false"))
    });
    let writes = stage.writes();
    let (status, page) = leader.debug(&path).unwrap();
    for _ in 0..20 {
        leader.debug(&path).unwrap();
    }
    assert_eq!((stage.writes(), stage.double.accepted()), (writes, 1));
    assert!(status == 200 && !page.contains("canary") && !page.contains("TOKEN"), "{page}");
    let page: Value = serde_json::from_str(&page).unwrap();
    let object = stage.get("a");
    assert_eq!(page["known"]["job"], json!(object.status.unwrap().job_id), "{page:#}");
    assert_eq!(page["object"]["uid"], json!(object.metadata.uid));
    assert_eq!(page["answer"]["cause"], "HasJob");

    let (status, why) = standby.debug(&path).unwrap();
    assert!(status == 503 && why.contains("does not lead"), "{status}: {why}");
    let (status, why) = leader.debug(&path.replace("/a", "/another")).unwrap();
    assert!(status == 404 && why.contains("is not known"), "{status}: {why}");
    assert_eq!(leader.get(&path).unwrap().0, 404, "not on the port of the metrics");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_call_that_fails_in_a_pass_names_the_object_in_the_log() {
    let stage = Stage::new("named-lines");
    stage.double.set_faults(vec![Fault::sometimes("SubmitJob", Kind::Throttled, When::Before, 1.0)]);
    for (format, marks) in
        [("json", "\"namespace\":\"named-lines\""), ("text", "pass{namespace=\"named-lines\"")]
    {
        let filter = "warn,aws_batch_operator=debug";
        let operator = Operator::ready(&stage, &["--log-format", format, "--log-filter", filter]);
        stage.create(format, json!({ "jobQueue": "q", "jobDefinition": "d" }));
        let is_named =
            |line: &&str| ["SubmitJob", "uid", format, marks].iter().all(|word| line.contains(word));
        stage.wait(SOON, "the line of the failed call names the object", || {
            let log = operator.log();
            log.lines().find(is_named).is_some()
        });
    }
}
