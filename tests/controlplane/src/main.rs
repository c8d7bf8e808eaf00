//! Starts a control plane, prints its kubeconfig's path, and keeps it until the input ends or Ctrl-C.
//! Knows nothing of what it is used for.

use std::error::Error;
use std::io::{self, Read, Write};

use controlplane::{ControlPlane, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let plane = ControlPlane::start(Options::default())?;
    writeln!(io::stdout(), "{}", plane.kubeconfig().display())?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
