//! Examples for many teams give no team more than its own.

use serde_json::{Value, json};

use super::read;

#[test]
fn the_applications_of_many_teams_may_make_batch_jobs_in_namespaces_of_teams_only() {
    let text = read("examples/gitops/argocd/applicationset.yaml");
    let objects: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
    let of_kind = |kind: &str| objects.iter().find(|object| object["kind"] == kind).expect(kind);
    let (set, project) = (of_kind("ApplicationSet"), of_kind("AppProject"));
    let template = &set["spec"]["template"]["spec"];
    assert_eq!(template["project"], project["metadata"]["name"]);
    let may = &project["spec"];
    assert_eq!(may["namespaceResourceWhitelist"], json!([{ "group": "awsbatch.dev", "kind": "BatchJob" }]));
    assert_eq!(may["clusterResourceWhitelist"], Value::Null, "no Namespace is made by a folder");
    assert_eq!(
        may["destinations"],
        json!([{ "server": template["destination"]["server"], "namespace": "team-*" }])
    );
    assert_eq!(may["sourceRepos"], json!([template["source"]["repoURL"]]));
}
