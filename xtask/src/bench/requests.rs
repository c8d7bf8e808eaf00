//! The requests that the API server has answered, by verb and resource, from its own metrics.

use std::collections::BTreeMap;

/// How many requests of each kind, such as `PUT batchjobs/status`.
pub type Requests = BTreeMap<String, f64>;

const METRIC: &str = "apiserver_request_total{";

/// What the API server has counted so far.
pub fn counted(metrics: &str) -> Requests {
    let mut requests = Requests::new();
    for line in metrics.lines().filter_map(|line| line.strip_prefix(METRIC)) {
        let Some((labels, number)) = line.rsplit_once("} ") else { continue };
        let Ok(number) = number.parse::<f64>() else { continue };
        *requests.entry(kind(labels)).or_default() += number;
    }
    requests
}

/// The requests between two counts, for each of so many objects.
pub fn between(before: &Requests, after: &Requests, objects: f64) -> Requests {
    let since = |(kind, number): (&String, &f64)| {
        (kind.clone(), (number - before.get(kind).copied().unwrap_or_default()) / objects)
    };
    // What a run asks a few times in all, and the server of itself, is no part of an object.
    after.iter().map(since).filter(|(_, each)| *each >= 0.05).collect()
}

/// How many of them change an object of this resource, or its status.
pub fn writes(requests: &Requests, resource: &str) -> f64 {
    let is_write = |kind: &str| {
        let (verb, of) = kind.split_once(' ').unwrap_or_default();
        let is_of_resource = of.split('/').next() == Some(resource);
        is_of_resource && matches!(verb, "POST" | "PUT" | "PATCH" | "DELETE")
    };
    requests.iter().filter(|(kind, _)| is_write(kind)).map(|(_, number)| number).sum()
}

fn kind(labels: &str) -> String {
    let label = |name: &str| {
        let (_, rest) = labels.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value).filter(|value| !value.is_empty())
    };
    // `subresource` ends in `resource` too: the mark in front tells them apart.
    let resource = labels.split(',').find_map(|label| label.strip_prefix("resource=\"")?.strip_suffix('"'));
    let part = label("subresource").map(|part| format!("/{part}")).unwrap_or_default();
    let verb = label("verb").unwrap_or_default();
    format!("{verb} {}{part}", resource.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = r#"# HELP apiserver_request_total Requests
apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 2"#;
    const AFTER: &str = r#"apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 12
apiserver_request_total{code="200",component="apiserver",dry_run="",group="awsbatch.dev",resource="batchjobs",scope="resource",subresource="status",verb="PUT",version="v1alpha1"} 20
apiserver_request_total{code="409",component="apiserver",dry_run="",group="awsbatch.dev",resource="batchjobs",scope="resource",subresource="status",verb="PUT",version="v1alpha1"} 5
other_total{verb="GET"} 7"#;

    #[test]
    fn requests_are_counted_for_each_object_whatever_their_answer() {
        let each = between(&counted(BEFORE), &counted(AFTER), 10.0);
        let expected = [("PUT batchjobs/status".to_owned(), 2.5), ("POST configmaps".to_owned(), 1.0)];
        assert_eq!(each, expected.into());
    }

    #[test]
    fn reads_and_other_resources_are_no_writes_of_batch_jobs() {
        let requests = [
            ("PUT batchjobs/status", 2.0),
            ("PATCH batchjobs", 3.0),
            ("POST events", 4.0),
            ("LIST batchjobs", 10.0),
            ("WATCH batchjobs", 20.0),
            ("PUT leases", 30.0),
        ];
        let requests = requests.map(|(kind, number)| (kind.to_owned(), number)).into();
        assert!((writes(&requests, "batchjobs") - 5.0).abs() < 1e-9);
        assert!((writes(&requests, "events") - 4.0).abs() < 1e-9);
    }
}
