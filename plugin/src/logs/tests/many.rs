//! A hundred thousand lines, pages of every kind, and limits.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::LogSettings;

use super::super::place::Place;
use super::super::printer::Printer;
use super::super::reader::{Range, Reader};
use super::super::window::MOST;
use super::{GROUP, Options, START, Scene, follow, logged, pass, writes};

fn reader(scene: &Scene, range: Range) -> Reader {
    let (region, group) = ("us-east-1".to_owned(), GROUP.to_owned());
    Reader::new(&scene.cloud, Place { region, group, stream: "s".to_owned() }, range)
}

/// Reads to the present end.
async fn sweep(scene: &Scene, reader: &mut Reader) {
    let mut screen = scene.screen.clone();
    let printer = Printer::new(&mut screen, false);
    reader.sweep(&scene.cloud, &printer, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_lines_are_told_once_each_and_little_is_remembered() {
    let scene = Scene::new();
    // Many lines share a millisecond: no time stands between what was told and what was not.
    let line = |n: i64| (START + n / 25_000, format!("line {n}"));
    scene.write("s", (0..50_000).map(line));
    let mut reader = reader(&scene, Range::default());
    sweep(&scene, &mut reader).await;
    let mut most = reader.remembered();
    for part in 10..20 {
        pass(Duration::from_secs(1)).await;
        scene.write("s", (part * 5_000..(part + 1) * 5_000).map(line));
        sweep(&scene, &mut reader).await;
        most = most.max(reader.remembered());
    }
    let lines = scene.lines();
    assert_eq!(lines.len(), 100_000);
    let wrong = lines.iter().enumerate().find(|(n, line)| **line != format!("line {n}"));
    assert_eq!(wrong, None);
    assert!(most <= MOST, "{most} lines are remembered");
    pass(Duration::from_mins(1)).await;
    sweep(&scene, &mut reader).await;
    assert_eq!((reader.remembered(), scene.lines().len()), (0, 100_000), "what is old is forgotten");
}

#[tokio::test(start_paused = true)]
async fn reads_that_are_throttled_slow_down_and_go_on() {
    let scene = Scene::new();
    let settings = LogSettings { page_events: 10, reads_per_second: Some(1), ..LogSettings::default() };
    scene.core().set_logs(settings);
    scene.write("s", (0..500).map(|n| (START - 1_000 + n, format!("line {n}"))));
    scene.logs(&logged("j", "s", Phase::Running), &Options::default()).await.unwrap();
    assert_eq!(scene.lines().len(), 500);
    assert_eq!(scene.told().matches("more slowly").count(), 1, "{}", scene.told());
    let refused = scene.core().requests().iter().filter(|request| request.outcome == "400").count();
    assert!(refused <= 51, "{refused} calls for 51 pages were refused");
}

#[tokio::test(start_paused = true)]
async fn a_page_cut_by_its_bytes_and_empty_pages_are_no_end() {
    let scene = Scene::new();
    let settings = LogSettings { page_bytes: 300, page_span_ms: 1_000, ..LogSettings::default() };
    scene.core().set_logs(settings);
    // Five lines, and a minute of silence.
    let at = |n: i64| START - 1_000_000 + n / 5 * 60_000 + n % 5;
    scene.write("s", (0..50).map(|n| (at(n), format!("line {n} {}", "x".repeat(100)))));
    let options = [
        (Options::default(), 0..50),
        (Options { tail: Some(12), ..Options::default() }, 38..50),
        (Options { tail: Some(1_000), ..Options::default() }, 0..50),
    ];
    for (options, expected) in options {
        scene.screen.lines.lock().unwrap().clear();
        scene.logs(&logged("j", "s", Phase::Running), &options).await.unwrap();
        let starts: Vec<_> = expected.map(|n| format!("line {n}")).collect();
        let lines = scene.lines();
        let seen: Vec<_> = lines.iter().map(|line| line.rsplit_once(' ').unwrap().0).collect();
        assert_eq!(seen, starts);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_never_ends_is_read_up_to_the_time_of_the_call() {
    let scene = Scene::new();
    scene.core().set_logs(LogSettings { page_events: 2, ..LogSettings::default() });
    // A page is read every 200 ms, and two lines come in that time.
    let id = scene.submit(writes(i64::MAX, 100), &serde_json::json!({}));
    pass(Duration::from_secs(5)).await;
    let stream = super::stream(&id, 0);
    scene.logs(&logged(&id, &stream, Phase::Running), &Options::default()).await.unwrap();
    assert!((51..60).contains(&scene.lines().len()), "{}", scene.lines().len());
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_silent_for_longer_than_a_token_holds_is_read_on() {
    let scene = Scene::new();
    scene.write("s", [(START, "a".to_owned())]);
    let mut reader = reader(&scene, Range::default());
    sweep(&scene, &mut reader).await;
    pass(Duration::from_hours(25)).await;
    scene.write("s", [(scene.now(), "b".to_owned())]);
    sweep(&scene, &mut reader).await;
    sweep(&scene, &mut reader).await;
    assert_eq!(scene.lines(), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn lines_have_their_times_if_that_is_asked_for() {
    let scene = Scene::new();
    scene.write("s", [(START + 7, "a".to_owned())]);
    pass(Duration::from_secs(1)).await;
    let options = Options { timestamps: true, tail: Some(5), ..Options::default() };
    scene.logs(&logged("j", "s", Phase::Running), &options).await.unwrap();
    assert_eq!(scene.lines(), ["2027-01-15T08:00:00.007Z a"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_has_seen_enough_ends_the_command() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let scene = Scene::new();
    scene.write("s", [(START, "a".to_owned())]);
    let job = logged("j", "s", Phase::Running);
    let now = jiff::Timestamp::from_millisecond(START).unwrap();
    let shown = super::show(async || Ok(job.clone()), &scene.cloud, (&follow(), now), &mut Closed).await;
    shown.unwrap();
}
