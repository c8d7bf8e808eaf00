//! Asks the API server for the operator's permissions. Creates nothing: a review is only a question.

use futures::future::join_all;
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::api::PostParams;
use kube::{Api, Client};

use super::Need;
use super::finding::{Finding, within};

/// One finding for each permission.
pub async fn permissions(client: &Client, needs: &[Need]) -> Vec<Finding> {
    join_all(needs.iter().map(|need| permission(client, need))).await
}

async fn permission(client: &Client, need: &Need) -> Finding {
    let api: Api<SelfSubjectAccessReview> = Api::all(client.clone());
    let outcome = match within(api.create(&PostParams::default(), &review(need))).await {
        Ok(answer) if answer.status.as_ref().is_some_and(|status| status.allowed) => Ok(String::new()),
        Ok(_) => Err(format!(
            "no. Without it: {}. Allow it in the operator's role, and see that the role is bound to this ServiceAccount",
            need.purpose
        )),
        Err(error) => Err(format!("the API server does not say ({error})")),
    };
    Finding::new(need.to_string(), outcome)
}

fn review(need: &Need) -> SelfSubjectAccessReview {
    let attributes = ResourceAttributes {
        verb: Some(need.verb.to_owned()),
        group: Some(need.group.to_owned()),
        resource: Some(need.resource.to_owned()),
        subresource: need.subresource.map(str::to_owned),
        namespace: need.namespace.clone(),
        name: need.name.clone(),
        ..ResourceAttributes::default()
    };
    SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec { resource_attributes: Some(attributes), ..Default::default() },
        ..Default::default()
    }
}
