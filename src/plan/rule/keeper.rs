//! Which tool would create an object again when it is deleted.

use kube::ResourceExt;

use crate::api::BatchJob;

/// Annotations and labels by which tools know the objects that they create again.
const KEEPERS: [(&str, &str); 9] = [
    ("argocd.argoproj.io/tracking-id", "Argo CD"),
    ("argocd.argoproj.io/instance", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/name", "Flux"),
    ("helm.toolkit.fluxcd.io/name", "Flux"),
    ("meta.helm.sh/release-name", "Helm"),
    ("kapp.k14s.io/app", "kapp"),
    ("kapp.k14s.io/identity", "kapp"),
    ("configsync.gke.io/resource-id", "Config Sync"),
    ("configmanagement.gke.io/managed", "Config Sync"),
];

const HOOK: &str = "argocd.argoproj.io/hook";

/// Whether this key of an annotation or label belongs to such a tool. The value is not read.
pub fn tells_of_a_keeper(key: &str) -> bool {
    key == HOOK || KEEPERS.iter().any(|(known, _)| *known == key)
}

/// The name of the tool that would create the object again. Hooks of Argo CD do not count: they are meant to run again.
pub fn keeper(object: &BatchJob) -> Option<&'static str> {
    if object.annotations().contains_key(HOOK) {
        return None;
    }
    let bears = |key: &str| object.annotations().contains_key(key) || object.labels().contains_key(key);
    KEEPERS.into_iter().find(|(key, _)| bears(key)).map(|(_, keeper)| keeper)
}
