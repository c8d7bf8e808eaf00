//! Workflow engines as their users meet them: each proof is a program that drives a real engine, kills its parts, and
//! counts jobs on AWS's side. It runs on the stage of the demo.

use std::process::Command;
use std::time::Instant;

use crate::run::{Failure, root};
use crate::stage::Stage;
use crate::tools;

/// An engine, and the program of its proof. `KUBECONFIG`, `KUBECTL` and `BATCH_DOUBLE_URL` tell the program where its
/// stage is; its exit code is the verdict.
type Proof = (&'static str, fn() -> Result<Command, Failure>);

const PROOFS: [Proof; 1] = [("airflow", airflow)];

/// Runs the proofs one after the other; the first that fails ends it.
pub fn engines() -> Result<(), Failure> {
    PROOFS.iter().try_for_each(prove)
}

/// Each has a stage of its own: what one proof leaves behind is no job of the next.
fn prove((name, program): &Proof) -> Result<(), Failure> {
    println!("=== {name}");
    let mut command = program()?;
    let mut stage = Stage::start(None, false)?;
    let begun = Instant::now();
    command
        .env("KUBECONFIG", stage.cluster.kubeconfig())
        .env("KUBECTL", stage.cluster.kubectl())
        .env("BATCH_DOUBLE_URL", stage.double.url());
    let status = command.status()?;
    stage.check()?;
    if !status.success() {
        return Err(format!(
            "{name}: the proof failed ({status}); the operator's log:\n{}",
            stage.operator.words()
        )
        .into());
    }
    println!("=== {name}: passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

fn airflow() -> Result<Command, Failure> {
    tools::airflow(&root().join("tests/engines/airflow/proof.py"), &[&root().join("examples/airflow")])
}
