//! The one place that tells the world: log lines, Events, counters. Never a request body, never a value of a user's
//! environment.

use std::error::Error as StdError;
use std::sync::Arc;

use k8s_openapi::api::core::v1::ObjectReference;
use kube::runtime::watcher;
use kube::{Client, Resource};
use tokio::sync::mpsc;

use super::Error;
use super::cached::Cached;
use super::event_writer::EventWriter;
use super::events::{Events, Told};
use crate::api::BatchJob;
use crate::causes::causes;
use crate::clock;
use crate::plan::Note;
use crate::telemetry::{LeftOut, Metrics};
use crate::text::{one_line, one_short_line};

/// Events on their way to the task that writes them, while the task is busy.
const WAITING: usize = 4096;

/// Longest text that others have written, in a log line, in characters.
const LOGGED_MAX: usize = 1_000;

/// Longest note of an Event, in bytes: so much the API server takes.
const NOTE_MAX: usize = 1024;

/// So many failures in a row do not pass by themselves: half a minute at least.
const STAYS: u32 = 4;

/// What makes single objects fail while others do not.
const WAY_OUT: &str = "If other BatchJobs are written, this one may be too large: remove labels and annotations that are not needed";

/// Tells the world. Cheap to clone.
#[derive(Clone)]
pub struct Reporter {
    events: mpsc::Sender<Told>,
    metrics: Arc<Metrics>,
}

impl Reporter {
    /// Starts the task that writes Events, so many a second at most.
    pub fn start(client: Client, identity: &str, metrics: Arc<Metrics>, per_second: u32) -> Self {
        let (events, inbox) = mpsc::channel(WAITING);
        let writer = EventWriter::new(Events::new(client, identity), metrics.clone(), per_second);
        tokio::spawn(writer.run(inbox));
        Self { events, metrics }
    }

    /// Publishes the notes of a plan.
    pub fn publish(&self, object: &BatchJob, notes: &[Note]) {
        for note in notes {
            let reason = note.reason.as_str();
            if note.is_warning {
                tracing::warn!(reason, "{}", note.text);
            } else {
                tracing::info!(reason, "{}", note.text);
            }
            self.event(object.object_ref(&()), note.is_warning, reason, &note.text);
        }
    }

    /// This replica leads from now on.
    pub fn leads(&self, namespace: String, lease: String, identity: &str) {
        let reference = ObjectReference {
            api_version: Some("coordination.k8s.io/v1".to_owned()),
            kind: Some("Lease".to_owned()),
            namespace: Some(namespace),
            name: Some(lease),
            ..ObjectReference::default()
        };
        self.event(reference, false, "Leading", &format!("{identity} leads"));
    }

    /// Someone else's write has won.
    pub fn overtaken(&self) {
        self.metrics.pass_failed(Error::Changed.step());
        tracing::debug!("{}", Error::Changed);
    }

    /// The runtime that starts the passes has failed.
    pub fn runtime_failed(&self, error: &(dyn StdError + 'static)) {
        tracing::error!("no passes are started: {}", causes(error));
    }

    /// So many passes of the object have failed in a row, the latest in this way.
    pub fn failed(&self, object: &Cached, error: &Error, failures: u32) {
        self.metrics.pass_failed(error.step());
        if let Some(refusal) = error.refusal() {
            self.metrics.write_refused(error.step());
            let text = format!(
                "{error}, which the API server refuses: {refusal}. Tried again with growing pauses. The job is not submitted twice"
            );
            self.event(object.object_ref(&()), true, "WriteRefused", &text);
        } else if failures >= STAYS {
            let why = error.source().map(|cause| format!(": {}", causes(cause))).unwrap_or_default();
            let text = format!(
                "{error}{why}. Several passes have failed in a row; tried again with growing pauses. {WAY_OUT}"
            );
            self.event(object.object_ref(&()), true, "WriteFailed", &text);
        }
        let cause = error.source().map(|cause| one_line(&causes(cause), LOGGED_MAX));
        tracing::warn!(cause, "{error}; trying again");
    }

    /// An object is gone, and nobody had removed our finalizer.
    pub fn bypassed() {
        tracing::warn!("deleted without waiting for its finalizer; ending its job all the same");
    }

    /// An object cannot be read: it was written for another version of the CRD.
    pub fn undecodable(&self, object: &Cached, error: &str) {
        self.metrics.pass_failed("decode");
        let error = one_line(error, LOGGED_MAX);
        tracing::warn!(error, "cannot read this BatchJob; leaving it alone");
        let text = format!(
            "This version of the operator cannot read the object ({error}). It is left alone. Is the installed CRD this operator's?"
        );
        self.event(object.object_ref(&()), true, "Undecodable", &text);
    }

    /// The watch has failed; it begins again by itself. Answers why.
    pub fn watch_failed(&self, error: &watcher::Error) -> String {
        self.metrics.pass_failed("watch");
        format!(
            "cannot watch BatchJobs ({}); the CRD must be installed, the API server be there, and the operator may list and watch",
            one_line(&causes(error), LOGGED_MAX)
        )
    }

    fn event(&self, about: ObjectReference, is_warning: bool, reason: &str, text: &str) {
        let (reason, note) = (reason.to_owned(), one_short_line(text, NOTE_MAX));
        if self.events.try_send(Told { at: clock::now(), about, is_warning, reason, note }).is_err() {
            self.metrics.event_left_out(is_warning, LeftOut::Budget);
        }
    }
}
