//! The task that writes Events, within the budget of `--event-rate`. What is not written is counted.

use std::sync::Arc;

use kube::core::Status;
use tokio::sync::mpsc;
use tokio::time::{Duration, MissedTickBehavior, interval, timeout};

use super::event_queue::EventQueue;
use super::events::{Events, Told};
use crate::telemetry::{LeftOut, Metrics};

/// Room for warnings: minutes of the budget. It bounds the memory, and not what is told.
const WARNINGS: usize = 4096;

/// The others wait for so many seconds of the budget at most. They tell of objects on their way, as the status does, and
/// are of no use when they come late.
const WAITS: u32 = 10;

/// The longest time one Event may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Writes what it is told.
pub struct EventWriter {
    events: Events,
    metrics: Arc<Metrics>,
    per_second: u32,
    queue: EventQueue<Told>,
    /// Whether the log has said that Events may not be written.
    is_said: bool,
}

impl EventWriter {
    /// Writes so many Events a second at most.
    pub fn new(events: Events, metrics: Arc<Metrics>, per_second: u32) -> Self {
        let per_second = per_second.max(1);
        let others = usize::try_from(per_second.saturating_mul(WAITS)).unwrap_or(WARNINGS);
        Self { events, metrics, per_second, queue: EventQueue::new(WARNINGS, others), is_said: false }
    }

    /// Writes until nobody tells anything any more, and all that has room is written.
    pub async fn run(mut self, mut inbox: mpsc::Receiver<Told>) {
        let mut budget = interval(Duration::from_secs(1) / self.per_second);
        budget.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_open = true;
        while is_open || !self.queue.is_empty() {
            tokio::select! {
                // What has come is sorted first, so that a warning overtakes the others.
                biased;
                told = inbox.recv(), if is_open => match told {
                    Some(told) => self.keep(told),
                    None => is_open = false,
                },
                _ = budget.tick(), if !self.queue.is_empty() => self.write_next().await,
            }
        }
    }

    fn keep(&mut self, told: Told) {
        let namespace = told.about.namespace.clone().unwrap_or_default();
        if let Some(left_out) = self.queue.join(&namespace, told.is_warning, told) {
            self.metrics.event_left_out(left_out.is_warning, LeftOut::Budget);
        }
    }

    async fn write_next(&mut self) {
        let Some(told) = self.queue.pop() else { return };
        match timeout(DEADLINE, self.events.write(&told)).await {
            Ok(Ok(())) => return,
            Ok(Err(kube::Error::Api(status)))
                if status.is_forbidden() && !self.is_said && !is_terminating(&status) =>
            {
                self.is_said = true;
                tracing::warn!(
                    "cannot write Events ({}); allow create and patch on events.k8s.io",
                    status.message
                );
            }
            Ok(Err(error)) => tracing::debug!(%error, "failed to write an Event"),
            Err(_) => tracing::debug!("the API server did not take an Event in time"),
        }
        self.metrics.event_left_out(told.is_warning, LeftOut::NotTaken);
    }
}

/// Whether it was refused because its namespace is being deleted, and not for lack of a permission.
fn is_terminating(status: &Status) -> bool {
    let causes = status.details.iter().flat_map(|details| &details.causes);
    causes.into_iter().any(|cause| cause.reason == "NamespaceTerminating")
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::{Request, Response, StatusCode};
    use k8s_openapi::api::core::v1::ObjectReference;
    use kube::Client;
    use kube::client::Body;
    use serde_json::Value;
    use tokio::time::Instant;

    use super::*;
    use crate::clock;

    /// When each Event reached the API server, which answers so, and its type; and the metrics then.
    async fn written(events: &[(&str, bool)], answer: StatusCode) -> (Vec<(Duration, String)>, String) {
        let (tell, mut told) = mpsc::unbounded_channel();
        let begun = Instant::now();
        let service = tower::service_fn(move |request: Request<Body>| {
            let tell = tell.clone();
            async move {
                let body = request.into_body().collect_bytes().await.unwrap();
                let event: Value = serde_json::from_slice(&body).unwrap();
                tell.send((begun.elapsed(), event["type"].as_str().unwrap().to_owned())).unwrap();
                let answer =
                    Response::builder().status(answer).body(Body::from(b"{\"metadata\":{}}".to_vec()));
                Ok::<_, Infallible>(answer.unwrap())
            }
        });
        let metrics = Arc::new(Metrics::default());
        let events_of_one = Events::new(Client::new(service, "default"), "operator-0");
        let writer = EventWriter::new(events_of_one, metrics.clone(), 10);
        let (send, inbox) = mpsc::channel(events.len());
        for (number, (namespace, is_warning)) in events.iter().enumerate() {
            let about =
                ObjectReference { namespace: Some((*namespace).to_owned()), ..ObjectReference::default() };
            let (reason, note) = ("Accepted".to_owned(), number.to_string());
            send.try_send(Told { at: clock::now(), about, is_warning: *is_warning, reason, note }).unwrap();
        }
        drop(send);
        writer.run(inbox).await;
        let mut all = Vec::new();
        while let Ok(one) = told.try_recv() {
            all.push(one);
        }
        (all, metrics.encode(0, false).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_is_written_within_the_budget_and_what_is_left_out_is_counted() {
        let burst: Vec<_> = [("large", false)].repeat(300).into_iter().chain([("small", true); 3]).collect();
        let (written, metrics) = written(&burst, StatusCode::CREATED).await;
        assert_eq!(written.len(), 103, "ten seconds of the budget, and all warnings");
        assert!(written[..3].iter().all(|(_, kind)| kind == "Warning"), "{written:?}");
        let is_paced =
            written.windows(11).all(|eleven| eleven[10].0 >= eleven[0].0 + Duration::from_millis(990));
        assert!(is_paced, "more than ten in a second: {written:?}");
        let counted = r#"left_out_events_total{type="Normal",cause="budget"} 200"#;
        assert!(metrics.contains(counted) && !metrics.contains("Warning"), "{metrics}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_api_server_does_not_take_is_counted_and_the_next_one_is_written() {
        let (written, metrics) = written(&[("a", true), ("a", true)], StatusCode::FORBIDDEN).await;
        assert_eq!(written.len(), 2);
        let counted = r#"left_out_events_total{type="Warning",cause="not_taken"} 2"#;
        assert!(metrics.contains(counted), "{metrics}");
    }
}
