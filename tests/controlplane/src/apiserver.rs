//! How each program is called. The flags are those of envtest, and the audit log.
//! Knows nothing of when they are started.

use std::path::Path;

use crate::binaries::Binaries;
use crate::component::Recipe;

/// Where everything listens, on loopback.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    pub etcd: u16,
    pub etcd_peers: u16,
    pub apiserver: u16,
}

impl Ports {
    /// The API server's address.
    pub fn server(self) -> String {
        format!("https://127.0.0.1:{}", self.apiserver)
    }
}

/// etcd without fsync: what it stores need not outlive the machine.
pub fn etcd(binaries: &Binaries, dir: &Path, ports: Ports) -> Recipe {
    let clients = format!("http://127.0.0.1:{}", ports.etcd);
    let peers = format!("http://127.0.0.1:{}", ports.etcd_peers);
    let arguments = [
        ("--data-dir", dir.join("etcd").display().to_string()),
        ("--listen-client-urls", clients.clone()),
        ("--advertise-client-urls", clients),
        ("--listen-peer-urls", peers.clone()),
        ("--initial-advertise-peer-urls", peers.clone()),
        ("--initial-cluster", format!("default={peers}")),
        ("--unsafe-no-fsync", "true".to_owned()),
    ];
    recipe("etcd", &binaries.etcd, dir, &arguments)
}

/// The API server, with RBAC and an audit log of every answered request.
pub fn apiserver(binaries: &Binaries, dir: &Path, ports: Ports) -> Recipe {
    let file = |name: &str| dir.join(name).display().to_string();
    let arguments = [
        ("--etcd-servers", format!("http://127.0.0.1:{}", ports.etcd)),
        ("--service-cluster-ip-range", "10.0.0.0/24".to_owned()),
        ("--allow-privileged", "true".to_owned()),
        ("--disable-admission-plugins", "ServiceAccount".to_owned()),
        ("--authorization-mode", "RBAC".to_owned()),
        ("--bind-address", "127.0.0.1".to_owned()),
        // A machine without a default route has no other address, and nothing reads the endpoints.
        ("--advertise-address", "127.0.0.1".to_owned()),
        ("--endpoint-reconciler-type", "none".to_owned()),
        ("--secure-port", ports.apiserver.to_string()),
        ("--tls-cert-file", file("apiserver.crt")),
        ("--tls-private-key-file", file("apiserver.key")),
        ("--client-ca-file", file("ca.crt")),
        ("--service-account-issuer", format!("{}/", ports.server())),
        ("--service-account-key-file", file("sa.pub")),
        ("--service-account-signing-key-file", file("sa.key")),
        ("--audit-policy-file", file("audit-policy.yaml")),
        ("--audit-log-path", file("audit.log")),
        ("--audit-log-mode", "blocking".to_owned()),
        // Megabytes: the log is never moved away from under its reader.
        ("--audit-log-maxsize", "100000".to_owned()),
    ];
    recipe("kube-apiserver", &binaries.kube_apiserver, dir, &arguments)
}

/// Garbage collection, the end of namespaces, and the controllers that cost nothing.
pub fn controllers(program: &Path, dir: &Path) -> Recipe {
    let file = |name: &str| dir.join(name).display().to_string();
    let arguments = [
        ("--kubeconfig", file("admin.kubeconfig")),
        ("--leader-elect", "false".to_owned()),
        ("--root-ca-file", file("ca.crt")),
        ("--service-account-private-key-file", file("sa.key")),
        ("--use-service-account-credentials", "false".to_owned()),
        ("--secure-port", "0".to_owned()),
        ("--kube-api-qps", "200".to_owned()),
        ("--kube-api-burst", "400".to_owned()),
    ];
    recipe("kube-controller-manager", program, dir, &arguments)
}

fn recipe(name: &'static str, program: &Path, dir: &Path, arguments: &[(&str, String)]) -> Recipe {
    Recipe {
        name,
        program: program.to_owned(),
        arguments: arguments.iter().map(|(flag, value)| format!("{flag}={value}")).collect(),
        log: dir.join(format!("{name}.log")),
    }
}
