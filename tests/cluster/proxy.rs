//! The API server behind a proxy: that of the kubeconfig, and that of the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};
use stand::Tunnel;

use crate::operator::command;
use crate::stage::{OPERATOR, Stage, plane};

/// A name that no server of names knows.
const SERVER: &str = "kubernetes.invalid";

/// A kubeconfig that names the API server so, and the proxy; and where the API server really is.
fn kubeconfig(stage: &Stage, proxy_url: Option<&str>) -> (PathBuf, SocketAddr) {
    let plane = plane();
    let text = std::fs::read_to_string(plane.kubeconfig_for(OPERATOR, &[]).unwrap()).unwrap();
    let mut config: Value = serde_json::from_str(&text).unwrap();
    let cluster = &mut config["clusters"][0]["cluster"];
    let address = cluster["server"].as_str().unwrap().strip_prefix("https://").unwrap().parse().unwrap();
    cluster["server"] = json!(format!("https://{SERVER}"));
    cluster["tls-server-name"] = json!("localhost");
    cluster["proxy-url"] = json!(proxy_url);
    let file = plane.dir().join(format!("{}-{}.json", stage.namespace, proxy_url.is_some()));
    std::fs::write(&file, config.to_string()).unwrap();
    (file, address)
}

fn proxy(stage: &Stage) -> Tunnel {
    let (_, address) = kubeconfig(stage, None);
    Tunnel::start(move |_| Some(address))
}

/// What `check` says of the API server.
fn api_server(stage: &Stage, proxy_url: Option<&str>, environment: &[(&str, &str)]) -> String {
    let mut command = command(stage, "check", &kubeconfig(stage, proxy_url).0);
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find(|line| line.contains("API server")).unwrap_or_default().to_owned()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_api_server_is_reached_through_the_proxy_of_the_kubeconfig_whatever_no_proxy_says() {
    let stage = Stage::new("proxy-url");
    let proxy = proxy(&stage);
    let url = format!("http://{}", proxy.address);
    let said = api_server(&stage, Some(&url), &[("NO_PROXY", SERVER)]);
    assert!(said.starts_with("ok"), "{said}");
    assert_eq!(proxy.lines(), [format!("CONNECT {SERVER}:443 HTTP/1.1")]);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_api_server_is_reached_through_the_proxy_of_the_environment_unless_it_is_excepted() {
    let stage = Stage::new("proxy-environment");
    let proxy = proxy(&stage);
    let address = proxy.address.to_string();
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let excepted = api_server(&stage, None, &[(variable, &address), ("no_proxy", ".invalid")]);
        assert!(excepted.starts_with("failed"), "{excepted}");
    }
    assert_eq!(proxy.asked().len(), 0);
    let said = api_server(&stage, None, &[("HTTPS_PROXY", &address), ("NO_PROXY", "10.0.0.0/8")]);
    assert!(said.starts_with("ok"), "{said}");
    assert_eq!(proxy.lines(), [format!("CONNECT {SERVER}:443 HTTP/1.1")]);
}
