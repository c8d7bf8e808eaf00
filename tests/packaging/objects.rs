//! The rendered objects, value by value.

use serde_json::{Value, json};

use crate::helm::{HELMS, helm, objects, of_kind, of_set, one, parse, read, text, value_sets};

fn kinds(objects: &[Value]) -> Vec<&str> {
    objects.iter().map(|object| object["kind"].as_str().unwrap()).collect()
}

fn container(objects: &[Value]) -> Value {
    one(objects, "Deployment")["spec"]["template"]["spec"]["containers"][0].clone()
}

fn variable(objects: &[Value], name: &str) -> Option<String> {
    let environment = container(objects)["env"].as_array().unwrap().clone();
    let found = environment.into_iter().find(|variable| variable["name"] == name)?;
    Some(found["value"].as_str().unwrap_or_default().to_owned())
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn both_helms_lint_and_render_every_value_set_and_twice_the_same() {
    for set in value_sets() {
        let mut renderings = Vec::new();
        for major in HELMS {
            let lint = ["lint", "--strict", "charts/aws-batch-operator", "--kube-version", "1.37.0"];
            let output = helm(major, &[&lint[..], &["--values", &set]].concat()).output().unwrap();
            assert!(output.status.success(), "{set}: {}", String::from_utf8_lossy(&output.stdout));
            let first = text(major, &["--values", &set]);
            assert_eq!(first, text(major, &["--values", &set]), "{set}");
            let mut objects = parse(&first);
            objects.sort_by_key(Value::to_string);
            renderings.push(objects);
        }
        assert_eq!(renderings[0], renderings[1], "{set}: Helm 3 and Helm 4");
    }
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn two_pods_stand_apart_and_keep_to_the_restricted_standard() {
    let all = of_set("01-default");
    let deployment = &one(&all, "Deployment")["spec"];
    assert_eq!(deployment["replicas"], 2);
    assert_eq!(one(&all, "PodDisruptionBudget")["spec"]["maxUnavailable"], 1);
    let pod = &deployment["template"]["spec"];
    for (probe, path) in [("livenessProbe", "/livez"), ("readinessProbe", "/readyz")] {
        assert_eq!(pod["containers"][0][probe]["httpGet"]["path"], path);
    }
    assert_eq!(pod["topologySpreadConstraints"].as_array().unwrap().len(), 2);
    assert_eq!(pod["topologySpreadConstraints"][0]["labelSelector"], deployment["selector"]);
    for pod in [pod, &one(&all, "Pod")["spec"]] {
        let (context, own) = (&pod["securityContext"], &pod["containers"][0]["securityContext"]);
        assert_eq!((&context["runAsNonRoot"], &context["runAsUser"]), (&json!(true), &json!(65532)));
        assert_eq!(context["seccompProfile"]["type"], "RuntimeDefault");
        assert_eq!(own["capabilities"]["drop"], json!(["ALL"]));
        assert_eq!(own["allowPrivilegeEscalation"], false);
        assert_eq!(own["readOnlyRootFilesystem"], true);
    }
    assert_eq!(variable(&all, "AWS_BATCH_OPERATOR_LEADER_ELECT").as_deref(), Some("true"));
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn the_test_pod_checks_with_the_operators_image_account_and_environment() {
    let all = of_set("12-outside");
    let (check, own) = (&one(&all, "Pod")["spec"], container(&all));
    assert_eq!(check["containers"][0]["args"][0], "check");
    assert_eq!(check["containers"][0]["image"], own["image"]);
    assert_eq!(check["containers"][0]["env"], own["env"]);
    assert_eq!(check["serviceAccountName"], "existing");
    assert_eq!(one(&all, "Pod")["metadata"]["annotations"]["helm.sh/hook"], "test");
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn an_installation_for_some_namespaces_has_a_cluster_role_only_for_what_must_outlive_them() {
    let all = of_set("04-namespaced");
    assert!(!kinds(&all).iter().any(|kind| kind.starts_with("ClusterRole")), "{:?}", kinds(&all));
    let roles = of_kind(&all, "Role");
    let namespaces: Vec<_> =
        roles.iter().map(|role| role["metadata"]["namespace"].as_str().unwrap()).collect();
    assert_eq!(namespaces.len(), 3, "{namespaces:?}");
    for namespace in ["team-a", "team-b", "ns"] {
        assert!(namespaces.contains(&namespace), "{namespaces:?}");
    }
    assert_eq!(variable(&all, "AWS_BATCH_OPERATOR_WATCH_NAMESPACE").as_deref(), Some("team-a,team-b"));
    let all = of_set("05-namespaced-uid");
    let cluster = of_kind(&all, "ClusterRole");
    let own = cluster.iter().find(|role| role["metadata"]["name"] == "abo-aws-batch-operator-ns").unwrap();
    let verbs: Vec<(&Value, &Value)> =
        own["rules"].as_array().unwrap().iter().map(|rule| (&rule["resources"][0], &rule["verbs"])).collect();
    let expected = [
        (&json!("batchjobs"), &json!(["list", "watch", "patch"])),
        (&json!("batchjobs/status"), &json!(["update"])),
        (&json!("namespaces"), &json!(["get"])),
    ];
    assert_eq!(verbs, expected);
    let of_team = of_kind(&all, "Role").into_iter().find(|role| role["metadata"]["namespace"] == "team-a");
    assert!(!of_team.unwrap().to_string().contains("watch"), "no right is given twice: {of_team:?}");
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn one_replica_without_an_election_is_replaced_before_the_next_acts() {
    let all = of_set("03-single");
    assert_eq!(one(&all, "Deployment")["spec"]["strategy"]["type"], "Recreate");
    assert!(of_kind(&all, "PodDisruptionBudget").is_empty());
    let leases = of_kind(&all, "Role");
    assert!(leases.is_empty(), "{leases:?}");
    assert_eq!(variable(&all, "AWS_BATCH_OPERATOR_LEADER_ELECT").as_deref(), Some("false"));
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn the_crd_is_the_binarys_letter_for_letter_and_outlives_the_release() {
    let crd = |more: &[&str]| {
        let all = [&["--show-only", "templates/crd.yaml"], more].concat();
        text(4, &all).split_once("crd.yaml\n").unwrap().1.trim_end().to_owned()
    };
    assert_eq!(crd(&["--set", "crds.keep=false"]), read("deploy/crd.yaml").trim_end());
    let annotations = |text: &str| parse(text)[0]["metadata"]["annotations"].clone();
    assert_eq!(annotations(&crd(&[])), json!({ "helm.sh/resource-policy": "keep" }));
    let argo = r"crds.annotations.argocd\.argoproj\.io/sync-options=Prune=false";
    assert_eq!(annotations(&crd(&["--set", argo]))["argocd.argoproj.io/sync-options"], "Prune=false");
    assert!(of_kind(&of_set("12-outside"), "CustomResourceDefinition").is_empty());
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn people_get_the_right_to_read_by_aggregation_and_the_right_to_submit_only_when_told() {
    let roles_for = |set: &str, to: &str| {
        let label = format!("rbac.authorization.k8s.io/aggregate-to-{to}");
        let all = of_set(set);
        let roles = of_kind(&all, "ClusterRole").into_iter();
        let roles = roles.filter(|role| role["metadata"]["labels"][&label] == "true");
        roles.map(|role| role["rules"][0]["verbs"].to_string()).collect::<Vec<_>>()
    };
    for (set, to, may_create) in [
        ("01-default", "view", Some(false)),
        ("01-default", "edit", None),
        ("01-default", "admin", None),
        ("12-outside", "edit", Some(true)),
        ("12-outside", "admin", Some(true)),
    ] {
        let roles = roles_for(set, to);
        assert_eq!(roles.len(), usize::from(may_create.is_some()), "{set} {to}");
        for verbs in roles {
            assert!(verbs.contains("list"), "{set} {to}");
            assert_eq!(Some(verbs.contains("create")), may_create, "{set} {to}");
        }
    }
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn monitoring_is_rendered_where_it_is_asked_for() {
    let all = of_set("06-monitoring");
    let monitor = &one(&all, "ServiceMonitor")["spec"];
    assert_eq!(monitor["endpoints"][0]["interval"], "15s");
    let service = one(&all, "Service");
    assert_eq!(service["spec"]["ports"][0]["name"], monitor["endpoints"][0]["port"]);
    for (name, value) in monitor["selector"]["matchLabels"].as_object().unwrap() {
        assert_eq!(&service["metadata"]["labels"][name], value);
    }
    let rules = parse(&read("charts/aws-batch-operator/files/rules.yaml"));
    assert_eq!(one(&all, "PrometheusRule")["spec"], rules[0], "the alerts' templates are Prometheus's");
    let dashboard = one(&all, "ConfigMap")["data"]["aws-batch-operator.json"].as_str().unwrap();
    let dashboard: Value = serde_json::from_str(dashboard).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() > 5);
    assert_eq!(one(&of_set("07-podmonitor"), "PodMonitor")["spec"]["podMetricsEndpoints"][0]["port"], "http");
    let quiet = ["--set", "metrics.serviceMonitor.enabled=true"];
    assert!(of_kind(&objects(&quiet), "ServiceMonitor").is_empty(), "the cluster does not serve it");
    let served = [&quiet[..], &["--api-versions", "monitoring.coreos.com/v1/ServiceMonitor"]].concat();
    assert_eq!(of_kind(&objects(&served), "ServiceMonitor").len(), 1);
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn a_network_policy_lets_out_what_is_needed() {
    let all = of_set("08-network");
    let policy = &one(&all, "NetworkPolicy")["spec"];
    let egress = policy["egress"].to_string();
    for needed in ["169.254.170.23/32", "fd00:ec2::23/128", "169.254.169.254/32", "443", "6443", "53", "3128"]
    {
        assert!(egress.contains(needed), "{needed}: {egress}");
    }
    let names = policy["podSelector"]["matchExpressions"][0]["values"].as_array().unwrap();
    for labels in [
        &one(&all, "Deployment")["spec"]["template"]["metadata"]["labels"],
        &one(&all, "Pod")["metadata"]["labels"],
    ] {
        assert!(names.contains(&labels["app.kubernetes.io/name"]), "{labels}");
        let instance = &policy["podSelector"]["matchLabels"]["app.kubernetes.io/instance"];
        assert_eq!(&labels["app.kubernetes.io/instance"], instance);
    }
    assert_eq!(policy["ingress"][0]["ports"][0]["port"], 8080);
    assert!(policy["ingress"][0]["from"].is_array());
    let default = of_set("01-default");
    assert!(of_kind(&default, "NetworkPolicy").is_empty());
    let metadata = "AWS_EC2_METADATA_DISABLED";
    assert_eq!(variable(&default, metadata).as_deref(), Some("true"), "the role of the node is no fallback");
    assert_eq!(variable(&of_set("08-network"), metadata), None);
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn image_and_extras_reach_the_pods() {
    let image = container(&of_set("09-digest"))["image"].clone();
    assert!(
        image.as_str().unwrap().starts_with("registry.example.com/batch/operator@sha256:0123"),
        "{image}"
    );
    let all = of_set("10-extra");
    let own = container(&all);
    assert_eq!(own["args"], json!(["run", "--log-format=text"]));
    assert_eq!(variable(&all, "HTTPS_PROXY").as_deref(), Some("http://proxy:3128"));
    assert_eq!(own["volumeMounts"][0]["mountPath"], "/ca");
    assert_eq!(one(&all, "ConfigMap")["metadata"]["name"], "abo-extra");
    for kind in ["Deployment", "ServiceAccount", "Service", "Role", "PodDisruptionBudget"] {
        assert_eq!(one(&all, kind)["metadata"]["labels"]["team"], "data", "{kind}");
    }
    let outside = of_set("12-outside");
    assert_eq!(variable(&outside, "AWS_USE_FIPS_ENDPOINT").as_deref(), Some("true"));
    assert_eq!(variable(&outside, "AWS_BATCH_OPERATOR_DEFAULT_DELETION_POLICY").as_deref(), Some("Retain"));
    assert_eq!(variable(&outside, "AWS_BATCH_OPERATOR_SUBMIT_RATE").as_deref(), Some("10"));
}
