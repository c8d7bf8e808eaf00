//! Follows one BatchJob to its end, and asks at an interruption what is to become of its job.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::clock;
use futures::StreamExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::log;
use super::screen::Screen;
use crate::change::{Change, one};
use crate::cluster::Cluster;
use crate::end::{FAILED, exit_code, line};
use crate::failure::Failure;
use crate::follow::{Seen, follow};
use crate::logs::Options;

/// The exit code of a shell's command that was interrupted.
const INTERRUPTED: u8 = 130;

/// How long the last lines of a log are waited for after the end.
const LAST_LINES: Duration = Duration::from_secs(30);

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

/// Follows the BatchJob until its end, or until the user leaves; `options` say which log is printed.
pub async fn to_the_end(
    cluster: &Cluster,
    (name, options): (&str, Option<&Options>),
    Interruptions { mut interrupt, mut terminate }: Interruptions,
) -> Result<End, Failure> {
    let screen = Arc::new(Screen::new());
    let mut end = pin!(followed(cluster, name, options, &screen));
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
        let told = one(cluster, name, Change::Terminate).await?;
        eprintln!("{name}: {told}");
    }
}

/// Shows where the BatchJob stands, and its log beside that. The end is told last.
async fn followed(
    cluster: &Cluster,
    name: &str,
    options: Option<&Options>,
    screen: &Arc<Screen>,
) -> Result<End, Failure> {
    let (tell, latest) = watch::channel(None);
    let mut log = Box::pin(async {
        match options {
            Some(options) => log::print(latest, options, screen).await,
            None => std::future::pending().await,
        }
    });
    let mut states = pin!(watched(cluster, name, screen, &tell));
    let mut is_over = options.is_none();
    let end = loop {
        tokio::select! {
            end = &mut states => break end?,
            () = &mut log, if !is_over => is_over = true,
        }
    };
    let has_ended = matches!(end, End::Ended(_));
    let begun = tell.borrow().as_deref().is_some_and(log::has_begun);
    if has_ended && begun && !is_over {
        // The log knows best when its last line has come; a log that hangs is not waited for.
        let _ = tokio::time::timeout(LAST_LINES, log).await;
    }
    screen.end();
    match tell.borrow().as_deref() {
        Some(job) if has_ended => eprintln!("{name}: {}", line(job)),
        _ => eprintln!("{name}: the BatchJob was deleted before its end was seen"),
    }
    Ok(end)
}

/// Shows each version and tells it, until one has ended.
async fn watched(
    cluster: &Cluster,
    name: &str,
    screen: &Screen,
    tell: &watch::Sender<Option<Box<BatchJob>>>,
) -> Result<End, Failure> {
    let begun = clock::instant();
    let mut versions = pin!(follow(cluster, name));
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let mut shown = None;
    loop {
        tokio::select! {
            version = versions.next() => match version {
                Some(Ok(Seen::Is(job))) => {
                    let code = exit_code(&job);
                    shown = Some(line(&job));
                    tell.send_replace(Some(job));
                    if let Some(code) = code {
                        return Ok(End::Ended(code));
                    }
                }
                Some(Ok(Seen::Gone)) => return Ok(End::Gone),
                Some(Err(error)) => {
                    screen.end();
                    return Err(error);
                }
                None => return Err(format!("the watch of BatchJob {name} has ended").into()),
            },
            _ = seconds.tick() => {}
        }
        if let Some(line) = &shown {
            screen.show(&format!("{name}: {line}"), &format!("{} s", begun.elapsed().as_secs()));
        }
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
