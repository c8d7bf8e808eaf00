//! Every Kubernetes permission that the operator uses, one value each. Pure.

use std::fmt;

use crate::api::GROUP;
use crate::app::config::Config;

/// One verb on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    pub verb: &'static str,
    /// The API group; empty: the core.
    pub group: &'static str,
    pub resource: &'static str,
    /// The subresource, if any.
    pub subresource: Option<&'static str>,
    /// The namespace; `None`: all namespaces.
    pub namespace: Option<String>,
    /// The name of the object, if the permission is for one object.
    pub name: Option<String>,
    /// What does not work without the permission.
    pub purpose: &'static str,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "may {} {}", self.verb, self.resource)?;
        if let Some(subresource) = self.subresource {
            write!(f, "/{subresource}")?;
        }
        if !self.group.is_empty() {
            write!(f, ".{}", self.group)?;
        }
        if let Some(name) = &self.name {
            write!(f, " {name}")?;
        }
        match &self.namespace {
            Some(namespace) => write!(f, " in namespace {namespace}"),
            None if self.name.is_some() => Ok(()),
            None => write!(f, " in all namespaces"),
        }
    }
}

const JOBS: Need = need("list", GROUP, "batchjobs", "nothing is seen, and the operator is never ready");

/// The permissions for this configuration, if the operator's pod is in the namespace `own`.
pub fn needs(config: &Config, own: &str) -> Vec<Need> {
    let mut all = Vec::new();
    let scopes: Vec<Option<String>> = match config.namespaces.as_slice() {
        [] => vec![None],
        names => names.iter().cloned().map(Some).collect(),
    };
    for scope in scopes {
        let needs = in_scope().into_iter().chain(events());
        all.extend(needs.map(|need| Need { namespace: scope.clone(), ..need }));
    }
    if config.cluster_id.is_none() {
        let kube_system =
            need("get", "", "namespaces", "the cluster has no name in job tags; or set --cluster-id");
        all.push(Need { name: Some("kube-system".to_owned()), ..kube_system });
    }
    if let Some(lease) = &config.lease {
        let namespace = lease.namespace.clone().unwrap_or_else(|| own.to_owned());
        let of = |verb, name| Need {
            namespace: Some(namespace.clone()),
            name,
            ..need(verb, "coordination.k8s.io", "leases", "no replica ever leads; nothing is submitted")
        };
        all.extend([of("create", None)]);
        all.extend(["get", "update"].map(|verb| of(verb, Some(lease.name.clone()))));
        // The Event about a new leader is about the Lease.
        if !config.namespaces.is_empty() && !config.namespaces.contains(&namespace) {
            all.extend(events().map(|need| Need { namespace: Some(namespace.clone()), ..need }));
        }
    }
    all
}

fn in_scope() -> [Need; 5] {
    [
        JOBS,
        Need { verb: "watch", ..JOBS },
        need("patch", GROUP, "batchjobs", "no job is claimed, so none is submitted"),
        need("delete", GROUP, "batchjobs", "ttlSecondsAfterFinished does nothing"),
        Need {
            subresource: Some("status"),
            ..need("update", GROUP, "batchjobs", "no status is ever written")
        },
    ]
}

fn events() -> [Need; 2] {
    const EVENTS: &str = "people do not see in Events what happens to a job";
    ["create", "patch"].map(|verb| need(verb, "events.k8s.io", "events", EVENTS))
}

const fn need(
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
    purpose: &'static str,
) -> Need {
    Need { verb, group, resource, subresource: None, namespace: None, name: None, purpose }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_reads_as_people_say_it() {
        assert_eq!(JOBS.to_string(), "may list batchjobs.awsbatch.dev in all namespaces");
        let status =
            Need { verb: "update", subresource: Some("status"), namespace: Some("a".to_owned()), ..JOBS };
        assert_eq!(status.to_string(), "may update batchjobs/status.awsbatch.dev in namespace a");
        let one = Need { name: Some("kube-system".to_owned()), ..need("get", "", "namespaces", "") };
        assert_eq!(one.to_string(), "may get namespaces kube-system");
    }
}
