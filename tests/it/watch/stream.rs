//! One watch as the API server serves it: the changes from a version on, bookmarks, and an end when it breaks.

use std::io;
use std::sync::Arc;

use futures::Stream;
use futures::stream::unfold;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::server::{ApiServer, Cluster, is_in};
use super::store::Change;

struct Watcher {
    server: Arc<ApiServer>,
    changed: watch::Receiver<()>,
    namespace: Option<String>,
    /// The version that it has come to.
    seen: usize,
    breaks: usize,
    bookmarks: usize,
    has_ended: bool,
}

enum Next {
    Line(Value),
    Nothing,
    End,
}

/// The changes after that version, in one namespace or in all, a line each.
pub fn changes(
    server: Arc<ApiServer>,
    from: usize,
    namespace: Option<String>,
) -> impl Stream<Item = io::Result<String>> {
    let changed = server.changed.subscribe();
    let (breaks, bookmarks) = server.look(|cluster| (cluster.breaks, cluster.bookmarks));
    let has_ended = false;
    let watcher = Watcher { server, changed, namespace, seen: from, breaks, bookmarks, has_ended };
    unfold(watcher, |mut watcher| async {
        loop {
            match watcher.next() {
                Next::Line(line) => return Some((Ok(format!("{line}\n")), watcher)),
                Next::Nothing => watcher.changed.changed().await.ok()?,
                Next::End => return None,
            }
        }
    })
}

impl Watcher {
    fn next(&mut self) -> Next {
        let server = self.server.clone();
        server.look(|cluster| {
            if self.has_ended || cluster.is_down || cluster.breaks != self.breaks {
                return Next::End;
            }
            // What was forgotten is missed only by who has not seen it.
            let Some(line) = self.change(cluster) else { return self.bookmark(cluster) };
            Next::Line(line)
        })
    }

    fn change(&mut self, cluster: &Cluster) -> Option<Value> {
        let log = cluster.store().log();
        while let Some((_, change)) = log.get(self.seen) {
            if !cluster.knows(self.seen) {
                self.has_ended = true;
                return Some(too_old());
            }
            self.seen += 1;
            let (kind, object) = match change {
                Change::Applied(object) => ("MODIFIED", object),
                Change::Deleted(object) => ("DELETED", object),
                Change::Restored => unreachable!("nothing is restored here"),
            };
            if is_in(object, self.namespace.as_deref()) {
                return Some(json!({ "type": kind, "object": object }));
            }
        }
        None
    }

    fn bookmark(&mut self, cluster: &Cluster) -> Next {
        if self.bookmarks == cluster.bookmarks {
            return Next::Nothing;
        }
        self.bookmarks = cluster.bookmarks;
        Next::Line(json!({ "type": "BOOKMARK", "object": {
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": { "resourceVersion": self.seen.to_string() },
        }}))
    }
}

fn too_old() -> Value {
    json!({ "type": "ERROR", "object": {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "too old resource version", "reason": "Expired", "code": 410,
    }})
}
