//! What stands between may answer in AWS's place. AWS's own answers bear the id of their request.

use aws_batch_operator::aws::Batch;
use aws_batch_operator::aws::sdk::Aws;
use aws_batch_operator::job::FaultKind;

use super::scripted::{Answer, Scripted};
use super::{config, minimal, settings, soon};

/// What a SubmitJob is taken for that is answered so, and whether AWS itself answered.
async fn taken_for(status: u16, id: Option<&'static str>) -> (FaultKind, bool) {
    let server = Scripted::start(move |_| {
        let mut headers = vec![("x-amzn-errortype", "ClientException".to_owned())];
        headers.extend(id.map(|name| (name, "5d1e".to_owned())));
        Answer(status, headers, r#"{"message":"no"}"#.to_owned())
    });
    let aws = Aws::new(config(&server.url), settings());
    let fault = aws.submit(&minimal(), soon()).await.unwrap_err();
    assert_eq!(server.asked().len(), 1, "sent more than once");
    (fault.kind, fault.answered)
}

#[tokio::test]
async fn a_no_is_believed_when_it_bears_the_id_of_a_request() {
    for id in ["x-amzn-requestid", "x-amz-request-id"] {
        for (status, expected) in [
            (400, FaultKind::Refused),
            (403, FaultKind::Denied),
            (429, FaultKind::Throttled),
            (500, FaultKind::Unclear),
            (404, FaultKind::Unclear),
        ] {
            assert_eq!(taken_for(status, Some(id)).await, (expected, true), "{status} with {id}");
        }
    }
}

#[tokio::test]
async fn a_no_of_somebody_else_is_unclear_and_no_answer_of_aws() {
    for status in [301, 400, 403, 404, 429, 500, 502, 503] {
        assert_eq!(taken_for(status, None).await, (FaultKind::Unclear, false), "{status}");
    }
}
