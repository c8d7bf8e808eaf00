//! What tools that keep BatchJobs in Git make of them: the tests of `tests/gitops`, and what they need.

use crate::run::{Failure, command, missing, root, run};
use crate::suites::ignored;

/// Captures objects in every state and has a whole Argo CD keep BatchJobs; then has the libraries of Argo CD, Argo Workflows,
/// Helm and Flux judge what was captured, and the expressions of docs/waiting.md.
pub fn gitops() -> Result<(), Failure> {
    redis()?;
    ignored("gitops")?;
    for module in ["kstatus", "argocd", "argoworkflows", "waiting"] {
        // Go would take an answer of before: what these tests read lies outside of their module.
        let mut go = command("go", &["test", "-count=1", "-trimpath", "./..."]);
        go.current_dir(root().join("tests/gitops/go").join(module));
        // Settings of the user's that would make it another build, or none.
        go.env("CGO_ENABLED", "0").env("GOFLAGS", "-mod=readonly").env("GOWORK", "off");
        let status = go.status().map_err(|error| missing("go", &error))?;
        if !status.success() {
            return Err(format!("`go test` of tests/gitops/go/{module} failed ({status})").into());
        }
    }
    Ok(())
}

/// Argo CD keeps its cache in Redis, which comes from the system's packages.
fn redis() -> Result<(), Failure> {
    if command("redis-server", &["--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    println!("installing redis-server with apt-get");
    let install =
        "if [ \"$(id -u)\" = 0 ]; then sudo=; else sudo='sudo -n'; fi; export DEBIAN_FRONTEND=noninteractive
        $sudo apt-get update -qq && $sudo apt-get install -qq --no-install-recommends redis-server";
    run("sh", &["-c", install]).map_err(|error| format!("install redis-server ({error})").into())
}
