//! A cluster that somebody has, lent to the demo: asked for, changed, and put back as it was, however the demo ends.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use controlplane::Tether;

use crate::run::{Failure, missing, root};

/// All that the demo makes is in it, but for the CRD.
pub const NAMESPACE: &str = "aws-batch-operator-demo";

/// The label of what an earlier demo has made.
const LABEL: &str = "awsbatch.dev/demo";

const CRD: &str = "batchjobs.awsbatch.dev";

/// The operator is gone by then, so nobody but this takes the finalizers away. Nobody may read the output any more.
const CLEAN: &str = r#"
trap '' HUP INT PIPE TERM
k() { "$KUBECTL" --request-timeout=20s "$@"; }
echo "removing namespace $NAMESPACE and CRD $CRD" 2>/dev/null
k delete batchjobs --all --namespace "$NAMESPACE" --wait=false >/dev/null 2>&1
tries=0
while objects=$(k get batchjobs --namespace "$NAMESPACE" --output=name 2>/dev/null) && [ -n "$objects" ] && [ "$tries" -lt 60 ]; do
  for object in $objects; do
    k patch "$object" --namespace "$NAMESPACE" --type=merge --patch='{"metadata":{"finalizers":null}}'
  done >/dev/null 2>&1
  tries=$((tries + 1))
  sleep 0.5
done
k delete namespace "$NAMESPACE" --ignore-not-found --wait=false >/dev/null 2>&1
k delete crd "$CRD" --ignore-not-found --wait=false >/dev/null 2>&1
"#;

/// The cluster. It is put back when this is dropped, and when the process ends in any other way.
pub struct Existing {
    kubeconfig: PathBuf,
    _cleaning: Option<Tether>,
}

impl Existing {
    /// The cluster of the kubeconfig's current context, once somebody has agreed.
    pub fn borrow(kubeconfig: &Path, is_agreed: bool) -> Result<Self, Failure> {
        let kubeconfig = std::path::absolute(kubeconfig)?;
        let existing = Self { kubeconfig, _cleaning: None };
        let server = existing.run(&[
            "config",
            "view",
            "--minify",
            "--output=jsonpath={.clusters[0].cluster.server}",
        ])?;
        let context = existing.run(&["config", "current-context"])?;
        existing.run(&["get", "--raw=/readyz", "--request-timeout=10s"])?;
        for (kind, name) in [("crd", CRD), ("namespace", NAMESPACE)] {
            existing.refuse_what_is_anothers(kind, name)?;
        }
        if !is_agreed {
            ask(context.trim(), &server)?;
        }
        let mut clean = Command::new("sh");
        clean.env("KUBECTL", "kubectl").env("KUBECONFIG", &existing.kubeconfig);
        clean.env("NAMESPACE", NAMESPACE).env("CRD", CRD);
        let cleaning = Tether::afterwards(CLEAN, &clean)?;
        existing.make_namespace()?;
        Ok(Self { _cleaning: Some(cleaning), ..existing })
    }

    fn make_namespace(&self) -> Result<(), Failure> {
        let get = ["get", "namespace", NAMESPACE, "--ignore-not-found", "--output=name"];
        if self.run(&get)?.is_empty() {
            self.run(&["create", "namespace", NAMESPACE])?;
        }
        self.label("namespace", NAMESPACE)
    }

    /// Marks the CRD as the demo's.
    pub fn label_crd(&self) -> Result<(), Failure> {
        self.label("crd", CRD)
    }

    fn label(&self, kind: &str, name: &str) -> Result<(), Failure> {
        self.run(&["label", "--overwrite", kind, name, &format!("{LABEL}=true")]).map(|_| ())
    }

    /// What an earlier demo has left may be used and removed, and nothing else.
    fn refuse_what_is_anothers(&self, kind: &str, name: &str) -> Result<(), Failure> {
        let label = LABEL.replace('.', r"\.");
        let output = format!("--output=jsonpath={{.metadata.name}}={{.metadata.labels.{label}}}");
        let found = self.run(&["get", kind, name, "--ignore-not-found", &output])?;
        if found.is_empty() || found.ends_with("=true") {
            return Ok(());
        }
        Err(format!("the cluster has the {kind} {name} already, and not from a demo: an operator may run there. Nothing was changed; take another cluster").into())
    }

    /// Its kubeconfig.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// What kubectl answers.
    pub fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        let mut kubectl = Command::new("kubectl");
        kubectl.arg("--kubeconfig").arg(&self.kubeconfig).args(arguments).current_dir(root());
        let output = kubectl.output().map_err(|error| missing("kubectl", &error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(format!("kubectl {} failed: {said}", arguments.join(" ")).into())
    }
}

/// Nothing is changed before a yes.
fn ask(context: &str, server: &str) -> Result<(), Failure> {
    print!(
        "The demo makes the CRD {CRD} and the namespace {NAMESPACE} in the cluster of the context {context} ({server}).
The operator and its AWS Batch run on this machine. Both are removed at the end. Go on? [y/N] "
    );
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err("nothing was changed (--yes answers the question)".into()),
    }
}
