//! Who follows which job.

use std::time::Duration;

use aws_batch_operator::batch::JobStatus;
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::Moment;
use aws_batch_operator::plan::Sighting;
use aws_batch_operator::poller::Rounds;
use tokio::time::Instant;

use crate::plan::remote::job;

#[test]
fn two_objects_may_follow_one_job() {
    let (mut rounds, job) = (Rounds::new(Duration::from_secs(2)), job(JobStatus::Running));
    let keys = ["owner", "adopter"].map(|name| Key {
        namespace: "team".to_owned(),
        name: name.to_owned(),
        uid: name.to_owned(),
    });
    for key in &keys {
        rounds.follow(key, job.id.clone());
    }
    let call = rounds.next_call(Instant::now());
    rounds.looked(&call, vec![job.clone()], Moment::default());
    for key in &keys {
        assert_eq!(rounds.sighting(key), Some(Sighting::Seen(Box::new(job.clone()))), "{}", key.name);
    }
}
