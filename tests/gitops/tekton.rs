//! The example for Tekton in a cluster: the scripts of its Tasks, with the rights that the example gives. Tekton itself
//! does not run: what it replaces in a Task is replaced here.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use aws_batch_operator::api::{BatchJobStatus, Phase};
use batch_double::{Behaviour, Config};
use serde_json::Value;

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(20);
const UID: &str = "0d3b7f1c-6c0e-4b5e-8f43-5d1f6a7b8c9d";

/// What a TaskRun of the stage has: its own folder, and a kubectl with the rights of its ServiceAccount.
struct TaskRun<'a> {
    stage: &'a Stage,
    folder: PathBuf,
    /// Names and values of what a Task may ask for.
    variables: Vec<(String, String)>,
}

impl<'a> TaskRun<'a> {
    fn new(stage: &'a Stage, name: &str, spec: &str, timeout: &str) -> Self {
        let folder = plane().dir().join("tekton").join(name);
        fs::create_dir_all(folder.join("bin")).unwrap();
        let mut variables: Vec<_> = [
            ("context.taskRun.namespace", stage.namespace.clone()),
            ("context.taskRun.name", name.to_owned()),
            ("context.taskRun.uid", format!("{UID}-{name}")),
            ("params.run", UID.to_owned()),
            ("params.spec", spec.to_owned()),
            ("params.timeout", timeout.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        for result in ["name", "job-id", "exit-code"] {
            variables.push((format!("results.{result}.path"), folder.join(result).display().to_string()));
        }
        let run = Self { stage, folder, variables };
        run.write_kubectl();
        run
    }

    /// A kubectl with the rights of the ServiceAccount, and no others.
    fn write_kubectl(&self) {
        let plane = plane();
        let user = format!("system:serviceaccount:{}:batchjobs", self.stage.namespace);
        let (kubectl, kubeconfig) = (plane.kubectl_path(), plane.kubeconfig_for(&user, &[]).unwrap());
        let cache = self.folder.join("cache");
        let [kubectl, kubeconfig, cache] = [kubectl, &kubeconfig, &cache].map(Path::display);
        let script =
            format!("#!/bin/sh\nexec {kubectl} --kubeconfig={kubeconfig} --cache-dir={cache} \"$@\"\n");
        let program = self.folder.join("bin/kubectl");
        fs::write(&program, script).unwrap();
        fs::set_permissions(program, Permissions::from_mode(0o755)).unwrap();
    }

    /// One pod: every step of the Task, in a shell.
    fn pod(&self, task: &str) -> Output {
        let text = fs::read_to_string(example("task.yaml")).unwrap();
        let tasks: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        let task = tasks.iter().find(|one| one["metadata"]["name"] == task).unwrap();
        let [step] = task["spec"]["steps"].as_array().unwrap().as_slice() else { panic!("not one step") };
        let script = self.folder.join("script");
        fs::write(&script, step["script"].as_str().unwrap()).unwrap();
        let path = format!("{}:/usr/bin:/bin", self.folder.join("bin").display());
        let mut shell = Command::new("sh");
        shell.arg(script).env_clear().env("PATH", path);
        for variable in step["env"].as_array().unwrap() {
            shell.env(variable["name"].as_str().unwrap(), self.replaced(variable["value"].as_str().unwrap()));
        }
        shell.output().unwrap()
    }

    /// With the values of what stands in `$()`.
    fn replaced(&self, text: &str) -> String {
        let all = self.variables.iter();
        let text =
            all.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("$({name})"), value));
        assert!(!text.contains("$("), "{text}");
        text
    }

    fn result(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn status(&self) -> BatchJobStatus {
        self.stage.get(&self.result("name")).status.unwrap()
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/tekton").join(name)
}

fn spec(definition: &str) -> String {
    format!(r#"{{"jobQueue": "HighPriority", "jobDefinition": "{definition}"}}"#)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_task_of_tekton_makes_one_job_of_one_taskrun_and_ends_as_the_job_ends() {
    let config = Config { queues: vec!["HighPriority".to_owned()], ..Config::default() };
    let stage = Stage::with("tekton", &config);
    stage.kubectl(&["apply", "--filename", &example("rbac.yaml").display().to_string()]).unwrap();
    stage.double.set_behaviour("broken", Behaviour::fails(3));
    stage.double.set_behaviour("endless", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);

    let train = TaskRun::new(&stage, "train", &spec("train:1"), "1m");
    for pod in [train.pod("batchjob"), train.pod("batchjob")] {
        assert!(pod.status.success(), "{pod:?}");
    }
    assert_eq!((stage.list().len(), stage.double.accepted()), (1, 1), "the second pod has found the object");
    assert_eq!(Some(train.result("job-id")), train.status().job_id);
    assert_eq!(train.result("exit-code"), "0");

    let broken = TaskRun::new(&stage, "broken", &spec("broken:1"), "1m");
    let pod = broken.pod("batchjob");
    assert!(!pod.status.success() && broken.result("exit-code") == "3", "{pod:?}");

    let endless = TaskRun::new(&stage, "endless", &spec("endless:1"), "1s");
    let pod = endless.pod("batchjob");
    assert!(!pod.status.success(), "{pod:?}");
    stage.wait_for_phase(&endless.result("name"), Phase::Running, SOON);

    let end = TaskRun::new(&stage, "end", "", "").pod("end-batchjobs");
    assert!(end.status.success(), "{end:?}");
    stage.wait(SOON, "the object that had not ended is gone", || stage.list().len() == 2);
    let phases = [train, broken].map(|run| run.status().phase.unwrap());
    assert_eq!(phases, [Phase::Succeeded, Phase::Failed]);
    assert_eq!(stage.double.jobs().iter().filter(|job| job.is_terminated).count(), 1);
}
