//! From `kubectl apply` to the end of each job, on real parts, in one command.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::expect::{Expected, Standing};
use crate::run::{Failure, root};
use crate::stage::Stage;
use crate::table::{Row, Table};

/// How long the examples may take.
const ENDED_WITHIN: Duration = Duration::from_mins(1);

/// Runs the demo, in the cluster of this kubeconfig or in one of its own; with `exit` it ends with the examples. Ctrl-C ends
/// this process, and everything with it.
pub fn demo(exit: bool, kubeconfig: Option<&Path>, is_agreed: bool) -> Result<(), Failure> {
    let mut stage = Stage::start(kubeconfig, is_agreed)?;
    let examples = root().join("examples").display().to_string();
    // Not recursive: the folders below are for GitOps tools, whose own kinds are unknown here.
    stage.cluster.run(&["apply", "--server-side", "--filename", &examples])?;
    println!("applied the examples\n");
    let expected = expected(&stage)?;
    let outcome = watch(&stage, &expected)
        .map_err(|error| format!("{error}; the operator's log:\n{}", stage.operator.words()));
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

/// The objects by name.
fn objects(stage: &Stage) -> Result<BTreeMap<String, Value>, Failure> {
    let list: Value = serde_json::from_str(&stage.cluster.run(&["get", "batchjobs", "--output=json"])?)?;
    let items = list["items"].as_array().cloned().unwrap_or_default();
    Ok(items.into_iter().map(|object| (Row::of(&object).name, object)).collect())
}

fn expected(stage: &Stage) -> Result<BTreeMap<String, Expected>, Failure> {
    Ok(objects(stage)?.into_iter().map(|(name, object)| (name, Expected::of(&object))).collect())
}

/// Shows the jobs until all are as expected, one has ended otherwise, or it takes too long.
fn watch(stage: &Stage, expected: &BTreeMap<String, Expected>) -> Result<(), Failure> {
    let (mut table, begun) = (Table::default(), Instant::now());
    loop {
        let objects = objects(stage)?;
        let rows: Vec<Row> = objects.values().map(Row::of).collect();
        table.show(&rows, begun.elapsed())?;
        if judge(expected, &objects)? {
            println!("\n{} examples came to their expected end", expected.len());
            return Ok(());
        }
        if begun.elapsed() > ENDED_WITHIN {
            return Err(format!("not yet as expected: {}", not_yet(expected, &objects)).into());
        }
        sleep(Duration::from_millis(300));
    }
}

/// Whether all is as expected; an error, as soon as one of them cannot come to it any more.
fn judge(expected: &BTreeMap<String, Expected>, objects: &BTreeMap<String, Value>) -> Result<bool, Failure> {
    let mut all = true;
    for (name, expect) in expected {
        let object = objects.get(name);
        match expect.standing(object) {
            Standing::AsExpected => {}
            Standing::NotYet => all = false,
            Standing::Otherwise => {
                let came_to = object.map_or("nothing".to_owned(), |object| Row::of(object).phase);
                return Err(format!("example {name} came to {came_to}, not to {expect}").into());
            }
        }
    }
    Ok(all)
}

fn not_yet(expected: &BTreeMap<String, Expected>, objects: &BTreeMap<String, Value>) -> String {
    let open =
        expected.iter().filter(|(name, expect)| expect.standing(objects.get(*name)) == Standing::NotYet);
    open.map(|(name, expect)| format!("{name}: {expect}")).collect::<Vec<_>>().join(", ")
}

fn next_steps(stage: &Stage) -> String {
    let (kubeconfig, kubectl) = (stage.cluster.kubeconfig(), stage.cluster.kubectl());
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
        kubectl,
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
        let phase = |phase: &str| serde_json::json!({ "status": { "phase": phase } });
        let ends = |a: &str, b: &str| [("a".to_owned(), phase(a)), ("b".to_owned(), phase(b))].into();
        let expected = |phase: &str| Expected::Phase(phase.to_owned(), None);
        let expected = [("a".to_owned(), expected("Succeeded")), ("b".to_owned(), expected("Failed"))].into();
        assert!(judge(&expected, &ends("Succeeded", "Failed")).unwrap());
        assert!(!judge(&expected, &ends("Succeeded", "Running")).unwrap());
        assert_eq!(not_yet(&expected, &ends("Succeeded", "Running")), "b: Failed");
        let error = judge(&expected, &ends("Succeeded", "Succeeded")).unwrap_err();
        assert_eq!(error.to_string(), "example b came to Succeeded, not to Failed");
        let error = judge(&expected, &BTreeMap::new()).unwrap_err();
        assert_eq!(error.to_string(), "example a came to nothing, not to Succeeded");
    }
}
