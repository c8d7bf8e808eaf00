//! How jobs are ended: in bulk.

use aws_batch_operator::batch::{Batch, EndKind, FaultKind, JobId};

use super::{aws, double, minimal, soon};

#[tokio::test]
async fn a_bulk_end_tells_of_each_job() {
    let double = double();
    let aws = aws(&double);
    let accepted = aws.submit(&minimal(), soon()).await.unwrap();
    let odd = JobId::new("not an id!").unwrap();
    let errors = aws.end(EndKind::Terminate, &[accepted.id, odd.clone()], "test").await.unwrap();
    assert_eq!(
        errors.iter().map(|(id, fault)| (id, fault.kind)).collect::<Vec<_>>(),
        [(&odd, FaultKind::Refused)]
    );
    assert!(double.jobs()[0].is_terminated);
}
