//! The way to the API server that the user's kubeconfig names, and what is read there.

use std::path::{Path, PathBuf};

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::app::environment::Environment;
use aws_batch_operator::aws::sdk::Proxies;
use aws_batch_operator::kubernetes;
use clap::Args;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};

use crate::failure::Failure;

/// Where the BatchJobs are.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cluster")]
pub struct Place {
    /// Namespace of the BatchJobs [default: that of the kubeconfig's context]
    #[arg(short, long, global = true)]
    pub namespace: Option<String>,
    /// Context of the kubeconfig [default: its current context]
    #[arg(long, global = true)]
    pub context: Option<String>,
    /// Path of the kubeconfig [default: KUBECONFIG, then ~/.kube/config]
    #[arg(long, global = true)]
    pub kubeconfig: Option<PathBuf>,
}

/// One namespace of a cluster.
pub struct Cluster {
    client: Client,
    /// The namespace of the BatchJobs.
    pub namespace: String,
    /// The flags that lead there, for commands that the user is told to type.
    pub flags: String,
}

impl Cluster {
    /// The cluster and the namespace of the flags or, where they say nothing, of the kubeconfig.
    pub async fn connect(place: &Place) -> Result<Self, Failure> {
        let (config, kubeconfig) = config(place).await?;
        let namespace = place.namespace.clone().unwrap_or_else(|| config.default_namespace.clone());
        let client = kubernetes::reach(config, kubeconfig, &Proxies::new(&Environment::read())?)?;
        Ok(Self { client, flags: flags(place, &namespace), namespace })
    }

    /// The BatchJobs of the namespace.
    pub fn jobs(&self) -> Api<BatchJob> {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// One BatchJob.
    pub async fn get(&self, name: &str) -> Result<BatchJob, Failure> {
        self.jobs().get(name).await.map_err(|error| self.told(error, name))
    }

    /// An answer of the API server, with a way out where the answer is a common mistake.
    pub fn told(&self, error: kube::Error, name: &str) -> Failure {
        let kube::Error::Api(status) = &error else { return error.into() };
        let is_about_one = status.details.as_ref().is_some_and(|details| !details.name.is_empty());
        match (status.code, is_about_one) {
            (404, true) => self.missing(name),
            (404, false) => "the cluster has no BatchJobs: install the CRD of aws-batch-operator".into(),
            _ => error.into(),
        }
    }

    /// There is no such BatchJob.
    pub fn missing(&self, name: &str) -> Failure {
        format!(
            "there is no BatchJob {name} in namespace {}: see `kubectl get batchjobs{}`, or name another by --namespace",
            self.namespace, self.flags
        )
        .into()
    }
}

/// The kubeconfig is read once: the client and its proxy come of the same one.
async fn config(place: &Place) -> Result<(Config, Option<Kubeconfig>), Failure> {
    let read = place.kubeconfig.as_deref().map_or_else(Kubeconfig::read, read);
    let mut kubeconfig = match read {
        Ok(kubeconfig) => kubeconfig,
        // A pod has none.
        Err(error) if place.kubeconfig.is_some() || place.context.is_some() => return Err(error.into()),
        Err(error) => {
            let config = Config::incluster().map_err(|_| {
                format!("cannot read a kubeconfig ({error}): set KUBECONFIG, or name one by --kubeconfig")
            })?;
            return Ok((config, None));
        }
    };
    if place.context.is_some() {
        kubeconfig.current_context.clone_from(&place.context);
    }
    let config = Config::from_custom_kubeconfig(kubeconfig.clone(), &KubeConfigOptions::default()).await?;
    Ok((config, Some(kubeconfig)))
}

fn read(path: &Path) -> Result<Kubeconfig, kube::config::KubeconfigError> {
    Kubeconfig::read_from(path)
}

fn flags(place: &Place, namespace: &str) -> String {
    let context = place.context.as_ref().map(|context| format!(" --context {context}"));
    let kubeconfig = place.kubeconfig.as_ref().map(|path| format!(" --kubeconfig {}", path.display()));
    format!(" --namespace {namespace}{}{}", context.unwrap_or_default(), kubeconfig.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_is_told_leads_to_the_same_place() {
        let place =
            Place { context: Some("prod".to_owned()), kubeconfig: Some("/k".into()), ..Place::default() };
        assert_eq!(flags(&place, "team"), " --namespace team --context prod --kubeconfig /k");
        assert_eq!(flags(&Place::default(), "team"), " --namespace team");
    }
}
