//! The page that shows a day of a user: each command is run on real parts, and the page has what it printed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use batch_double::{Behaviour, Double, Output};

use crate::operator;
use crate::run::{Failure, root};
use crate::stage::Stage;

const PAGE: &str = "docs/recording.md";

const HEAD: &str = "# A day with BatchJobs

`cargo xtask recording` writes this page: it runs each command on a real API server, with the operator, and with a double of AWS Batch and CloudWatch Logs.
The double's seconds are shorter than those of AWS. [kubectl-plugin.md](kubectl-plugin.md) explains each command.
";

/// A sentence, and the commands that follow it.
const STEPS: [(&str, &[&str]); 7] = [
    (
        "Run a job. The log is that of the container, and the exit code is that of the job.",
        &[
            "kubectl batchjob run train --queue HighPriority --definition train --env EPOCHS=3 --memory 4096 -- train --all",
        ],
    ),
    (
        "Ask why it failed, and read its log again.",
        &["kubectl batchjob why train", "kubectl batchjob logs train --tail 2", "kubectl get batchjobs"],
    ),
    (
        "Mend it, and run it again. A BatchJob that has ended stays as it is: another run is another object.",
        &[
            "kubectl batchjob rerun train --name train-2 --set jobDefinition=train-mended",
            "kubectl batchjob logs train-2 --follow",
            "kubectl batchjob wait train-2 --timeout 1m",
        ],
    ),
    (
        "Run an array. Of 20 children one fails; its log is found by its index.",
        &[
            "kubectl batchjob run render --queue HighPriority --definition render --array 20 --no-logs",
            "kubectl batchjob tree render",
            "kubectl batchjob logs render --failed",
        ],
    ),
    (
        "Name a queue that does not exist. The BatchJob waits, and says what is missing.",
        &[
            "kubectl batchjob rerun train-2 --name nowhere --set jobQueue=Decommissioned",
            "kubectl batchjob wait nowhere --timeout 5s",
            "kubectl batchjob why nowhere",
            "kubectl batchjob terminate nowhere",
            "kubectl batchjob wait nowhere",
        ],
    ),
    (
        "Take over a command line that exists.",
        &[
            "echo 'aws batch submit-job --job-name nightly --job-queue HighPriority --job-definition train --parameters day=monday' | kubectl batchjob convert",
        ],
    ),
    ("Leave nothing behind.", &["kubectl delete batchjobs --all", "kubectl get batchjobs"]),
];

/// Writes the page.
pub fn recording() -> Result<(), Failure> {
    let stage = Stage::start(None, false)?;
    furnish(&stage.double);
    let programs = programs(&stage)?;
    let mut page = vec![HEAD.to_owned()];
    for (sentence, commands) in STEPS {
        page.push(format!("\n{sentence}\n\n```console\n"));
        for command in commands {
            println!("{command}");
            page.push(format!("$ {command}\n{}", printed(&stage, &programs, command)?));
        }
        page.push("```\n".to_owned());
    }
    fs::write(root().join(PAGE), page.concat())?;
    println!("wrote {PAGE}");
    Ok(())
}

/// The jobs of the page.
fn furnish(double: &Double) {
    let lines = |lines: &[&str]| lines.iter().map(ToString::to_string).collect();
    let output =
        Output { first: lines(&["epoch 1 of 3"]), every_ms: 0, last: lines(&["no such file: /data/train"]) };
    double.set_behaviour("train", Behaviour { output, ..Behaviour::fails(3) });
    let output =
        Output { first: lines(&["epoch 1 of 3"]), every_ms: 0, last: lines(&["epoch 3 of 3", "done"]) };
    double.set_behaviour("train-mended", Behaviour { output, ..Behaviour::default() });
    let output = Output { last: lines(&["cannot open frame-7.exr"]), ..Output::default() };
    double.set_behaviour("render", Behaviour { output, failing_indexes: [7].into(), ..Behaviour::default() });
}

/// A folder with kubectl and its plugin, as the only programs of their names on the `PATH`.
fn programs(stage: &Stage) -> Result<PathBuf, Failure> {
    let folder = stage.cluster.dir()?.join("programs");
    fs::create_dir(&folder)?;
    symlink(stage.cluster.kubectl(), folder.join("kubectl"))?;
    symlink(operator::build("kubectl-batchjob")?, folder.join("kubectl-batchjob"))?;
    Ok(folder)
}

/// What a person sees, and an exit code that is not 0.
fn printed(stage: &Stage, programs: &Path, command: &str) -> Result<String, Failure> {
    let output = Command::new("sh")
        .args(["-c", &format!("PATH=\"$PROGRAMS:$PATH\"\n{command} 2>&1")])
        .env("PROGRAMS", programs)
        .env("KUBECONFIG", stage.cluster.kubeconfig())
        .env("AWS_ENDPOINT_URL", stage.double.url())
        .env("AWS_ACCESS_KEY_ID", "demo")
        .env("AWS_SECRET_ACCESS_KEY", "demo")
        .output()?;
    let code = output.status.code().filter(|code| *code != 0);
    let code = code.map(|code| format!("$ echo $?\n{code}\n")).unwrap_or_default();
    Ok(format!("{}{code}", String::from_utf8(output.stdout)?))
}
