//! The operator's records in an object: every way to write them is tried by people who have RBAC's right to it.

use batch_double::Behaviour;
use serde_json::{Value, json};

use super::{ANNA, Person, apply_all, job, kubectl, send, teams, until, with};
use crate::pod::Running;
use crate::world::World;

/// May do all that RBAC's own verbs allow to BatchJobs and their statuses in team A's namespace.
const OTTO: Person = Person { name: "otto", groups: &["team-a-owners"] };
/// The same with the verb `release`.
const RITA: Person = Person { name: "rita", groups: &["team-a-owners", "team-a-releasers"] };
/// The garbage collector without an administrator's rights, as it is in most clusters.
const COLLECTOR: Person = Person {
    name: "system:serviceaccount:kube-system:generic-garbage-collector",
    groups: &["system:serviceaccounts"],
};

/// A Role with all of RBAC's own verbs, and who has which.
fn rights() -> Vec<Value> {
    const RBAC: &str = "rbac.authorization.k8s.io";
    let verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];
    let rule = json!({ "apiGroups": ["awsbatch.dev"], "resources": ["batchjobs", "batchjobs/status"], "verbs": verbs });
    let owner = json!({ "apiVersion": format!("{RBAC}/v1"), "kind": "Role",
        "metadata": { "name": "owners", "namespace": "team-a" }, "rules": [rule] });
    let binding = |role: &str, kind: &str, group: &str| {
        json!({ "apiVersion": format!("{RBAC}/v1"), "kind": "RoleBinding",
            "metadata": { "name": group, "namespace": "team-a" },
            "subjects": [{ "apiGroup": RBAC, "kind": "Group", "name": group }],
            "roleRef": { "apiGroup": RBAC, "kind": kind, "name": role } })
    };
    let owners = binding("owners", "Role", "team-a-owners");
    vec![owner, owners, binding("batchjobs-releaser", "ClusterRole", "team-a-releasers")]
}

/// A world with a job of team A that runs, and its operator.
fn running() -> (World, Running) {
    let world = teams(&[]);
    apply_all(&world, &rights());
    world.double.set_behaviour("team-a-train", Behaviour::forever());
    let operator = Running::ready(&world.plane, &world.pod());
    send(&world, ANNA, "create", &job("long", json!({}))).unwrap();
    world.wait_in("team-a", "long", "Running");
    (world, operator)
}

fn stored(world: &World) -> Value {
    let get = ["get", "bj", "long", "--namespace=team-a", "--output=json"];
    serde_json::from_str(&world.plane.run(&get).unwrap()).unwrap()
}

/// Claim and finalizer.
fn record(object: &Value) -> (Value, Value) {
    let metadata = &object["metadata"];
    (metadata["annotations"]["awsbatch.dev/claim"].clone(), metadata["finalizers"].clone())
}

fn patch(world: &World, who: Person, kind: &str, patch: &Value, more: &[&str]) -> Result<String, String> {
    let kind = format!("--type={kind}");
    let patch = patch.to_string();
    let patch = ["patch", "bj", "long", "--namespace=team-a", &kind, "--patch", &patch];
    kubectl(world, who, &[&patch[..], more].concat())
}

