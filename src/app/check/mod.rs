//! Checks that an installation can work, without changing anything: the output of `aws-batch-operator check`.

mod access;
mod cloud;
mod finding;
mod need;
mod served;
mod time;

pub use finding::Finding;
pub use need::{Need, needs};

use kube::Client;

use crate::app::config::Config;
use crate::aws::sdk::Connection;
use crate::causes::causes;

/// The checks of the cluster: the API server, the CRD, the permissions. If the API server does not answer, the others
/// are left out.
pub async fn cluster(client: &Client, config: &Config) -> Vec<Finding> {
    let server = served::server(client).await;
    let is_there = server.is_ok();
    let mut findings = vec![server];
    if is_there {
        findings.push(served::resource(client).await);
        findings.extend(access::permissions(client, &needs(config, client.default_namespace())).await);
    }
    findings
}

/// The finding if no client of the API server can be made.
pub fn no_cluster(error: &(dyn std::error::Error + 'static)) -> Vec<Finding> {
    let way_out = "run it in a pod with a ServiceAccount token, or set KUBECONFIG";
    vec![Finding::new("API server", Err(format!("no way to reach one ({}); {way_out}", causes(error))))]
}

/// The finding if endpoints, proxies or certificates for AWS are refused.
pub fn no_aws(error: &(dyn std::error::Error + 'static)) -> Finding {
    Finding::new("way to AWS", Err(causes(error)))
}

/// The checks of AWS: Region, credentials, account, permissions, and clock.
pub async fn aws(connection: &Connection, config: &Config) -> Vec<Finding> {
    match cloud::region(connection.region.as_deref()) {
        region if region.is_ok() => [vec![region], cloud::reads(connection, config).await].concat(),
        // Without a Region no call can be made.
        region => vec![region],
    }
}
