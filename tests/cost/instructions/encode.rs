//! What the operator sends.

use aws_batch_operator::controller::status_write;
use aws_batch_operator::plan::Step;

use crate::life::Life;
use crate::work::repeat;

#[test]
fn hundred_requests_of_submit_job() {
    let Step::Submit(submit) = Life::new().pass().step else { panic!("it is not submitted") };
    let body = || submit.submission.body().to_string();
    assert!(body().contains("containerOverrides"));
    repeat(|| (), |()| (0..100).map(|_| body().len()).sum::<usize>());
}

#[test]
fn hundred_writes_of_a_status() {
    let life = Life::running();
    let status = life.object.status.as_ref().unwrap();
    let body = || status_write(&life.object, status).unwrap();
    assert!(String::from_utf8(body()).unwrap().contains("jobId"));
    repeat(|| (), |()| (0..100).map(|_| body().len()).sum::<usize>());
}
