//! A walk of chance: objects come and go, while watches break, listings fail between pages, and history is forgotten.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use http::StatusCode;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::dice::Dice;
use super::server::Cluster;
use super::store::Change;
use super::{LONG, Stage, object};

const WALKS: u64 = 4;
const STEPS: usize = 25;

/// Some objects are made, and others let go or deleted.
fn come_and_go(cluster: &mut Cluster, dice: &mut Dice) {
    for _ in 0..dice.below(15) {
        let name = format!("job-{:02}", dice.below(60));
        let stored = cluster.store().objects().get(&name).cloned();
        match stored {
            None => {
                let mut object = object(&name);
                object["spec"]["suspend"] = json!(dice.percent(30));
                cluster.create(object);
            }
            Some(_) if dice.percent(30) => cluster.delete(&name),
            Some(mut object) => {
                object["spec"]["suspend"] = json!(false);
                cluster.replace(object);
            }
        }
    }
}

/// One step of the walk.
async fn step(stage: &Stage, dice: &Mutex<Dice>) {
    let (what, pause) = {
        let mut dice = dice.lock().unwrap();
        stage.server.change(|cluster| come_and_go(cluster, &mut dice));
        (dice.below(6), dice.millis(0, 4_000))
    };
    stage.server.change(|cluster| match what {
        0 => cluster.is_down = true,
        1 | 2 => cluster.is_down = false,
        3 => cluster.breaks += 1,
        4 => cluster.bookmarks += 1,
        _ => cluster.forget_history(),
    });
    sleep(pause).await;
}

/// Everything stands still: whatever is held back is let go, and every page comes.
async fn calm_down(stage: &Stage) {
    stage.server.change(|cluster| {
        cluster.is_down = false;
        cluster.on_page = Box::new(|_, _| None);
        let all: Vec<Value> = cluster.store().objects().iter().cloned().collect();
        for mut object in all {
            object["spec"]["suspend"] = json!(false);
            cluster.replace(object);
        }
    });
    let is_done = |cluster: &Cluster| {
        cluster.store().objects().iter().all(|object| object["metadata"]["deletionTimestamp"].is_null())
    };
    assert!(stage.server.until(LONG, is_done).await, "a deletion waits for its finalizer");
    stage.all_are_submitted().await;
}

/// No object had two jobs, and no job of an object that is gone runs on.
fn assert_kept(stage: &Stage) {
    let text = |object: &Value| object["metadata"]["uid"].as_str().unwrap().to_owned();
    let (all, living): (BTreeSet<_>, BTreeSet<_>) = stage.server.look(|cluster| {
        let object = |change: &Change| match change {
            Change::Applied(object) | Change::Deleted(object) => text(object),
            Change::Restored => unreachable!("nothing is restored here"),
        };
        let all = cluster.store().log().iter().map(|(_, change)| object(change)).collect();
        (all, cluster.store().objects().iter().map(text).collect())
    });
    let jobs = stage.cloud.0.jobs();
    for uid in all {
        let own: Vec<_> =
            jobs.iter().filter(|job| job.tags.get("awsbatch.dev/uid") == Some(uid.as_str())).collect();
        assert!(own.len() <= 1, "{uid} has {} jobs", own.len());
        assert!(living.contains(&uid) || own.iter().all(|job| job.is_terminated), "the job of {uid} runs on");
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_breaks_each_object_has_one_job_in_the_end() {
    for seed in 0..WALKS {
        let dice = Arc::new(Mutex::new(Dice::new(seed)));
        let at_page = dice.clone();
        let stage = Stage::start(&[], |cluster| {
            cluster.on_page = Box::new(move |cluster, _| {
                let mut dice = at_page.lock().unwrap();
                match dice.below(8) {
                    0 => return Some(StatusCode::INTERNAL_SERVER_ERROR),
                    1 => cluster.forget_history(),
                    2 | 3 => come_and_go(cluster, &mut dice),
                    _ => {}
                }
                None
            });
        });
        for _ in 0..STEPS {
            step(&stage, &dice).await;
        }
        calm_down(&stage).await;
        assert_kept(&stage);
    }
}
