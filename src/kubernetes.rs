//! The client of the API server, by the settings of the pod or of a kubeconfig.

use std::time::Duration;

use axum::http::Uri;
use kube::config::{Cluster, Kubeconfig};
use kube::{Client, Config};

use crate::aws::sdk::Proxies;

/// The longest time for a new connection.
const CONNECT: Duration = Duration::from_secs(5);

/// A client of the pod's API server, or of the kubeconfig's.
pub async fn client(proxies: &Proxies) -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    reach(Config::infer().await?, Kubeconfig::read().ok(), proxies)
}

/// A client of the API server that these name. Its own retries are off: fifteen of them would outlast every deadline.
pub fn reach(
    mut config: Config,
    kubeconfig: Option<Kubeconfig>,
    proxies: &Proxies,
) -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    config.default_retry = false;
    config.connect_timeout = Some(CONNECT);
    // A pod has no kubeconfig, and reaches the API server of its own cluster without a proxy.
    config.proxy_url = kubeconfig.and_then(|kubeconfig| proxy(kubeconfig, &config.cluster_url, proxies));
    if config.proxy_url.as_ref().is_some_and(|proxy| proxy.scheme_str() != Some("http")) {
        return Err("the proxy to the API server (proxy-url, HTTPS_PROXY) must begin with http://".into());
    }
    Ok(Client::try_from(config)?)
}

/// The rules of kubectl: `proxy-url` applies in spite of NO_PROXY. Without it, the environment decides by the address
/// of the API server.
fn proxy(kubeconfig: Kubeconfig, server: &Uri, proxies: &Proxies) -> Option<Uri> {
    let own = current(kubeconfig).and_then(|cluster| cluster.proxy_url).filter(|url| !url.is_empty());
    match own {
        Some(url) => url.parse().ok(),
        None => proxies.spelled(server),
    }
}

/// The cluster of the current context.
fn current(kubeconfig: Kubeconfig) -> Option<Cluster> {
    let name = kubeconfig.current_context?;
    let context = kubeconfig.contexts.into_iter().find(|context| context.name == name)?.context?;
    let cluster = kubeconfig.clusters.into_iter().find(|cluster| cluster.name == context.cluster);
    cluster.and_then(|cluster| cluster.cluster)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::environment::Environment;

    fn way(proxy_url: &str, no: &str) -> Option<String> {
        let kubeconfig = format!(
            "current-context: c\ncontexts: [{{name: c, context: {{cluster: k, user: u}}}}]\nclusters: [{{name: k, cluster: {{server: 'https://k.example', proxy-url: '{proxy_url}'}}}}]"
        );
        let environment = Environment {
            https_proxy: Some("proxy:3128".to_owned()),
            no_proxy: Some(no.to_owned()),
            ..Environment::default()
        };
        let proxies = Proxies::new(&environment).unwrap();
        let kubeconfig = Kubeconfig::from_yaml(&kubeconfig).unwrap();
        proxy(kubeconfig, &"https://k.example".parse().unwrap(), &proxies).map(|uri| uri.to_string())
    }

    #[test]
    fn a_kubeconfigs_proxy_comes_before_that_of_the_environment_which_excepts_api_servers() {
        assert_eq!(way("", "").as_deref(), Some("http://proxy:3128/"));
        assert_eq!(way("", "k.example"), None);
        // The address of the proxy is no destination.
        assert_eq!(way("", "proxy").as_deref(), Some("http://proxy:3128/"));
        assert_eq!(way("http://own:1", "k.example,own").as_deref(), Some("http://own:1/"));
    }
}
