//! The socket: takes requests, plays faults, and answers. Also the handle that tests hold.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::behaviour::Behaviour;
use crate::fault::Fault;
use crate::shared::{Config, Lag, Logged, Shared};
use crate::world::JobView;
use crate::{answer, limit::Limit, shared};

/// A running double. It ends when this is dropped.
#[derive(Debug)]
pub struct Double {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Double {
    /// Starts listening, on a thread of its own.
    pub fn start(config: &Config) -> std::io::Result<Self> {
        let shared = Arc::new(Mutex::new(Shared::new(config)));
        let listener = std::net::TcpListener::bind(&config.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let thread = serve(listener, shared.clone(), stopping)?;
        Ok(Self { address, shared, stop, thread: Some(thread) })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Refuses connections from now on; those that are open are closed.
    pub fn stop_listening(&mut self) {
        // Nobody listens to the signal any more if the thread has ended.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed by then.
            let _ = thread.join();
        }
    }

    /// Listens again at the same address, with all its state.
    pub fn listen_again(&mut self) -> std::io::Result<()> {
        let listener = std::net::TcpListener::bind(self.address)?;
        listener.set_nonblocking(true)?;
        let (stop, stopping) = watch::channel(false);
        self.thread = Some(serve(listener, self.shared.clone(), stopping)?);
        self.stop = stop;
        Ok(())
    }

    /// All jobs, in the order of acceptance.
    pub fn jobs(&self) -> Vec<JobView> {
        let shared = self.lock();
        let now = shared.now();
        shared.world.jobs.iter().map(|job| shared.world.view(job, now)).collect()
    }

    /// How many jobs were accepted.
    pub fn accepted(&self) -> usize {
        self.lock().world.jobs.len()
    }

    /// The latest requests, oldest first.
    pub fn requests(&self) -> Vec<Logged> {
        self.lock().log.iter().cloned().collect()
    }

    /// How many requests of the operation there were.
    pub fn count(&self, operation: &str) -> u64 {
        let shared = self.lock();
        shared.counts.iter().filter(|((name, _), _)| *name == operation).map(|(_, count)| count).sum()
    }

    /// How many requests there were in all.
    pub fn calls(&self) -> u64 {
        self.lock().counts.values().sum()
    }

    /// Replaces the script of faults.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.lock().script.faults = faults;
    }

    /// Sets how late reads are.
    pub fn set_lag(&self, lag: Lag) {
        self.lock().lag = lag;
    }

    /// Sets the limit of calls per second.
    pub fn set_limit(&self, per_second: Option<u32>) {
        self.lock().limit = per_second.map(|rate| Limit::per_second(rate, shared::wall_ms()));
    }

    /// Sets how jobs of that definition behave from now on; makes the definition known.
    pub fn set_behaviour(&self, definition: &str, behaviour: Behaviour) {
        self.lock().world.definitions.entry(definition.to_owned()).or_default().behaviour = Some(behaviour);
    }

    /// Puts the clock forward.
    pub fn advance(&self, by: Duration) {
        self.lock().world.offset_ms += i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    }

    /// Forgets all jobs, as when their queue is deleted.
    pub fn forget_jobs(&self) {
        let mut shared = self.lock();
        let now = shared.now();
        for job in &mut shared.world.jobs {
            // Ended a month ago: out of retention.
            job.created_at = now - 31 * 24 * 3600 * 1000;
            job.behaviour = Behaviour::default();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.stop_listening();
    }
}

fn serve(
    listener: std::net::TcpListener,
    shared: Arc<Mutex<Shared>>,
    stopping: watch::Receiver<bool>,
) -> std::io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("double".to_owned()).spawn(move || {
        runtime.block_on(accept(listener, shared, stopping));
        runtime.shutdown_background();
    })
}

async fn accept(
    listener: std::net::TcpListener,
    shared: Arc<Mutex<Shared>>,
    mut stopping: watch::Receiver<bool>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let connection = tokio::select! {
            // The sender is gone only when the handle is.
            _ = stopping.wait_for(|stop| *stop) => return,
            connection = listener.accept() => connection,
        };
        let Ok((socket, _)) = connection else { continue };
        // Answers are small: waiting to fill a packet would cost 40 ms each.
        let _ = socket.set_nodelay(true);
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| answer::handle(shared.clone(), request));
            let serving =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service);
            // A connection that a fault has cut ends in an error, as it should.
            let _ = serving.await;
        });
    }
}
