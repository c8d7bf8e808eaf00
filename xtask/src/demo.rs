//! From `kubectl apply` to the end of each job, on real parts, in one command.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::run::{Failure, root};
use crate::stage::Stage;
use crate::table::{Row, Table};

/// What an example is expected to come to; Succeeded, where it does not say.
const EXPECT: &str = "example.awsbatch.dev/expect";

/// How long the examples may take.
const ENDED_WITHIN: Duration = Duration::from_mins(3);

/// Runs the demo; with `exit` it ends with the examples.
pub fn demo(exit: bool) -> Result<(), Failure> {
    let (interrupted, waiting) = interruption()?;
    let stage = Stage::start()?;
    let examples = root().join("examples").display().to_string();
    stage.plane.run(&["apply", "--server-side", "--recursive", "--filename", &examples])?;
    println!("applied the examples\n");
    let expected = expected(&stage)?;
    let ended = watch(&stage, expected.len(), &interrupted)?;
    if exit || interrupted.load(Ordering::SeqCst) {
        return judge(&expected, &ended);
    }
    println!("\n{}", next_steps(&stage));
    // The sender lives in the signal's thread for ever.
    let _ = waiting.recv();
    println!("\nstopping");
    Ok(())
}

/// Ctrl-C sets the flag and wakes the receiver.
fn interruption() -> Result<(Arc<AtomicBool>, mpsc::Receiver<()>), Failure> {
    let (sender, receiver) = mpsc::channel();
    let flag = Arc::new(AtomicBool::new(false));
    let (runtime, set) = (tokio::runtime::Builder::new_current_thread().enable_all().build()?, flag.clone());
    std::thread::spawn(move || {
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            set.store(true, Ordering::SeqCst);
            // The receiver is gone when the demo has ended by itself.
            let _ = sender.send(());
        }
    });
    Ok((flag, receiver))
}

fn objects(stage: &Stage) -> Result<Vec<Value>, Failure> {
    let list: Value = serde_json::from_str(&stage.plane.run(&["get", "batchjobs", "--output=json"])?)?;
    Ok(list["items"].as_array().cloned().unwrap_or_default())
}

fn expected(stage: &Stage) -> Result<BTreeMap<String, String>, Failure> {
    let of = |object: &Value| {
        let expect = object["metadata"]["annotations"][EXPECT].as_str().unwrap_or("Succeeded");
        (Row::of(object).name, expect.to_owned())
    };
    Ok(objects(stage)?.iter().map(of).collect())
}

/// Shows the jobs until all have ended.
fn watch(
    stage: &Stage,
    number: usize,
    interrupted: &AtomicBool,
) -> Result<BTreeMap<String, String>, Failure> {
    let (mut table, begun) = (Table::default(), Instant::now());
    loop {
        let rows: Vec<Row> = objects(stage)?.iter().map(Row::of).collect();
        table.show(&rows)?;
        let has_ended = |row: &&Row| matches!(row.phase.as_str(), "Succeeded" | "Failed" | "Unknown");
        let all_ended = rows.iter().filter(has_ended).count() == number;
        if all_ended || interrupted.load(Ordering::SeqCst) {
            return Ok(rows.into_iter().map(|row| (row.name, row.phase)).collect());
        }
        if begun.elapsed() > ENDED_WITHIN {
            let log = std::fs::read_to_string(&stage.operator.log)?;
            return Err(format!("not all examples have ended; the operator's log:\n{log}").into());
        }
        sleep(Duration::from_millis(300));
    }
}

fn judge(expected: &BTreeMap<String, String>, ended: &BTreeMap<String, String>) -> Result<(), Failure> {
    for (name, expect) in expected {
        let came_to = ended.get(name).map_or("nothing", String::as_str);
        if came_to != expect {
            return Err(format!("example {name} came to {came_to}, not to {expect}").into());
        }
    }
    println!("\n{} examples came to their expected end", expected.len());
    Ok(())
}

fn next_steps(stage: &Stage) -> String {
    let (kubeconfig, kubectl) = (stage.plane.kubeconfig(), stage.plane.kubectl_path());
    format!(
        "Everything is still running. In another terminal:

  export KUBECONFIG={}
  alias kubectl={}
  kubectl get bj --output=wide
  kubectl describe bj example
  kubectl explain bj.spec.retryStrategy
  kubectl create --filename=examples/minimal.yaml --dry-run=client --output=yaml | sed 's/name: example$/name: mine/' | kubectl apply --filename=-
  kubectl patch bj mine --type=merge --patch='{{\"spec\":{{\"jobQueue\":\"other\"}}}}'
  kubectl delete bj --all

  The operator's log: {}
  Its metrics:        http://127.0.0.1:{}/metrics
  AWS Batch:          {}/control/jobs (and AWS_ENDPOINT_URL_BATCH={} for the AWS CLI)

Ctrl-C stops everything.",
        kubeconfig.display(),
        kubectl.display(),
        stage.operator.log.display(),
        stage.operator.port,
        stage.double.url(),
        stage.double.url(),
    )
}
