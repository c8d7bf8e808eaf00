//! The socket: accepts connections, reads requests and sends answers, on a thread of its own. Knows nothing of what
//! they mean.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::watch;

use crate::answer::{Call, answer};
use crate::delivery::Delivery;
use crate::fault::CONNECT;
use crate::message::Message;
use crate::shared::Shared;
use crate::steer::steer;
use crate::wire::{Body, Cut, send, whole};

/// All that is shared, and a bell that rings at every request.
#[derive(Debug)]
pub struct Desk {
    shared: Mutex<Shared>,
    bell: Condvar,
}

impl Desk {
    /// A desk with these things on it.
    pub fn new(shared: Shared) -> Self {
        Self { shared: Mutex::new(shared), bell: Condvar::new() }
    }

    /// Everything, until the guard is dropped.
    pub fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is so, looking again after every request; false: it was not so in time.
    pub fn wait(&self, within: Duration, is_so: impl Fn(&Shared) -> bool) -> bool {
        let deadline = Instant::now() + within;
        let mut shared = self.lock();
        while !is_so(&shared) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            // Jobs change by the clock alone, so there is more to look for than requests.
            let nap = left.min(Duration::from_millis(20));
            shared = self.bell.wait_timeout(shared, nap).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// A listening socket with its thread; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens there.
    pub fn start(listen: &str, desk: Arc<Desk>) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopping) = watch::channel(false);
        let thread = std::thread::Builder::new().name("double".to_owned()).spawn(move || {
            runtime.block_on(accept(listener, desk, stopping));
            runtime.shutdown_background();
        })?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody listens to the signal any more if the thread has ended.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed by then.
            let _ = thread.join();
        }
    }
}

async fn accept(listener: TcpListener, desk: Arc<Desk>, mut stopping: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let connection = tokio::select! {
            // The sender is gone only when the server is.
            _ = stopping.wait_for(|stop| *stop) => return,
            connection = listener.accept() => connection,
        };
        let Ok((socket, _)) = connection else {
            // Out of descriptors, most likely: those that are open must close first.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        if desk.lock().script.strike(CONNECT).is_some() {
            continue;
        }
        // Answers are small: waiting to fill a packet would cost 40 ms each.
        let _ = socket.set_nodelay(true);
        let desk = desk.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| serve(desk.clone(), request));
            let http = hyper::server::conn::http1::Builder::new();
            // A connection that a fault has cut ends in an error, as it should.
            let _ = http.serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

/// Answers one request; an error cuts the connection.
async fn serve(desk: Arc<Desk>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let path = head.uri.path().to_owned();
    if let Some(what) = path.strip_prefix("/control") {
        let query = head.uri.query().unwrap_or_default();
        return Ok(whole(Message::plain(&steer(&mut desk.lock(), &head.method, (what, query), &body))));
    }
    let call = Call { method: head.method, path, headers: head.headers, body };
    let half = Duration::from_millis(desk.lock().delay_ms / 2);
    pause(half).await;
    let answer = answer(&mut desk.lock(), &call);
    desk.bell.notify_all();
    pause(half).await;
    send(Delivery::of(answer)).await
}

/// Even a sleep of nothing would wait for the timer's next tick.
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}
