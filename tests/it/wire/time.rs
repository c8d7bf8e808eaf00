//! How AWS takes time, as a harmless read shows it.

use aws_batch_operator::aws::Permit;
use aws_batch_operator::aws::sdk::{Aws, Settings};
use aws_batch_operator::clock::{self, Clock};
use aws_batch_operator::job::Denial;
use batch_double::{Config, Double};
use jiff::SignedDuration;

use super::{aws, config, double, settings};

const OLD: SignedDuration = SignedDuration::from_secs(-330);

#[tokio::test]
async fn a_read_that_was_signed_five_and_a_half_minutes_ago_is_refused() {
    let double = double();
    let aws = aws(&double);
    aws.probe(SignedDuration::ZERO).await.outcome.unwrap();
    let fault = aws.probe(OLD).await.outcome.unwrap_err();
    assert!(fault.denial() == Some(Denial::Time), "{fault}");
}

#[tokio::test]
async fn a_service_that_takes_older_signatures_is_found_out() {
    let double = Double::start(&Config { fresh_ms: 900_000, ..Config::default() }).unwrap();
    aws(&double).probe(OLD).await.outcome.unwrap();
}

#[tokio::test]
async fn the_two_clocks_are_compared_also_when_the_read_is_refused() {
    let double = double();
    for (shift, expected) in [(0, 0), (-7200, 7200), (600, -600)] {
        let clock = Clock::new(move || clock::now() + SignedDuration::from_secs(shift));
        let aws = Aws::new(config(&double.url()), Settings { permit: Permit::always(clock), ..settings() });
        let probe = aws.probe(SignedDuration::ZERO).await;
        assert_eq!(probe.outcome.is_ok(), shift == 0, "{:?}", probe.outcome);
        let ahead = probe.ahead.unwrap().as_secs();
        assert!((ahead - expected).abs() <= 2, "{shift} s: AWS is told to be {ahead} s ahead");
    }
}
