//! Values that the chart does not take, and what it says of them.

use crate::helm::{HELMS, refusal};

#[track_caller]
fn refused(values: &str, says: &str) {
    for major in HELMS {
        let text = refusal(major, &["--set", values]);
        assert!(text.contains(says), "{values}: {text}");
    }
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn a_typo_is_named() {
    refused("replica=3", "replica");
    refused("aws.regoin=eu-central-1", "regoin");
    refused("metrics.serviceMonitor.enable=true", "enable");
    refused("leaderElection.leaseDuration=fifteen", "leaseDuration");
    refused("operator.submitRate=0", "submitRate");
    refused("image.digest=latest", "digest");
    refused("admissionPolicy.validationActions={Block}", "validationActions");
    refused("aws.accountId=1234", "accountId");
    refused("aws.endpointUrl=batch.example", "endpointUrl");
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn values_that_contradict_each_other_are_refused_with_a_sentence() {
    refused("leaderElection.enabled=false", "two operators would act at once");
    refused(
        "metrics.serviceMonitor.enabled=true,metrics.service.enabled=false",
        "a ServiceMonitor reads a Service",
    );
    refused("metrics.serviceMonitor.enabled=true,metrics.podMonitor.enabled=true", "read twice");
    refused("podDisruptionBudget.minAvailable=1,podDisruptionBudget.maxUnavailable=1", "takes one of them");
    refused(
        "admissionPolicy.enabled=true,admissionPolicy.validationActions={Deny,Warn}",
        "holds Deny and Warn: Kubernetes takes one of them",
    );
    refused("serviceAccount.create=false", "name the ServiceAccount that exists");
    refused(
        "networkPolicy.enabled=true,aws.endpointUrl=http://proxy:4566",
        "port 4566, which the NetworkPolicy does not let out",
    );
    for there in ["batch.example", "127.0.0.1.example", "localhost.example:8080"] {
        refused(&format!("aws.endpointUrl=http://{there}"), "set aws.allowInsecureEndpoint to true");
    }
    refused(
        "networkPolicy.enabled=true,networkPolicy.allowInstanceMetadata=true",
        "aws.allowInstanceMetadata is false",
    );
    refused(
        "metrics.podMonitor.enabled=true,metrics.podMonitor.renderMode=failIfMissing",
        "does not serve PodMonitor",
    );
}
