//! Whose account it is, as AWS STS tells it.

use std::time::Instant;

use aws_batch_operator::aws::sdk::{Endpoints, Identity, Proxies, http_client};
use aws_batch_operator::job::FaultKind;
use aws_sdk_sts::config::{BehaviorVersion, Builder, Credentials, Region};

use super::scripted::{Answer, Scripted};
use super::{TIMEOUT, settings};

/// What AWS STS answers to the owner of credentials of this account.
pub fn caller(account: &str) -> Answer {
    let told = format!(
        "<GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/u</Arn><UserId>U</UserId><Account>{account}</Account></GetCallerIdentityResult>"
    );
    let namespace = "https://sts.amazonaws.com/doc/2011-06-15/";
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"{namespace}\">{told}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    );
    Answer(200, vec![("x-amzn-requestid", "1".to_owned())], body)
}

fn identity(url: &str) -> Identity {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .http_client(http_client(TIMEOUT, Some(Vec::new()), Endpoints::Private, Proxies::default()))
        .endpoint_url(url);
    Identity::new(config, &settings())
}

#[tokio::test]
async fn the_account_is_told() {
    let server = Scripted::start(|_| caller("123456789012"));
    assert_eq!(identity(&server.url).caller().await.unwrap().account, "123456789012");
}

#[tokio::test]
async fn an_answer_without_an_account_is_none() {
    let server = Scripted::start(|_| caller(""));
    let fault = identity(&server.url).caller().await.unwrap_err();
    assert!(fault.kind == FaultKind::Unclear && fault.answered, "{fault}");
}

#[tokio::test]
async fn it_is_asked_once_and_within_the_time_of_one_call() {
    for answer in [Answer(500, Vec::new(), String::new()), Answer(403, Vec::new(), String::new())] {
        let server = Scripted::start(move |_| answer.clone());
        assert_eq!(identity(&server.url).caller().await.unwrap_err().kind, FaultKind::Unclear);
        assert_eq!(server.asked().len(), 1);
    }
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let begun = Instant::now();
    identity(&format!("http://{}", silent.local_addr().unwrap())).caller().await.unwrap_err();
    assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());
}
