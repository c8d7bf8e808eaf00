//! Limits connections: each lives for seconds, reads little, and their number is bounded. A new connection beyond the
//! limit closes the oldest. The kubelet, whose requests take no time, is therefore always answered.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep};

/// The longest life of a connection, whichever side is slow.
const LIFE: Duration = Duration::from_secs(10);
/// The most bytes read from one connection: a request is a line and a few headers.
const READ_MAX: usize = 16 * 1024;
/// The most connections at once.
const OPEN_MAX: usize = 128;

/// A listener that closes connections which last too long.
pub struct Connections {
    listener: TcpListener,
    /// The oldest first. Dropping one closes its connection.
    open: VecDeque<oneshot::Sender<()>>,
}

impl Connections {
    pub fn of(listener: TcpListener) -> Self {
        Self { listener, open: VecDeque::new() }
    }

    /// Makes room for one more.
    fn keep(&mut self) -> oneshot::Receiver<()> {
        if self.open.len() >= OPEN_MAX {
            self.open.retain(|connection| !connection.is_closed());
        }
        if self.open.len() >= OPEN_MAX {
            self.open.pop_front();
        }
        let (kept, closed) = oneshot::channel();
        self.open.push_back(kept);
        closed
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let closed = self.keep();
        (Connection { stream, end: Box::pin(sleep(LIFE)), closed, left: READ_MAX }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection, with a limited life.
pub struct Connection {
    stream: TcpStream,
    end: Pin<Box<Sleep>>,
    closed: oneshot::Receiver<()>,
    /// How much may still be read.
    left: usize,
}

impl Connection {
    /// `Err` when the life is over, or a new connection needs the place.
    fn lives(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let is_late = self.end.as_mut().poll(context).is_ready();
        if is_late || Pin::new(&mut self.closed).poll(context).is_ready() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.lives(context)?;
        if self.left == 0 {
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        self.left = self.left.saturating_sub(buffer.filled().len() - before);
        outcome
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.lives(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
