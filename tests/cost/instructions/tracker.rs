//! What the tracker does beside its calls.

use std::time::Duration;

use aws_batch_operator::aws::Page;
use aws_batch_operator::job::RemoteJob;
use aws_batch_operator::tracker::Listing;

use crate::crowd::{Crowd, NEVER};
use crate::work::repeat;

/// All jobs are described, and none has changed.
#[test]
fn one_round_over_ten_thousand_jobs() {
    let mut crowd = Crowd::followed(10_000, NEVER);
    let answers: Vec<Vec<RemoteJob>> = crowd.jobs.chunks(100).map(<[_]>::to_vec).collect();
    repeat(
        || answers.clone(),
        |answers| {
            assert_eq!(crowd.described_by(answers), (100, 0));
        },
    );
}

/// A queue of a thousand jobs is listed: one page shows all of them as before.
#[test]
fn one_list_of_a_thousand_jobs() {
    let page = |crowd: &Crowd| Page { jobs: crowd.jobs.iter().map(RemoteJob::summary).collect(), next: None };
    let make = || {
        let mut crowd = Crowd::followed(1_000, Listing::USUAL);
        crowd.now += Duration::from_mins(1);
        let page = page(&crowd);
        (crowd, page)
    };
    repeat(make, |(mut crowd, page)| {
        assert_eq!(crowd.listed_by(page), 1);
        crowd
    });
}
