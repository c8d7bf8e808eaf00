//! Holds the Lease while it can: reads and replaces it, each call under a deadline. A conflict means that another
//! replica was first.

use std::time::Duration;

use k8s_openapi::api::coordination::v1::Lease;
use kube::api::PostParams;
use kube::{Api, Client};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::term::Term;
use super::{Leadership, Settings, Verdict, judge, record};
use crate::api::FIELD_MANAGER;
use crate::causes::causes;
use crate::clock::{self, Clock};

/// The longest time for giving up the Lease at the end.
const RELEASE: Duration = Duration::from_millis(1500);

/// One candidate.
#[derive(Debug)]
pub struct Elector {
    clock: Clock,
    api: Api<Lease>,
    place: String,
    settings: Settings,
    term: watch::Sender<Term>,
    /// The Lease as last read or written. `moved_at` is when this process saw its last change.
    lease: Option<Lease>,
    moved_at: Instant,
    /// Whether `lease` is the result of our own last write, so that it can be replaced without a read.
    is_our_write: bool,
    terms: u64,
    told: String,
}

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Kube(#[from] kube::Error),
    #[error("the API server did not answer in time")]
    TimedOut(#[from] tokio::time::error::Elapsed),
}

impl Elector {
    /// A candidate, and the view of its leadership for others.
    pub fn new(client: &Client, clock: Clock, settings: Settings) -> (Self, Leadership) {
        let (term, told) = watch::channel(Term::Unknown("the lease was not read yet".to_owned()));
        let namespace = settings.namespace(client);
        let elector = Self {
            clock,
            api: Api::namespaced(client.clone(), &namespace),
            place: format!("{namespace}/{}", settings.name),
            settings,
            term,
            lease: None,
            moved_at: clock::instant(),
            is_our_write: false,
            terms: 0,
            told: String::new(),
        };
        (elector, Leadership::of(told))
    }

    /// Runs for the Lease until `stop` resolves. It then gives up the Lease, so that another replica need not wait.
    pub async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        loop {
            let round = async {
                let next = self.round().await;
                sleep_until(next).await;
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = round => {}
            }
        }
        self.release().await;
    }

    /// One read or renewal. Returns when the next one is due.
    async fn round(&mut self) -> Instant {
        let begun = clock::instant();
        // The process may have been paused for longer than a term.
        self.lapse(begun);
        let outcome = self.attempt().await;
        let now = clock::instant();
        self.lapse(now);
        let retry_at = begun + self.settings.retry_period;
        let next = match (outcome, self.end_of_term()) {
            (Ok(Some(expiry)), _) => retry_at.min(expiry),
            (Ok(None), _) => retry_at,
            (Err(trouble), end) => {
                self.complain(&trouble);
                end.map_or(retry_at, |end| retry_at.min(end))
            }
        };
        next.max(now)
    }

    /// Returns when a Lease of another holder can be taken at the earliest.
    async fn attempt(&mut self) -> Result<Option<Instant>, Trouble> {
        if !(self.is_our_write && self.end_of_term().is_some()) {
            self.look().await?;
        }
        let seen = self.lease.as_ref().map(|lease| record::seen(lease, self.moved_at, &self.settings));
        match judge(seen.as_ref(), &self.settings.identity, clock::instant()) {
            Verdict::Wait { until } => {
                self.follow(&seen.map(|seen| seen.holder).unwrap_or_default());
                Ok(Some(until))
            }
            Verdict::Create | Verdict::Take | Verdict::Renew => {
                self.hold().await?;
                Ok(None)
            }
        }
    }

    async fn look(&mut self) -> Result<(), Trouble> {
        let found = timeout_at(self.deadline(), self.api.get_opt(&self.settings.name)).await??;
        let spec = |lease: &Option<Lease>| lease.as_ref().map(|lease| lease.spec.clone());
        if spec(&found) != spec(&self.lease) {
            self.moved_at = clock::instant();
        }
        self.lease = found;
        Ok(())
    }

    /// Creates, takes or renews the Lease with one write. The write fails if the Lease has changed since we read it.
    async fn hold(&mut self) -> Result<(), Trouble> {
        // The term counts from before the call, because the API server may carry it out at once.
        let sent_at = clock::instant();
        // Without an answer the next attempt must read the Lease again.
        self.is_our_write = false;
        let lease = record::held(self.lease.as_ref(), &self.settings, self.clock.now());
        let params = params();
        let written = match self.lease {
            Some(_) => {
                timeout_at(self.deadline(), self.api.replace(&self.settings.name, &params, &lease)).await
            }
            None => timeout_at(self.deadline(), self.api.create(&params, &lease)).await,
        };
        self.lease = Some(written??);
        self.moved_at = clock::instant();
        self.is_our_write = true;
        self.lead(sent_at + self.settings.renew_deadline);
        Ok(())
    }

    /// The end of the time for one call: half the renew deadline, so that a call that hangs can be repeated, but not
    /// beyond the end of our term.
    fn deadline(&self) -> Instant {
        let latest = clock::instant() + self.settings.renew_deadline / 2;
        self.end_of_term().map_or(latest, |end| end.min(latest))
    }

    /// The end of our term; `None` when we do not lead.
    fn end_of_term(&self) -> Option<Instant> {
        match *self.term.borrow() {
            Term::Leads { until, .. } => Some(until),
            _ => None,
        }
    }

    fn lead(&mut self, until: Instant) {
        let current = self.term.borrow().number(clock::instant());
        if current.is_none() {
            self.terms += 1;
            tracing::info!(lease = self.place, identity = self.settings.identity, "leading");
        }
        let number = current.unwrap_or(self.terms);
        self.told.clear();
        self.term.send_replace(Term::Leads { number, until });
    }

    fn follow(&mut self, leader: &str) {
        if self.end_of_term().is_some() {
            tracing::warn!(lease = self.place, leader, "no longer leading: another has taken the lease");
        } else if self.told != leader {
            tracing::info!(lease = self.place, leader, "following: another replica leads");
        }
        leader.clone_into(&mut self.told);
        self.term.send_replace(Term::Follows);
    }

    /// Steps down when the time to renew is over.
    fn lapse(&mut self, now: Instant) {
        if self.end_of_term().is_some_and(|end| now >= end) {
            tracing::warn!(
                lease = self.place,
                "no longer leading: the lease was not renewed in time. Nothing is sent to AWS before the next term"
            );
            self.term.send_replace(Term::Follows);
        }
    }

    /// Logs each reason once in a row.
    fn complain(&mut self, trouble: &Trouble) {
        let why = causes(trouble);
        if matches!(trouble, Trouble::Kube(kube::Error::Api(status)) if status.is_conflict()) {
            tracing::debug!(lease = self.place, "another replica was first");
        } else if self.told != why {
            let text = format!(
                "cannot read or renew the lease {} ({why}); check that the API server answers, and that the operator may get, create and update leases in that namespace",
                self.place
            );
            tracing::warn!("{text}");
            self.told = why;
            self.term.send_if_modified(|term| {
                let is_unknown = matches!(term, Term::Unknown(_));
                if is_unknown {
                    *term = Term::Unknown(text);
                }
                is_unknown
            });
        }
    }

    async fn release(mut self) {
        if self.end_of_term().is_none() {
            return;
        }
        // This replica stops acting before another can begin.
        self.term.send_replace(Term::Follows);
        match timeout(RELEASE, self.give_up()).await {
            Ok(Ok(())) => tracing::info!(lease = self.place, "gave the lease up"),
            Ok(Err(trouble)) => {
                tracing::warn!(lease = self.place, why = %trouble, "could not give the lease up");
            }
            Err(_) => tracing::warn!(lease = self.place, "could not give the lease up in time"),
        }
    }

    async fn give_up(&mut self) -> Result<(), Trouble> {
        if !self.is_our_write {
            self.look().await?;
        }
        let holder = |lease: &Lease| lease.spec.clone().unwrap_or_default().holder_identity;
        if let Some(lease) = &self.lease
            && holder(lease).as_ref() == Some(&self.settings.identity)
        {
            let lease = record::released(lease, self.clock.now());
            self.api.replace(&self.settings.name, &params(), &lease).await?;
        }
        Ok(())
    }
}

fn params() -> PostParams {
    PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() }
}
