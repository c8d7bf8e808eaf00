//! How jobs are ended: in bulk, and one by one where AWS knows no bulk calls.

use std::sync::Mutex;

use aws_batch_operator::aws::Batch;
use aws_batch_operator::aws::sdk::Aws;
use aws_batch_operator::job::{EndKind, FaultKind, JobId};

use super::scripted::{Answer, Scripted};
use super::{aws, config, double, minimal, settings, soon};

#[tokio::test]
async fn a_bulk_end_tells_of_each_job() {
    let double = double();
    let aws = aws(&double);
    let accepted = aws.submit(&minimal(), soon()).await.unwrap();
    let odd = JobId::new("not-an-id!").unwrap();
    let errors = aws.end(EndKind::Terminate, &[accepted.id, odd.clone()], "test").await.unwrap();
    assert_eq!(
        errors.iter().map(|(id, fault)| (id, fault.kind)).collect::<Vec<_>>(),
        [(&odd, FaultKind::Refused)]
    );
    assert!(double.jobs()[0].is_terminated);
}

/// Answers the bulk calls so, and the single ones with what is told of the job `2`.
fn without_bulk(status: u16, code: &'static str) -> Scripted {
    let once = Mutex::new(false);
    Scripted::start(move |asked| {
        let id = ("x-amzn-requestid", "1".to_owned());
        match asked.path.as_str() {
            "/v1/terminatejobs" | "/v1/canceljobs" => Answer(
                status,
                vec![id, ("x-amzn-errortype", code.to_owned())],
                r#"{"message":"no"}"#.to_owned(),
            ),
            _ if !std::mem::replace(&mut *once.lock().unwrap(), true) => {
                Answer(200, vec![id], "{}".to_owned())
            }
            _ => Answer(429, vec![id], r#"{"message":"slow"}"#.to_owned()),
        }
    })
}

#[tokio::test]
async fn where_aws_knows_no_bulk_call_jobs_are_ended_one_by_one_and_it_is_asked_once() {
    for (status, code) in [
        (404, "UnknownOperationException"),
        (404, "NotFoundException"),
        (400, "UnknownOperationException"),
        (403, "MissingAuthenticationTokenException"),
    ] {
        for (kind, single) in [(EndKind::Terminate, "/v1/terminatejob"), (EndKind::Cancel, "/v1/canceljob")] {
            let server = without_bulk(status, code);
            let aws = Aws::new(config(&server.url), settings());
            let ids = ["1", "2"].map(|id| JobId::new(id).unwrap());
            let errors = aws.end(kind, &ids, "test").await.unwrap();
            assert_eq!(
                errors.iter().map(|(_, fault)| fault.kind).collect::<Vec<_>>(),
                [FaultKind::Throttled]
            );
            let again = aws.clone().end(kind, &ids[..1], "test").await.unwrap();
            assert_eq!(again.len(), 1, "told of the job itself");
            let paths: Vec<_> = server.asked().into_iter().map(|asked| asked.path).collect();
            assert_eq!(paths[0], format!("{single}s"), "{status} {code}");
            assert_eq!(paths[1..], [single; 3], "{status} {code}");
        }
    }
}

#[tokio::test]
async fn a_404_of_somebody_else_is_no_reason_to_end_jobs_one_by_one() {
    let server = Scripted::start(|_| Answer(404, Vec::new(), "{}".to_owned()));
    let aws = Aws::new(config(&server.url), settings());
    let fault = aws.end(EndKind::Terminate, &[JobId::nobody()], "test").await.unwrap_err();
    assert_eq!((fault.kind, server.asked().len()), (FaultKind::Unclear, 1));
}
