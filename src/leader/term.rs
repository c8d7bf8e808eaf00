//! Whether this process may act now: a value that is passed to all code that acts.

use std::future::pending;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::clock;

/// The state of this process in the election.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// The Lease has not been read yet, with the reason.
    Unknown(String),
    /// This process does not lead.
    Follows,
    Leads {
        /// Grows with each term. Another replica may have led between two terms.
        number: u64,
        /// The end, unless the lease is renewed before.
        until: Instant,
    },
    /// This process leads without an election.
    Always,
}

impl Term {
    /// The term's number, while it lasts.
    pub fn number(&self, now: Instant) -> Option<u64> {
        match self {
            Self::Always => Some(0),
            Self::Leads { number, until } if now < *until => Some(*number),
            _ => None,
        }
    }
}

/// Shows whether this process leads. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Leadership(watch::Receiver<Term>);

impl Leadership {
    /// For a process without an election: it always leads.
    pub fn always() -> Self {
        Self(watch::channel(Term::Always).1)
    }

    /// For a process with an election.
    pub fn of(term: watch::Receiver<Term>) -> Self {
        Self(term)
    }

    /// Whether this process may act at this moment. The clock is compared with the end of the term. A process that was
    /// paused thus notices the loss before any of its tasks runs.
    pub fn holds(&self) -> bool {
        self.0.borrow().number(clock::instant()).is_some()
    }

    /// Why the Lease has never been read; `None`: it has.
    pub fn missing(&self) -> Option<String> {
        match &*self.0.borrow() {
            Term::Unknown(why) => Some(why.clone()),
            _ => None,
        }
    }

    /// Resolves when this process leads, with the number of the term.
    pub async fn gained(&self) -> u64 {
        let mut term = self.0.clone();
        loop {
            if let Some(number) = term.borrow_and_update().number(clock::instant()) {
                return number;
            }
            if term.changed().await.is_err() {
                // The elector has ended: the process stops.
                return pending().await;
            }
        }
    }

    /// Resolves when the term of that number is over.
    pub async fn lost(&self, number: u64) {
        let mut term = self.0.clone();
        loop {
            let now = term.borrow_and_update().clone();
            if now.number(clock::instant()) != Some(number) {
                return;
            }
            match now {
                Term::Leads { until, .. } => tokio::select! {
                    () = sleep_until(until) => {}
                    Ok(()) = term.changed() => {}
                },
                _ => pending().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn leads(number: u64, until: Instant) -> Term {
        Term::Leads { number, until }
    }

    #[tokio::test(start_paused = true)]
    async fn a_term_ends_by_the_clock_alone() {
        let (_elector, term) = watch::channel(leads(1, Instant::now() + SECOND));
        let leadership = Leadership::of(term);
        assert!(leadership.holds());
        // No task of ours runs meanwhile, as in a process that is stopped.
        tokio::time::advance(SECOND).await;
        assert!(!leadership.holds());
    }

    #[tokio::test(start_paused = true)]
    async fn a_renewal_is_no_loss_and_another_term_is() {
        let (elector, term) = watch::channel(leads(1, Instant::now() + SECOND));
        let leadership = Leadership::of(term);
        let lost = tokio::spawn({
            let leadership = leadership.clone();
            async move { leadership.lost(1).await }
        });
        for _ in 0..5 {
            tokio::time::sleep(SECOND / 2).await;
            elector.send_replace(leads(1, Instant::now() + SECOND));
        }
        assert!(!lost.is_finished());
        elector.send_replace(leads(2, Instant::now() + SECOND));
        lost.await.unwrap();
        assert_eq!(leadership.gained().await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_election_it_leads_for_ever() {
        let leadership = Leadership::always();
        let number = leadership.gained().await;
        assert!(tokio::time::timeout(SECOND * 1000, leadership.lost(number)).await.is_err());
        assert!(leadership.holds() && leadership.missing().is_none());
    }
}
