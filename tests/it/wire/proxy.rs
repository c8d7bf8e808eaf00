//! Requests that go through a proxy: by a tunnel, in which TLS is still with AWS itself.

use std::slice::from_ref;

use aws_batch_operator::app::environment::Environment;
use aws_batch_operator::aws::Batch;
use aws_batch_operator::aws::sdk::{Aws, Endpoints, Proxies, http_client};
use aws_batch_operator::job::{Fault, FaultKind};
use rustls::pki_types::CertificateDer;
use stand::Tunnel;

use super::silence::Moody;
use super::{TIMEOUT, config, look, minimal, settings, soon};

/// A name that no server of names knows: only the proxy finds it.
const HOST: &str = "batch.invalid";

fn through(proxy: &str, no: &str, trusted: &[CertificateDer<'static>]) -> Aws {
    let text = |text: &str| Some(text.to_owned());
    let environment = Environment { https_proxy: text(proxy), no_proxy: text(no), ..Environment::default() };
    let proxies = Proxies::new(&environment).unwrap();
    let http = http_client(TIMEOUT, Some(trusted.to_vec()), Endpoints::Private, proxies);
    Aws::new(config(&format!("https://{HOST}")).http_client(http), settings())
}

#[tokio::test]
async fn a_request_goes_to_aws_through_a_tunnel_of_the_proxy() {
    let server = Moody::start(HOST);
    let to = server.address;
    let proxy = Tunnel::start(move |_| Some(to));
    let aws = through(&format!("http://user:p%40ss@{}", proxy.address), "", from_ref(&server.certificate));
    look(&aws).await.unwrap();
    assert_eq!(proxy.lines(), [format!("CONNECT {HOST}:443 HTTP/1.1")]);
    let authorization = "Proxy-Authorization: Basic dXNlcjpwQHNz".to_owned();
    assert!(proxy.asked()[0].contains(&authorization), "{:?}", proxy.asked());
}

#[tokio::test]
async fn what_is_excepted_does_not_go_through_the_proxy() {
    let server = Moody::start(HOST);
    let to = server.address;
    let proxy = Tunnel::start(move |_| Some(to));
    let aws = through(
        &format!("http://{}", proxy.address),
        &format!("a.test, .{HOST}"),
        from_ref(&server.certificate),
    );
    assert_eq!(look(&aws).await.unwrap_err().kind, FaultKind::NotSent);
    assert_eq!(proxy.asked().len(), 0);
}

/// Nobody has read the request: it may be sent again at once.
#[tokio::test]
async fn a_request_is_surely_not_sent_when_the_proxy_gives_no_way_or_is_away() {
    let server = Moody::start(HOST);
    let proxy = Tunnel::start(|_| None);
    let submit = async |proxy: &str| -> Fault {
        through(proxy, "", from_ref(&server.certificate)).submit(&minimal(), soon()).await.unwrap_err()
    };
    let refused = submit(&format!("http://{}", proxy.address)).await;
    let away = submit(&format!("127.0.0.1:{}", controlplane::free_port())).await;
    for fault in [refused, away] {
        assert_eq!((fault.kind, fault.answered), (FaultKind::NotSent, false), "{fault}");
        let said = format!("gives no way to {HOST}:443");
        assert!(
            fault.message.contains("the proxy http://127.0.0.1:") && fault.message.contains(&said),
            "{fault}"
        );
    }
    assert_eq!(server.heard(), []);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_issuer_is_told_with_the_way_out() {
    let server = Moody::start(HOST);
    let to = server.address;
    let proxy = Tunnel::start(move |_| Some(to));
    let aws = through(&format!("http://{}", proxy.address), "", &[]);
    let fault = look(&aws).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::NotSent, "{fault}");
    assert!(
        fault.message.contains("UnknownIssuer") && fault.message.contains("set AWS_CA_BUNDLE to"),
        "{fault}"
    );
}
