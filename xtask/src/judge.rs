//! The double's CloudWatch Logs before two judges: the model of the service that botocore has, and moto.

use batch_double::{Config, Double};

use crate::run::{Failure, root};
use crate::tools;

/// Plays one script of calls against the double and against moto, and compares.
pub fn judge() -> Result<(), Failure> {
    let double = Double::start(&Config::default())?;
    let script = root().join("tests/double/judge/logs.py").display().to_string();
    let mut judge = tools::moto(&[&script, &double.url()])?;
    let status = judge.status().map_err(|error| format!("cannot run python3: {error}"))?;
    if status.success() { Ok(()) } else { Err("the double and its judges differ".into()) }
}
