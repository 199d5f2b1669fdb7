//! Listeners and clients for the tests.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_lite::AsyncReadExt;
use runtime::net::{TcpListener, TcpStream};
use runtime::serve::{Acceptor, Listener};
use runtime::time::Duration;

/// Longer than any wait here takes.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) async fn bind() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

pub(crate) async fn connect(acceptor: &Acceptor<TcpListener>) -> TcpStream {
    TcpStream::connect(acceptor.local_addr().unwrap())
        .await
        .unwrap()
}

/// Whether the other side has closed the connection, and not only been silent.
pub(crate) async fn is_closed(stream: &mut TcpStream) -> bool {
    !matches!(stream.read(&mut [0]).await, Ok(1..))
}

/// Answers with errors, then with connections of nothing.
#[derive(Debug)]
pub(crate) struct Troubled {
    pub(crate) errors: Mutex<Vec<i32>>,
}

impl Troubled {
    pub(crate) fn with(errors: &[i32]) -> Self {
        Troubled {
            errors: Mutex::new(errors.iter().rev().copied().collect()),
        }
    }
}

impl Listener for Troubled {
    type Io = ();
    type Addr = ();

    async fn accept(&self) -> io::Result<((), ())> {
        match self.errors.lock().unwrap().pop() {
            Some(error) => Err(io::Error::from_raw_os_error(error)),
            None => Ok(((), ())),
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts how many are inside at a time.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    pub(crate) fn enter(&self) -> Inside<'_> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        Inside(self)
    }

    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// Dropped on the way out.
#[derive(Debug)]
pub(crate) struct Inside<'a>(&'a Gauge);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}
