//! What the user is told when a log cannot be read: one sentence with the way out.

use std::time::Duration;

use aws_batch_operator::api::{BatchJob, BatchJobSpec, BatchJobStatus, Phase};
use batch_double::{Fault, Hiding, Kind, When};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::json;

use super::{Options, START, Scene, batch_job, follow, logged, pass, stream, writes};

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_in_a_follow_end_it_with_the_way_out() {
    let scene = Scene::new();
    let id = scene.submit(writes(600_000, 1_000), &json!({}));
    scene.core().end_session("session", START + 10_000);
    let told = scene.logs(&logged(&id, &stream(&id, 0), Phase::Running), &follow()).await.unwrap_err();
    assert_eq!(
        told,
        "your AWS credentials have expired: sign in again (for example by `aws sso login`), and run the command again"
    );
    assert!(scene.lines().len() >= 9, "what came before is on the screen");
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_is_told_in_awss_words_with_what_is_needed() {
    for operation in ["DescribeJobs", "GetLogEvents"] {
        let scene = Scene::new();
        let id = scene.submit(writes(1_000, 0), &json!({}));
        scene.core().set_faults(vec![Fault::always(operation, Kind::Denied, When::Before)]);
        let told =
            scene.logs(&batch_job(&id, BatchJobStatus::default()), &Options::default()).await.unwrap_err();
        for words in ["is not authorized", "batch:DescribeJobs", "logs:GetLogEvents", "123456789012"] {
            assert!(told.contains(words), "{operation}: {told}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_right_to_describe_jobs_the_status_tells_the_end() {
    let scene = Scene::new();
    let id = scene.submit(writes(20_000, 1_000), &json!({}));
    scene.core().set_faults(vec![Fault::always("DescribeJobs", Kind::Denied, When::Before)]);
    let name = stream(&id, 0);
    let now = Timestamp::from_millisecond(START).unwrap();
    let get = async || {
        let phase = if scene.now() < START + 20_000 { Phase::Running } else { Phase::Succeeded };
        Ok(logged(&id, &name, phase))
    };
    let mut screen = scene.screen.clone();
    super::show(get, &scene.cloud, (&follow(), now), &mut screen).await.unwrap();
    assert_eq!(scene.lines().len(), 22);
    assert_eq!(scene.calls("DescribeJobs"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_told_with_its_region_and_account() {
    let scene = Scene::new();
    let mut job = logged("j", "s", Phase::Running);
    let logs = job.status.as_mut().unwrap().logs.as_mut().unwrap();
    logs.group = Some("/theirs".to_owned());
    logs.url = Some("https://console.aws.amazon.com/cloudwatch/home?region=eu-west-3#logsV2:x".to_owned());
    let told = scene.logs(&job, &Options::default()).await.unwrap_err();
    for words in ["/theirs", "eu-west-3", "123456789012", "AWS_PROFILE"] {
        assert!(told.contains(words), "{told}");
    }
    let told = scene.logs(&batch_job("j", BatchJobStatus::default()), &Options::default()).await.unwrap_err();
    for words in ["knows no job j", "us-east-1", "account 123456789012", "AWS_PROFILE", "seven days"] {
        assert!(told.contains(words), "{told}");
    }
    scene.logs(&logged("j", "none", Phase::Running), &Options::default()).await.unwrap();
    assert!(scene.told().contains("has written nothing: there is no log stream none"), "{}", scene.told());
}

#[tokio::test(start_paused = true)]
async fn a_job_without_a_log_yet_says_so_or_is_waited_for() {
    let scene = Scene::new();
    let waiting = BatchJob::new("train", BatchJobSpec::default());
    let told = scene.logs(&waiting, &Options::default()).await.unwrap_err();
    assert_eq!(told, "BatchJob train has no job yet. Wait for its log with --follow");
    let mut refused = waiting.clone();
    refused.status = Some(BatchJobStatus {
        phase: Some(Phase::Failed),
        reason: Some("JobQueue q not found.".to_owned()),
        ..BatchJobStatus::default()
    });
    let told = scene.logs(&refused, &follow()).await.unwrap_err();
    assert_eq!(told, "BatchJob train has ended without a job, so there is no log: JobQueue q not found.");
    let stuck = batch_double::Behaviour::stuck("CAPACITY");
    let id = scene.submit(stuck, &json!({}));
    scene.logs(&batch_job(&id, BatchJobStatus::default()), &Options::default()).await.unwrap();
    assert!(scene.told().ends_with("has no log: its state is RUNNABLE"), "{}", scene.told());
}

#[tokio::test(start_paused = true)]
async fn a_follow_waits_for_the_job_and_for_aws_to_show_it() {
    let scene = Scene::new();
    scene.core().set_hiding(Hiding { describe_ms: 4_000, ..Hiding::default() });
    let id = scene.submit(writes(20_000, 0), &json!({}));
    let waiting = BatchJob::new("train", BatchJobSpec::default());
    let now = Timestamp::from_millisecond(START).unwrap();
    let get = async || {
        let status = BatchJobStatus { submitted_at: Some(Time(now)), ..BatchJobStatus::default() };
        Ok(if scene.now() < START + 2_000 { waiting.clone() } else { batch_job(&id, status) })
    };
    let mut screen = scene.screen.clone();
    super::show(get, &scene.cloud, (&follow(), now), &mut screen).await.unwrap();
    assert_eq!(scene.told(), "BatchJob train has no job yet");
    assert_eq!(scene.lines(), ["started", "done"]);
}

#[tokio::test(start_paused = true)]
async fn aws_may_be_away_for_a_minute_and_no_longer() {
    let scene = Scene::new();
    scene.core().set_faults(vec![Fault::always("GetLogEvents", Kind::Drop, When::Before)]);
    let told = scene.logs(&logged("j", "s", Phase::Running), &Options::default()).await.unwrap_err();
    assert!(
        told.starts_with("AWS has not answered for a minute") && told.contains("connection reset"),
        "{told}"
    );
    assert!(scene.now() >= START + 60_000);
    pass(Duration::from_secs(1)).await;
}
