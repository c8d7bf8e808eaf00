//! A watch that breaks is followed by a listing in pages. Whatever happened meanwhile stands on some page of that listing.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tokio::time::sleep;

use super::server::Cluster;
use super::{LONG, Stage, create_many, object};

/// More than a page of a listing, several times over.
const OBJECTS: usize = 45;

/// The API server does not answer, and afterwards knows nothing of what happened before.
async fn outage(stage: &Stage, meanwhile: impl FnOnce(&mut Cluster)) {
    stage.server.change(|cluster| cluster.is_down = true);
    stage.server.change(|cluster| {
        meanwhile(cluster);
        cluster.forget_history();
    });
    // The watch has noticed: it asks, and is not answered.
    sleep(LONG).await;
    stage.server.change(|cluster| cluster.is_down = false);
}

#[tokio::test(start_paused = true)]
async fn objects_that_were_there_before_are_submitted() {
    let stage = Stage::start(&[], |cluster| create_many(cluster, 0..OBJECTS));
    stage.all_are_submitted().await;
    let pages = stage.server.look(|cluster| cluster.pages.clone());
    assert_eq!(pages, [(0, 10), (10, 20), (30, 40)], "one listing, several pages");
}

#[tokio::test(start_paused = true)]
async fn many_small_objects_are_listed_in_pages_that_grow() {
    let stage = Stage::start(&[], |cluster| create_many(cluster, 0..1_000));
    stage.is_ready().await;
    let sizes: Vec<_> = stage.server.look(|cluster| cluster.pages.iter().map(|(_, size)| *size).collect());
    assert_eq!(sizes, [10, 20, 40, 80, 160, 320, 500]);
}

#[tokio::test(start_paused = true)]
async fn objects_as_large_as_may_be_come_in_small_pages_and_hold_up_no_others() {
    // In the order of a list: small ones, large ones, small ones.
    let large = 200..224;
    let stage = Stage::start(&[], |cluster| {
        for number in 0..600 {
            let mut object = object(&format!("job-{number:03}"));
            if large.contains(&number) {
                object["metadata"]["annotations"] = json!({ "note": "n".repeat(500_000) });
            }
            cluster.create(object);
        }
    });
    stage.is_ready().await;
    let pages = stage.server.look(|cluster| cluster.pages.clone());
    let again = |pages: &[(usize, usize)]| pages[0].0 == pages[1].0 && pages[1].1 == 10;
    assert!(pages.windows(2).any(again), "a page that is too long is asked for again: {pages:?}");
    assert_eq!(stage.server.look(Cluster::listings), 1, "and the list goes on: {pages:?}");
    assert!(pages.len() < 30, "the small ones come in large pages: {pages:?}");
    stage.all_are_submitted().await;
}

#[tokio::test(start_paused = true)]
async fn objects_that_appear_while_no_watch_runs_are_submitted() {
    let stage = Stage::start(&[], |_| {});
    stage.is_ready().await;
    outage(&stage, |cluster| create_many(cluster, 0..OBJECTS)).await;
    stage.all_are_submitted().await;
    assert_eq!(stage.server.look(Cluster::listings), 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_let_go_while_no_watch_runs_is_submitted() {
    let stage = Stage::start(&[], |cluster| {
        for number in 0..OBJECTS {
            let mut object = object(&format!("job-{number:03}"));
            object["spec"]["suspend"] = json!(true);
            cluster.create(object);
        }
    });
    let is_held = |cluster: &Cluster| {
        cluster.store().objects().iter().all(|object| !object["status"]["conditions"].is_null())
    };
    assert!(stage.server.until(LONG, is_held).await);
    outage(&stage, |cluster| {
        for number in 0..OBJECTS {
            let mut object = cluster.get(&format!("job-{number:03}"));
            object["spec"]["suspend"] = json!(false);
            cluster.replace(object);
        }
    })
    .await;
    stage.all_are_submitted().await;
}

#[tokio::test(start_paused = true)]
async fn a_deletion_while_no_watch_runs_ends_the_job() {
    let stage = Stage::start(&[], |cluster| create_many(cluster, 0..OBJECTS));
    stage.all_are_submitted().await;
    outage(&stage, |cluster| (0..OBJECTS).for_each(|number| cluster.delete(&format!("job-{number:03}"))))
        .await;
    let is_empty = |cluster: &Cluster| cluster.store().objects().iter().next().is_none();
    assert!(stage.server.until(LONG, is_empty).await, "objects wait for their finalizer");
    assert!(stage.cloud.0.jobs().iter().all(|job| job.is_terminated), "a job runs on");
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_breaks_between_two_pages_begins_anew() {
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::GONE] {
        let stage = Stage::start(&[], |cluster| {
            create_many(cluster, 0..OBJECTS);
            let mut is_broken = false;
            cluster.on_page = Box::new(move |cluster, page| {
                if page != 2 || std::mem::replace(&mut is_broken, true) {
                    return None;
                }
                // On pages that have come, and on pages that have not.
                create_many(cluster, OBJECTS..OBJECTS + 5);
                cluster.create(object("before-all"));
                cluster.forget_history();
                (status != StatusCode::GONE).then_some(status)
            });
        });
        stage.all_are_submitted().await;
        assert_eq!(stage.server.look(Cluster::listings), 2, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_appears_between_two_pages_is_brought_by_the_watch() {
    let stage = Stage::start(&[], |cluster| {
        create_many(cluster, 0..OBJECTS);
        cluster.on_page = Box::new(move |cluster, page| {
            cluster.create(object(&format!("appeared-{page}")));
            None
        });
    });
    stage.all_are_submitted().await;
    assert_eq!(stage.server.look(Cluster::listings), 1);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_breaks_goes_on_where_its_bookmark_was() {
    // Of another namespace: no event of theirs tells the watch how far the versions have come.
    let stage = Stage::start(&["--watch-namespace", "team"], |_| {});
    stage.is_ready().await;
    // In this time the watch begins, reads what it is sent, and the last write is made.
    let a_while = || sleep(Duration::from_secs(10));
    for has_bookmark in [true, false] {
        a_while().await;
        stage.server.change(|cluster| {
            let mut other = object(&format!("other-{has_bookmark}"));
            other["metadata"]["namespace"] = json!("another");
            cluster.create(other);
        });
        stage.server.change(|cluster| cluster.bookmarks += usize::from(has_bookmark));
        a_while().await;
        stage.server.change(|cluster| {
            cluster.forget_history();
            cluster.breaks += 1;
            cluster.create(object(&format!("new-{has_bookmark}")));
        });
        let name = format!("new-{has_bookmark}");
        let is_submitted = |cluster: &Cluster| super::job(&cluster.get(&name)).is_some();
        assert!(stage.server.until(LONG, is_submitted).await);
        let listings = stage.server.look(Cluster::listings);
        assert_eq!(listings, if has_bookmark { 1 } else { 2 });
    }
}
