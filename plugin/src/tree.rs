//! `tree`: what a BatchJob waits for, what waits for it, and the children of an array by state.

use std::collections::BTreeMap;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::plan::names;
use kube::ResourceExt;
use kube::api::ListParams;
use serde::Serialize;

use crate::cli::{OneJob, Output};
use crate::cluster::Cluster;
use crate::end::line;
use crate::failure::Failure;
use crate::out;

/// Shows the tree.
pub async fn tree(cluster: &Cluster, OneJob { name, output }: &OneJob) -> Result<u8, Failure> {
    let jobs = cluster.jobs().list(&ListParams::default()).await;
    let jobs = Namespace::new(jobs.map_err(|error| cluster.told(error, name))?.items);
    let tree = jobs.tree(name).ok_or_else(|| cluster.missing(name))?;
    match output {
        Output::Text => out::print(&tree.text())?,
        Output::Json => out::line(&serde_json::to_string_pretty(&tree)?)?,
    }
    Ok(0)
}

/// The BatchJobs of a namespace by name.
struct Namespace(BTreeMap<String, BatchJob>);

/// A BatchJob and what it waits for, or what waits for it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    name: String,
    state: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    next: Vec<Node>,
}

/// A BatchJob with all around it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Tree {
    name: String,
    state: String,
    waits_for: Vec<Node>,
    waited_for_by: Vec<Node>,
    /// The children of an array by state, and the indexes of those that failed.
    children: BTreeMap<String, i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_children: Option<String>,
}

impl Namespace {
    fn new(jobs: Vec<BatchJob>) -> Self {
        Self(jobs.into_iter().map(|job| (job.name_any(), job)).collect())
    }

    fn tree(&self, name: &str) -> Option<Tree> {
        let job = self.0.get(name)?;
        let array = job.status.as_ref().and_then(|status| status.array.clone()).unwrap_or_default();
        let children = array.status_summary.unwrap_or_default();
        Some(Tree {
            name: name.to_owned(),
            state: line(job),
            waits_for: self.nodes(name, &mut vec![name.to_owned()], &|name| self.parents(name)),
            waited_for_by: self.nodes(name, &mut vec![name.to_owned()], &|name| self.dependents(name)),
            children: children.into_iter().filter(|(_, number)| *number > 0).collect(),
            failed_children: array.failed_indexes,
        })
    }

    /// What `next` tells of a BatchJob, and so on. A way that comes back to where it was ends there.
    fn nodes(&self, name: &str, way: &mut Vec<String>, next: &dyn Fn(&str) -> Vec<String>) -> Vec<Node> {
        let mut nodes = Vec::new();
        for name in next(name) {
            let state = self.0.get(&name).map_or_else(|| "does not exist".to_owned(), line);
            if way.contains(&name) {
                nodes.push(Node { name, state: "waits for itself in turn".to_owned(), next: Vec::new() });
                continue;
            }
            way.push(name.clone());
            let next = self.nodes(&name, way, next);
            way.pop();
            nodes.push(Node { name, state, next });
        }
        nodes
    }

    /// Those that it names: by name, or by the id of a job.
    fn parents(&self, name: &str) -> Vec<String> {
        let Some(job) = self.0.get(name) else { return Vec::new() };
        let ids = job.spec.depends_on.iter().flatten().filter_map(|one| one.job_id.clone());
        let named = names(job).map(str::to_owned);
        named.chain(ids.map(|id| self.of_job(&id).unwrap_or_else(|| format!("job {id}")))).collect()
    }

    fn dependents(&self, name: &str) -> Vec<String> {
        self.0
            .keys()
            .filter(|other| self.parents(other).iter().any(|parent| parent == name))
            .cloned()
            .collect()
    }

    fn of_job(&self, id: &str) -> Option<String> {
        let bears =
            |job: &BatchJob| job.status.as_ref().is_some_and(|status| status.job_id.as_deref() == Some(id));
        self.0.iter().find(|(_, job)| bears(job)).map(|(name, _)| name.clone())
    }
}

impl Tree {
    fn text(&self) -> String {
        let mut text = format!("{}  {}\n", self.name, self.state);
        let children: Vec<_> =
            self.children.iter().map(|(state, number)| format!("{number} {state}")).collect();
        if !children.is_empty() {
            let failed = self.failed_children.as_ref().map(|indexes| format!("; failed: {indexes}"));
            text.extend(["children: ", &children.join(", "), &failed.unwrap_or_default(), "\n"]);
        }
        for (heading, nodes) in [("waits for:\n", &self.waits_for), ("waited for by:\n", &self.waited_for_by)]
        {
            if !nodes.is_empty() {
                text.push_str(heading);
                branches(nodes, "", &mut text);
            }
        }
        text
    }
}

fn branches(nodes: &[Node], before: &str, text: &mut String) {
    for (place, node) in nodes.iter().enumerate() {
        let is_last = place + 1 == nodes.len();
        let (own, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        text.extend([before, own, &node.name, "  ", &node.state, "\n"]);
        branches(&node.next, &format!("{before}{below}"), text);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn namespace(jobs: &[(&str, &[&str])]) -> Namespace {
        let one = |(name, parents): &(&str, &[&str])| {
            let depends: Vec<_> = parents.iter().map(|parent| json!({ "name": parent })).collect();
            let job = json!({
                "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": name },
                "spec": { "jobQueue": "q", "jobDefinition": "d", "dependsOn": depends },
                "status": { "phase": "Pending" },
            });
            serde_json::from_value(job).unwrap()
        };
        Namespace::new(jobs.iter().map(one).collect())
    }

    #[test]
    fn both_directions_are_shown_and_what_is_missing_is_named() {
        let jobs = namespace(&[("a", &[]), ("b", &["a", "none"]), ("c", &["b"]), ("d", &["c"]), ("e", &[])]);
        let told = jobs.tree("b").unwrap().text();
        let wanted = "b  Pending\nwaits for:\n├─ a  Pending\n└─ none  does not exist\nwaited for by:\n└─ c  Pending\n   └─ d  Pending\n";
        assert_eq!(told, wanted);
        assert!(jobs.tree("none").is_none());
    }

    #[test]
    fn a_cycle_ends() {
        let told = namespace(&[("a", &["b"]), ("b", &["a"])]).tree("a").unwrap().text();
        assert!(told.contains("└─ b  Pending\n   └─ a  waits for itself in turn\n"), "{told}");
    }

    #[test]
    fn a_job_that_is_named_by_its_id_is_its_object_where_there_is_one() {
        let mut jobs = namespace(&[("a", &[]), ("b", &[])]);
        let id = |job: &mut BatchJob, id: &str| job.status.as_mut().unwrap().job_id = Some(id.to_owned());
        id(jobs.0.get_mut("a").unwrap(), "1");
        let on = json!([{ "jobId": "1" }, { "jobId": "2" }]);
        jobs.0.get_mut("b").unwrap().spec.depends_on = serde_json::from_value(on).unwrap();
        assert_eq!(jobs.parents("b"), ["a", "job 2"]);
    }
}
