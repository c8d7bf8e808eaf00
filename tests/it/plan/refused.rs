//! A submission that AWS refused: what its queue decides, and what it does not.

use std::time::Duration;

use aws_batch_operator::job::FaultKind;
use aws_batch_operator::plan::{Step, Turn};
use serde_json::json;

use super::scene::{Scene, created};

fn refused() -> Scene {
    created().attempt(FaultKind::Refused, "no")
}

/// How long it waits after the refusal, which came at one second after noon.
fn pause(scene: Scene) -> Duration {
    let plan = scene.now(1).plan();
    assert_eq!(plan.step, Step::Rest);
    plan.wake.unwrap()
}

#[test]
fn the_queue_is_looked_at_as_long_as_its_refusal_is_the_latest_word() {
    let queue = Some("HighPriority".to_owned());
    for scene in [refused().now(2), refused().now(30), refused().now(30).turn(Turn::Granted)] {
        assert_eq!(scene.plan().queue, queue, "{:?}", scene.plan().step);
        assert_eq!(scene.spec(json!({ "suspend": true })).plan().queue, None);
    }
    assert_eq!(refused().now(2).settled().restarted(60).plan().queue, queue, "another process was told");
    for kind in [FaultKind::Denied, FaultKind::Throttled, FaultKind::NotSent, FaultKind::NoCredentials] {
        assert_eq!(created().attempt(kind, "no").now(2).plan().queue, None, "{kind:?}");
    }
    assert_eq!(created().plan().queue, None);
    assert_eq!(refused().accepted().now(2).plan().queue, None);
}

#[test]
fn a_queue_that_takes_jobs_since_is_used_at_once() {
    let seen = |seconds| refused().queue_opened(seconds).now(4);
    assert_eq!(seen(2).plan().step, Step::TakeTurn);
    assert!(matches!(seen(2).turn(Turn::Granted).plan().step, Step::Submit(_)));
    for before in [-100, 0, 1] {
        assert_eq!(seen(before).plan().step, Step::Rest, "it took jobs before it was refused: {before}");
    }
    let restarted = refused().now(2).settled().restarted(60);
    assert_eq!(restarted.clone().queue_seen(61, true).now(62).plan().step, Step::TakeTurn);
    assert_eq!(restarted.queue_seen(61, false).now(62).plan().step, Step::Rest);
}

/// The tracker forgets a queue that no object asks for, and looks at it for the first time again.
#[test]
fn the_first_look_at_a_queue_ends_no_pause_of_a_process_that_was_refused() {
    let first = refused().queue_seen(2, true).now(4);
    assert_eq!(first.plan().step, Step::Rest, "the queue may have been open before the refusal");
}

#[test]
fn a_queue_that_takes_none_is_not_tried() {
    let hour = Duration::from_hours(1);
    let left = pause(refused().queue_seen(0, false));
    assert!(left > hour * 3 / 4 && left <= hour, "{left:?}");
    assert!(pause(refused()) <= Duration::from_secs(5), "it cannot be looked at");
    assert!(pause(refused().queue_seen(0, true)) <= Duration::from_secs(5), "something else is missing");
}

#[test]
fn what_is_no_refusal_has_nothing_to_do_with_the_queue() {
    for kind in [FaultKind::Denied, FaultKind::Throttled, FaultKind::NotSent, FaultKind::NoCredentials] {
        let alone = pause(created().attempt(kind, "no"));
        for (seconds, takes_jobs) in [(0, false), (5, true)] {
            assert_eq!(
                pause(created().attempt(kind, "no").queue_seen(seconds, takes_jobs)),
                alone,
                "{kind:?}"
            );
        }
    }
}
