//! From `kubectl apply` to the end of each job, on real parts, in one command.

use std::collections::BTreeMap;
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

/// Runs the demo; with `exit` it ends with the examples. Ctrl-C ends this process, and everything with it.
pub fn demo(exit: bool) -> Result<(), Failure> {
    let mut stage = Stage::start()?;
    let examples = root().join("examples").display().to_string();
    // Not recursive: the folders below are for GitOps tools, whose own kinds are unknown here.
    stage.plane.run(&["apply", "--server-side", "--filename", &examples])?;
    println!("applied the examples\n");
    let expected = expected(&stage)?;
    let outcome = watch(&stage, expected.len()).and_then(|ended| judge(&expected, &ended));
    let outcome =
        outcome.map_err(|error| format!("{error}; the operator's log:\n{}", stage.operator.words()));
    if exit {
        return Ok(outcome?);
    }
    if let Err(error) = outcome {
        println!("\n{error}");
    }
    println!("\n{}", next_steps(&stage));
    loop {
        stage.check()?;
        sleep(Duration::from_secs(1));
    }
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
fn watch(stage: &Stage, number: usize) -> Result<BTreeMap<String, String>, Failure> {
    let (mut table, begun) = (Table::default(), Instant::now());
    loop {
        let rows: Vec<Row> = objects(stage)?.iter().map(Row::of).collect();
        table.show(&rows, begun.elapsed())?;
        if rows.iter().filter(|row| row.has_ended()).count() == number {
            return Ok(rows.into_iter().map(|row| (row.name, row.phase)).collect());
        }
        if begun.elapsed() > ENDED_WITHIN {
            return Err("not all examples have ended".into());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_that_comes_to_another_end_is_named() {
        let ends = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, end)| ((*name).to_owned(), (*end).to_owned())).collect()
        };
        let expected = ends(&[("a", "Succeeded"), ("b", "Failed")]);
        assert!(judge(&expected, &ends(&[("a", "Succeeded"), ("b", "Failed")])).is_ok());
        let error = judge(&expected, &ends(&[("a", "Succeeded"), ("b", "Succeeded")])).unwrap_err();
        assert_eq!(error.to_string(), "example b came to Succeeded, not to Failed");
        let error = judge(&expected, &ends(&[("b", "Failed")])).unwrap_err();
        assert_eq!(error.to_string(), "example a came to nothing, not to Succeeded");
    }
}
