//! What is promised of time: the first line, each line, and the last one.

use std::time::Duration;

use aws_batch_operator::api::{BatchJobStatus, Phase};
use batch_double::{Behaviour, Fault, Kind, LogSettings, When};
use serde_json::json;

use super::super::track::GRACE;
use super::{Options, START, Scene, batch_job, follow, logged, pass, stream, writes};

#[tokio::test(start_paused = true)]
async fn the_first_line_is_there_within_a_second_of_the_call() {
    let scene = Scene::new();
    let id = scene.submit(writes(10_000, 0), &json!({}));
    scene.logs(&logged(&id, &stream(&id, 0), Phase::Running), &Options::default()).await.unwrap();
    let (at, line) = scene.screen.lines.lock().unwrap()[0].clone();
    assert!(line == "started" && at <= 1_000, "{line} at {at} ms");
    assert_eq!(scene.calls("DescribeJobs"), 0, "the status names the stream");
    let unnamed = Scene::new();
    let id = unnamed.submit(writes(10_000, 0), &json!({}));
    unnamed.logs(&batch_job(&id, BatchJobStatus::default()), &Options::default()).await.unwrap();
    let (at, line) = unnamed.screen.lines.lock().unwrap()[0].clone();
    assert!(line == "started" && at <= 1_000, "{line} at {at} ms");
}

#[tokio::test(start_paused = true)]
async fn each_line_is_seen_within_two_seconds_and_the_end_of_the_job_ends_the_follow() {
    let scene = Scene::new();
    scene.core().set_logs(LogSettings { stream_ms: 3_000, ..LogSettings::default() });
    let id = scene.submit(writes(60_000, 700), &json!({}));
    scene.logs(&batch_job(&id, BatchJobStatus::default()), &follow()).await.unwrap();
    let lines = scene.screen.lines.lock().unwrap().clone();
    let names: Vec<_> = lines.iter().map(|(_, line)| line.clone()).collect();
    let ticks = (1..=85).map(|n| format!("line {n}"));
    let expected: Vec<_> =
        ["started".to_owned()].into_iter().chain(ticks).chain(["done".to_owned()]).collect();
    assert_eq!(names, expected, "none is lost, none is doubled");
    for (n, (at, line)) in lines.iter().enumerate().skip(5) {
        let written = if line == "done" { 60_000 } else { i64::try_from(n).unwrap() * 700 };
        assert!((0..=2_000).contains(&(at - written)), "{line}, written at {written}, seen at {at}");
    }
    let ended = scene.now() - START - 60_000;
    assert!(ended <= 12_000, "it ends {ended} ms after the job");
}

#[tokio::test(start_paused = true)]
async fn the_last_line_may_come_some_seconds_after_the_end_of_the_job() {
    let scene = Scene::new();
    scene.core().set_logs(LogSettings { ingestion_ms: 5_000, ..LogSettings::default() });
    let id = scene.submit(writes(20_000, 1_000), &json!({}));
    scene.logs(&batch_job(&id, BatchJobStatus::default()), &follow()).await.unwrap();
    assert_eq!(scene.lines().last().unwrap(), "done");
    assert_eq!(scene.lines().len(), 22);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ended_long_ago_is_read_without_a_wait() {
    let scene = Scene::new();
    let id = scene.submit(writes(1_000, 0), &json!({}));
    pass(Duration::from_hours(1)).await;
    let begun = scene.now();
    scene.logs(&logged(&id, &stream(&id, 0), Phase::Succeeded), &follow()).await.unwrap();
    assert_eq!(scene.lines(), ["started", "done"]);
    let took = scene.now() - begun;
    assert!(took < i64::try_from(GRACE.as_millis()).unwrap(), "{took} ms");
}

#[tokio::test(start_paused = true)]
async fn every_attempt_is_followed_in_its_turn_and_one_can_be_chosen() {
    let scene = Scene::new();
    let fails = Behaviour { failing_attempts: 1, runnable_ms: 5_000, ..writes(10_000, 0) };
    let id = scene.submit(fails, &json!({ "retryStrategy": { "attempts": 2 } }));
    let job = logged(&id, &stream(&id, 0), Phase::Running);
    scene.logs(&job, &follow()).await.unwrap();
    assert_eq!(scene.lines(), ["started", "done", "started", "done"]);
    for (attempt, stream_of_it) in [(None, 1), (Some(1), 0), (Some(2), 1)] {
        scene
            .logs(&batch_job(&id, BatchJobStatus::default()), &Options { attempt, ..Options::default() })
            .await
            .unwrap();
        let asked = scene.core().requests().pop().unwrap();
        assert_eq!(asked.body["logStreamName"], stream(&id, stream_of_it), "{attempt:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_late_is_told_once_and_twins_are_told_twice() {
    let scene = Scene::new();
    let id = scene.submit(writes(30_000, 0), &json!({}));
    let name = stream(&id, 0);
    let job = logged(&id, &name, Phase::Running);
    let write = async {
        pass(Duration::from_secs(6)).await;
        let at = scene.now();
        scene.write(&name, [(at, "twin".to_owned()), (at, "twin".to_owned()), (at, "c".to_owned())]);
        pass(Duration::from_secs(5)).await;
        scene.write(&name, [(at - 1, "late".to_owned()), (at, "twin".to_owned())]);
    };
    let options = follow();
    let (shown, ()) = tokio::join!(scene.logs(&job, &options), write);
    shown.unwrap();
    let mut lines = scene.lines();
    assert_eq!(lines.pop().unwrap(), "done");
    let of = |wanted: &str| lines.iter().filter(|line| *line == wanted).count();
    assert_eq!((of("twin"), of("c"), of("late"), of("started")), (3, 1, 1, 1), "{lines:?}");
}

#[tokio::test(start_paused = true)]
async fn a_few_failed_calls_are_made_again() {
    let scene = Scene::new();
    let id = scene.submit(writes(20_000, 1_000), &json!({}));
    scene.core().set_faults(vec![
        Fault::next("GetLogEvents", Kind::Unavailable, When::Before, 3),
        Fault::next("GetLogEvents", Kind::Drop, When::After, 2),
        Fault::next("DescribeJobs", Kind::ServerError, When::Before, 2),
    ]);
    scene.logs(&batch_job(&id, BatchJobStatus::default()), &follow()).await.unwrap();
    assert_eq!(scene.lines().len(), 22);
}

#[tokio::test(start_paused = true)]
async fn a_line_of_the_future_is_waited_for_and_one_of_the_past_is_left_out() {
    let scene = Scene::new();
    let id = scene.submit(writes(600_000, 60_000), &json!({}));
    pass(Duration::from_mins(9)).await;
    let job = logged(&id, &stream(&id, 0), Phase::Running);
    let since = Some(Duration::from_secs(150));
    scene.logs(&job, &Options { since, ..Options::default() }).await.unwrap();
    assert_eq!(scene.lines(), ["line 7", "line 8", "line 9"]);
    let options = Options { tail: Some(0), ..follow() };
    scene.logs(&job, &options).await.unwrap();
    assert_eq!(scene.lines()[3..], ["line 10", "done"]);
}
