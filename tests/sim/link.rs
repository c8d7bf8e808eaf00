//! The link of one process to the world: whether it runs, whom it reaches, the age of its view, and its clock.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use aws_batch_operator::clock::Clock;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use tokio::time::{Instant, Sleep, sleep_until};

use super::world::World;

/// One process, from its start to its end.
#[derive(Debug)]
pub struct Link {
    pub identity: String,
    /// The account of AWS that it works in.
    pub account: usize,
    skew: Mutex<SignedDuration>,
    troubles: Mutex<Troubles>,
}

#[derive(Debug)]
struct Troubles {
    is_dead: bool,
    stopped_until: Instant,
    no_api_until: Instant,
    no_aws_until: Instant,
    stale_until: Instant,
}

/// The troubles of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The process is not scheduled: SIGSTOP, a paused virtual machine.
    Stopped,
    /// The API server does not answer the process.
    NoApi,
    /// AWS does not answer the process.
    NoAws,
    /// The watch of the process brings no events.
    Stale,
}

impl Link {
    pub fn new(identity: &str, skew: SignedDuration, account: usize) -> Arc<Self> {
        let now = Instant::now();
        let troubles = Troubles {
            is_dead: false,
            stopped_until: now,
            no_api_until: now,
            no_aws_until: now,
            stale_until: now,
        };
        Arc::new(Self {
            identity: identity.to_owned(),
            account,
            skew: Mutex::new(skew),
            troubles: Mutex::new(troubles),
        })
    }

    /// The clocks of the process: the wall clock steps, the monotonic clock does not.
    pub fn clock(self: &Arc<Self>, world: &Arc<World>) -> Clock {
        let (world, link) = (world.clone(), self.clone());
        Clock::new(move || world.now() + *link.skew.lock().unwrap())
    }

    /// Sets the wall clock of the process.
    pub fn step_clock(&self, skew: SignedDuration) {
        *self.skew.lock().unwrap() = skew;
    }

    pub fn trouble(&self, trouble: Trouble, length: Duration) {
        let mut troubles = self.troubles.lock().unwrap();
        let until = match trouble {
            Trouble::Stopped => &mut troubles.stopped_until,
            Trouble::NoApi => &mut troubles.no_api_until,
            Trouble::NoAws => &mut troubles.no_aws_until,
            Trouble::Stale => &mut troubles.stale_until,
        };
        *until = (*until).max(Instant::now() + length);
    }

    /// SIGKILL.
    pub fn die(&self) {
        self.troubles.lock().unwrap().is_dead = true;
    }

    pub fn has(&self, trouble: Trouble) -> bool {
        Instant::now() < self.ends(trouble)
    }

    /// When the trouble ends, or ended.
    pub fn ends(&self, trouble: Trouble) -> Instant {
        let troubles = self.troubles.lock().unwrap();
        match trouble {
            Trouble::Stopped => troubles.stopped_until,
            Trouble::NoApi => troubles.no_api_until,
            Trouble::NoAws => troubles.no_aws_until,
            Trouble::Stale => troubles.stale_until,
        }
    }

    /// Resolves while the process runs, and never when it is dead.
    pub async fn runs(&self) {
        if self.troubles.lock().unwrap().is_dead {
            std::future::pending::<()>().await;
        }
        while self.has(Trouble::Stopped) {
            sleep_until(self.ends(Trouble::Stopped)).await;
        }
    }
}

/// A process, whose tasks do not run while it is stopped.
pub struct Process {
    work: BoxFuture<'static, ()>,
    link: Arc<Link>,
    thaw: Pin<Box<Sleep>>,
}

impl Process {
    pub fn new(link: Arc<Link>, work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self { work: Box::pin(work), link, thaw: Box::pin(sleep_until(Instant::now())) }
    }
}

impl Future for Process {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let until = self.link.ends(Trouble::Stopped);
        if Instant::now() < until {
            self.thaw.as_mut().reset(until);
            if self.thaw.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        self.work.as_mut().poll(cx)
    }
}
