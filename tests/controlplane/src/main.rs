//! Starts a control plane, prints its kubeconfig's path, and keeps it until the input ends or Ctrl-C.
//! Knows nothing of what it is used for.

use std::error::Error;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use controlplane::{ControlPlane, Options};

fn main() -> ExitCode {
    let Err(error) = stay_up() else { return ExitCode::SUCCESS };
    // A closed error stream leaves the exit code to speak.
    let _ = writeln!(io::stderr(), "controlplane: {error}");
    if let Some(source) = error.source() {
        let _ = writeln!(io::stderr(), "  because: {source}");
    }
    ExitCode::FAILURE
}

fn stay_up() -> Result<(), Box<dyn Error>> {
    let plane = ControlPlane::start(Options::default())?;
    writeln!(io::stdout(), "{}", plane.kubeconfig().display())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