#[track_caller]
fn refused(answer: &Result<String, String>, parts: &[&str]) {
    let Err(said) = answer else { panic!("it is taken: {answer:?}") };
    for part in parts {
        assert!(said.contains(part), "no `{part}` in: {said}");
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn nobody_but_the_operator_changes_what_it_records() {
    let (world, operator) = running();
    let before = record(&stored(&world));
    assert!(before.0.is_string() && before.1 == json!(["awsbatch.dev/job"]), "{before:?}");
    let claim = |value: Value| json!({ "metadata": { "annotations": { "awsbatch.dev/claim": value } } });
    let none = json!({ "metadata": { "finalizers": [] } });
    let all = json!([{ "op": "remove", "path": "/metadata/finalizers" }]);
    refused(
        &patch(&world, OTTO, "merge", &claim(json!("mine")), &[]),
        &["only the operator writes awsbatch.dev/claim"],
    );
    refused(
        &patch(&world, OTTO, "merge", &claim(Value::Null), &[]),
        &["drops awsbatch.dev/claim", "verb release"],
    );
    let way_out = ["drops awsbatch.dev/job", "deletionPolicy to Retain", "verb release"];
    refused(&patch(&world, OTTO, "merge", &none, &[]), &way_out);
    refused(&patch(&world, OTTO, "json", &all, &[]), &way_out);
    let replaced = send(&world, OTTO, "replace", &job("long", json!({})));
    refused(&replaced, &["drops awsbatch.dev/claim", "Use kubectl apply", "Replace=true"]);
    let status = json!({ "status": { "jobId": "876da822-4198-45f2-a252-6cea32512ea8" } });
    refused(
        &patch(&world, OTTO, "merge", &status, &["--subresource=status"]),
        &["only the operator writes it"],
    );
    assert_eq!(record(&stored(&world)), before);
    what_people_do_every_day_works(&world);
    assert_eq!(record(&stored(&world)), before);
    assert_eq!(world.double.accepted(), 1);
    operator.stop();
    patch(&world, RITA, "json", &all, &[]).unwrap();
    patch(&world, RITA, "merge", &claim(Value::Null), &[]).unwrap();
    assert_eq!(record(&stored(&world)), (Value::Null, Value::Null));
    // To take away is no right to write.
    let ours = json!({ "metadata": { "finalizers": ["awsbatch.dev/job"] } });
    refused(&patch(&world, RITA, "merge", &ours, &[]), &["only the operator adds awsbatch.dev/job"]);
}

fn what_people_do_every_day_works(world: &World) {
    let label = ["label", "bj", "long", "--namespace=team-a", "a=b"];
    kubectl(world, ANNA, &label).unwrap();
    patch(world, ANNA, "merge", &json!({ "spec": { "deletionPolicy": "Cancel" } }), &[]).unwrap();
    // What was exported whole keeps the record.
    send(world, ANNA, "replace", &stored(world)).unwrap();
    let theirs = json!({ "metadata": { "finalizers": ["awsbatch.dev/job", "example.com/theirs"] } });
    patch(world, ANNA, "merge", &theirs, &[]).unwrap();
    let ours = json!({ "metadata": { "finalizers": ["awsbatch.dev/job"] } });
    patch(world, ANNA, "merge", &ours, &[]).unwrap();
    let file = world.plane.dir().join("long.json");
    std::fs::write(&file, job("long", json!({})).to_string()).unwrap();
    let apply = ["apply", "--server-side", "--force-conflicts", "--filename", &file.display().to_string()];
    kubectl(world, ANNA, &apply).unwrap();
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn foreground_deletion_and_the_garbage_collector_are_not_in_the_way() {
    let (world, operator) = running();
    let both = json!({ "metadata": { "finalizers": ["awsbatch.dev/job", "foregroundDeletion"] } });
    patch(&world, OTTO, "merge", &both, &[]).unwrap();
    let ours = json!({ "metadata": { "finalizers": ["awsbatch.dev/job"] } });
    patch(&world, COLLECTOR, "merge", &ours, &[]).unwrap();
    let none = json!({ "metadata": { "finalizers": [] } });
    refused(&patch(&world, COLLECTOR, "merge", &none, &[]), &["drops awsbatch.dev/job"]);
    let delete = ["delete", "bj", "long", "--namespace=team-a", "--cascade=foreground", "--timeout=40s"];
    kubectl(&world, ANNA, &delete).unwrap();
    let ended: Vec<bool> = world.double.jobs().iter().map(|job| job.is_terminated).collect();
    assert_eq!(ended, [true]);
    operator.stop();
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn an_object_of_another_controller_has_that_controllers_record() {
    let (world, operator) = running();
    operator.stop();
    let object = job("theirs", json!({ "managedBy": "example.com/other" }));
    let claimed = with(object.clone(), json!({ "finalizers": ["awsbatch.dev/job"] }));
    send(&world, OTTO, "create", &claimed).unwrap();
    let status = json!({ "status": { "phase": "Running" } }).to_string();
    let patch =
        ["patch", "bj", "theirs", "--namespace=team-a", "--type=merge", "--subresource=status", "--patch"];
    kubectl(&world, OTTO, &[&patch[..], &[status.as_str()]].concat()).unwrap();
    // The operator's own name is not another's.
    let own = with(job("own", json!({ "managedBy": "aws-batch-operator" })), claimed["metadata"].clone());
    let own = with(own, json!({ "name": "own" }));
    refused(&send(&world, OTTO, "create", &own), &["only the operator adds"]);
    // Adopting is judged whoever looks after the object.
    let adopts = with(object, json!({ "name": "adopts", "annotations": { "awsbatch.dev/adopt": "x" } }));
    refused(&send(&world, OTTO, "create", &adopts), &["needs the verb adopt"]);
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_namespace_that_allows_less_by_now_holds_nothing_up() {
    let (world, operator) = running();
    send(&world, ANNA, "create", &job("held", json!({ "suspend": true }))).unwrap();
    world.wait_in("team-a", "held", "Suspended");
    world.plane.run(&["annotate", "namespace", "team-a", "allow.awsbatch.dev/job-queues-"]).unwrap();
    until("the namespace allows less", || match send(&world, ANNA, "create", &job("x", json!({}))) {
        Err(said) if said.contains("allows no BatchJobs") => Ok(()),
        Ok(_) => {
            kubectl(&world, ANNA, &["delete", "bj", "x", "--namespace=team-a"])?;
            Err("it is taken".to_owned())
        }
        other => Err(format!("{other:?}")),
    });
    let resume = json!({ "spec": { "suspend": false } }).to_string();
    let resume = ["patch", "bj", "held", "--namespace=team-a", "--type=merge", "--patch", &resume];
    refused(&kubectl(&world, ANNA, &resume), &["allows no BatchJobs"]);
    patch(&world, ANNA, "merge", &json!({ "spec": { "deletionPolicy": "Terminate" } }), &[]).unwrap();
    operator.stop();
    let operator = Running::ready(&world.plane, &world.pod());
    for name in ["long", "held"] {
        kubectl(&world, ANNA, &["delete", "bj", name, "--namespace=team-a", "--timeout=40s"]).unwrap();
    }
    assert!(world.double.jobs().iter().all(|job| job.is_terminated), "{:?}", world.double.jobs());
    operator.stop();
}
