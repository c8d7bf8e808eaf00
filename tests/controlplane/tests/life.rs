//! A control plane comes up, works, survives what is done to it, and leaves nothing behind.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use controlplane::{ControlPlane, Options};

/// The processes whose command line names `dir`.
fn processes_of(dir: &Path) -> Vec<String> {
    let dir = dir.display().to_string();
    let processes = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
    let command_lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    let command_lines = command_lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    command_lines.filter(|line| line.contains(&dir)).collect()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < deadline, "not so after 30 s: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "needs the control plane binaries"]
fn it_keeps_what_is_applied_and_leaves_nothing_behind() {
    let mut plane = ControlPlane::start(Options::default()).unwrap();
    plane.run(&["create", "configmap", "note", "--from-literal=text=hello"]).unwrap();
    let text = ["get", "configmap", "note", "-o", "jsonpath={.data.text}"];
    assert_eq!(plane.run(&text).unwrap(), "hello");

    plane.stop_apiserver();
    assert!(plane.run(&text).is_err());
    plane.start_apiserver().unwrap();
    assert_eq!(plane.run(&text).unwrap(), "hello");

    plane.kill_etcd();
    plane.start_etcd().unwrap();
    wait_until("etcd has kept the data", || plane.run(&text).is_ok_and(|text| text == "hello"));
    plane.check().unwrap();

    let dir = plane.dir().to_path_buf();
    assert!(!processes_of(&dir).is_empty());
    drop(plane);
    assert_eq!(processes_of(&dir), Vec::<String>::new());
    assert!(!dir.exists());
}

#[test]
#[ignore = "needs the control plane binaries"]
fn a_deleted_namespace_goes_away() {
    let plane = ControlPlane::start(Options::default()).unwrap();
    plane.run(&["create", "namespace", "team"]).unwrap();
    plane.run(&["create", "configmap", "note", "--namespace=team"]).unwrap();
    plane.run(&["delete", "namespace", "team", "--timeout=60s"]).unwrap();
}

#[test]
#[ignore = "needs the control plane binaries"]
fn users_have_the_rights_they_are_given_and_the_audit_log_knows_them() {
    let options = Options { controllers: false, ..Options::default() };
    let plane = ControlPlane::start(options).unwrap();
    let anna = plane.kubeconfig_for("anna", &["team"]).unwrap();
    let anna = format!("--kubeconfig={}", anna.display());
    let create = ["create", "configmap", "note", &anna];
    assert!(plane.run(&create).unwrap_err().to_string().contains("User \"anna\" cannot create"));

    plane
        .run(&["create", "clusterrolebinding", "team", "--clusterrole=cluster-admin", "--group=team"])
        .unwrap();
    wait_until("the group has its rights", || plane.run(&create).is_ok());

    let events = plane.audit().unwrap();
    let created = events.iter().filter(|event| event.is_write() && event.user == "anna" && event.code == 201);
    let created = created.collect::<Vec<_>>();
    assert_eq!(created.len(), 1, "{created:?}");
    assert_eq!((created[0].resource.as_str(), created[0].namespace.as_str()), ("configmaps", "default"));
    assert!(created[0].user_agent.starts_with("kubectl/"), "{created:?}");
}

#[test]
#[ignore = "needs the control plane binaries"]
fn it_dies_with_an_owner_who_is_killed() {
    let mut owner = Command::new(env!("CARGO_BIN_EXE_controlplane"));
    let mut owner = owner.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut kubeconfig = String::new();
    BufReader::new(owner.stdout.take().unwrap()).read_line(&mut kubeconfig).unwrap();
    let dir = Path::new(kubeconfig.trim()).parent().unwrap().to_path_buf();
    assert!(!processes_of(&dir).is_empty());

    owner.kill().unwrap();
    owner.wait().unwrap();
    wait_until("no process is left", || processes_of(&dir).is_empty());
    wait_until("the directory is gone", || !dir.exists());
}
