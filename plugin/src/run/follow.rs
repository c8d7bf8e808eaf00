//! Follows one BatchJob to its end, and asks at an interruption what is to become of its job.

use std::pin::pin;
use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::clock;
use futures::StreamExt;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::screen::Screen;
use crate::Failure;
use crate::change::{Change, change};
use crate::cluster::Cluster;
use crate::end::{FAILED, exit_code, line};
use crate::follow::{Seen, follow};

/// The exit code of a shell's command that was interrupted.
const INTERRUPTED: u8 = 130;

/// How following has ended.
pub enum End {
    /// The job has ended, with this exit code.
    Ended(u8),
    /// The BatchJob is gone.
    Gone,
    /// The user has left, and the job goes on.
    Left,
}

impl End {
    /// The exit code of the command.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Ended(code) => *code,
            Self::Gone => FAILED,
            Self::Left => INTERRUPTED,
        }
    }
}

/// What a user interrupts by. From its making on, no interruption ends the process.
pub struct Interruptions {
    interrupt: Signal,
    terminate: Signal,
}

impl Interruptions {
    /// Those of this process.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }
}

/// Follows the BatchJob until its end, or until the user leaves.
pub async fn to_the_end(
    cluster: &Cluster,
    name: &str,
    Interruptions { mut interrupt, mut terminate }: Interruptions,
) -> Result<End, Failure> {
    let screen = Screen::new();
    let mut end = pin!(watched(cluster, name, &screen));
    loop {
        let can_ask = tokio::select! {
            end = &mut end => return end,
            _ = interrupt.recv() => screen.can_ask(),
            _ = terminate.recv() => false,
        };
        let is_to_end = can_ask && asked(&screen, name, &mut interrupt).await;
        screen.end();
        if !is_to_end {
            let flags = &cluster.flags;
            eprintln!("{name}: the job goes on. To end it: kubectl batchjob terminate {name}{flags}");
            eprintln!("{name}: to wait for its end: kubectl batchjob wait {name}{flags}");
            return Ok(End::Left);
        }
        change(cluster, &[name.to_owned()], Change::Terminate).await?;
    }
}

/// Shows each version, until one has ended.
async fn watched(cluster: &Cluster, name: &str, screen: &Screen) -> Result<End, Failure> {
    let begun = clock::instant();
    let mut versions = pin!(follow(cluster, name));
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let mut now: Option<BatchJob> = None;
    loop {
        tokio::select! {
            version = versions.next() => match version {
                Some(Ok(Seen::Is(job))) => now = Some(*job),
                Some(Ok(Seen::Gone)) => {
                    screen.end();
                    eprintln!("{name}: the BatchJob was deleted before its end was seen");
                    return Ok(End::Gone);
                }
                Some(Err(error)) => {
                    screen.end();
                    return Err(error);
                }
                None => return Err(format!("the watch of BatchJob {name} has ended").into()),
            },
            _ = seconds.tick() => {}
        }
        let Some(job) = &now else { continue };
        if let Some(code) = exit_code(job) {
            screen.end();
            eprintln!("{name}: {}", line(job));
            return Ok(End::Ended(code));
        }
        screen.show(&format!("{name}: {}", line(job)), &format!("{} s", begun.elapsed().as_secs()));
    }
}

/// Whether the user wants the job to end. A second interruption is a no.
async fn asked(screen: &Screen, name: &str, interrupt: &mut Signal) -> bool {
    screen.end();
    eprint!("End the job of BatchJob {name}? [y/N] ");
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map(|_| answer)
    });
    tokio::select! {
        answer = answer => match answer {
            Ok(Ok(answer)) => matches!(answer.trim(), "y" | "Y" | "yes"),
            _ => false,
        },
        _ = interrupt.recv() => {
            eprintln!();
            false
        }
    }
}
