//! A pass that ends between two moments: the cache has lost an object, and the deletion is not judged yet.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::controller::{Cached, bring_forward};
use aws_batch_operator::key::Key;
use kube::runtime::watcher::Event;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::cloud::Cloud;
use super::context::Desk;
use super::object;
use super::server::ApiServer;
use super::store::Change;
use crate::port::Port;

fn cached(object: &Value) -> Cached {
    serde_json::from_value(object.clone()).unwrap()
}

/// As if a manifest took claim and finalizer away before a status told of the job.
fn without_a_trace(mut object: Value) -> Value {
    for member in ["annotations", "finalizers"] {
        object["metadata"].as_object_mut().unwrap().remove(member);
    }
    object["status"] = json!({ "observedGeneration": -1, "phase": "Pending" });
    object
}

#[tokio::test(start_paused = true)]
async fn a_pass_that_ends_before_a_deletion_is_judged_forgets_no_job() {
    for has_pass in [false, true] {
        let (server, cloud) = (ApiServer::new(), Arc::new(Port(Cloud::default())));
        let mut desk = Desk::new(&server, &cloud);
        server.change(|cluster| cluster.create(object("a")));
        let made = cached(&server.look(|cluster| cluster.get("a")));
        desk.show(Event::Apply(made.clone()));
        while cloud.0.jobs().is_empty() {
            bring_forward(&desk.ctx, &made).await.unwrap();
            // It is its turn.
            sleep(Duration::from_secs(1)).await;
        }
        server.change(|cluster| {
            cluster.replace(without_a_trace(cluster.get("a")));
            cluster.delete("a");
        });
        let gone = server.look(|cluster| match cluster.store().log().last() {
            Some((_, Change::Deleted(object))) => cached(object),
            other => panic!("{other:?}"),
        });
        let deletion = Event::Delete(gone);
        desk.cache.apply_watcher_event(&deletion);
        if has_pass {
            // Whatever comes of it: the object is gone.
            let _ = bring_forward(&desk.ctx, &made).await;
        }
        desk.intake.take(&Ok(deletion));
        sleep(Duration::from_mins(1)).await;
        let jobs = cloud.0.jobs();
        assert!(jobs.len() == 1 && jobs[0].is_terminated, "the job runs on; a pass between: {has_pass}");
        assert!(!desk.ctx.memory.may_have_a_job(&Key::of(&made)), "and then all is forgotten");
    }
}
