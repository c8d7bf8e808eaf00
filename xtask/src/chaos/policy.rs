//! The admission policy that keeps people's hands off what the operator records.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::kubectl::Kubectl;
use super::load::NAMESPACES;
use crate::run::{Failure, root};

/// How long the API server may take to judge by a new policy.
const JUDGES_WITHIN: Duration = Duration::from_secs(30);

/// Installs the policy, and waits until it refuses what the team must not do.
pub fn install(administrator: &Kubectl, team: &Kubectl) -> Result<(), Failure> {
    administrator.apply(&root().join("deploy/admission/ownership.yaml"))?;
    let forged = json!({
        "apiVersion": "awsbatch.dev/v1alpha1",
        "kind": "BatchJob",
        "metadata": {
            "name": "forged", "namespace": NAMESPACES[0], "annotations": { "awsbatch.dev/claim": "forged" },
        },
        "spec": { "jobQueue": "q", "jobDefinition": "d" },
    });
    let begun = Instant::now();
    loop {
        match team.would_create(&forged) {
            Err(error) if error.to_string().contains("only the operator writes awsbatch.dev/claim") => {
                return Ok(());
            }
            outcome if begun.elapsed() > JUDGES_WITHIN => {
                return Err(
                    format!("the admission policy does not refuse a forged claim: {outcome:?}").into()
                );
            }
            _ => sleep(Duration::from_millis(200)),
        }
    }
}
