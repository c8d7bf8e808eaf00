//! The CRD on an API server, through whichever kubectl the suite has.

/// Puts the CRD there, and waits until BatchJobs are served.
pub fn serve_batch_jobs<E>(kubectl: impl Fn(&[&str]) -> Result<String, E>) -> Result<(), E> {
    let crd = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/crd.yaml");
    kubectl(&["apply", "--server-side", "--filename", crd])?;
    wait_until_served(kubectl)
}

/// Waits until BatchJobs are served.
pub fn wait_until_served<E>(kubectl: impl Fn(&[&str]) -> Result<String, E>) -> Result<(), E> {
    let established = ["wait", "--for=condition=Established", "crd/batchjobs.awsbatch.dev", "--timeout=30s"];
    kubectl(&established).map(drop)
}
