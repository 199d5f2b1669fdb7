//! The places of an acceptor: who waits in one, who is served in one.
//!
//! A place is *free*, *reserved* by somebody who waits for a connection, or *held* by a connection. All
//! three add up to the limit. Only those held count as being served.

use std::fmt;

use crate::primitive::StdArc as Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Semaphore, SemaphorePermit};

#[derive(Debug)]
pub(super) struct Places {
    shared: Arc<PlaceCounts>,
    limit: usize,
}

#[derive(Debug)]
struct PlaceCounts {
    free: Semaphore,
    held: AtomicUsize,
}

/// A place for the next connection; free again if none comes.
#[must_use]
pub(super) struct Reservation<'a> {
    permit: SemaphorePermit<'a>,
    shared: &'a Arc<PlaceCounts>,
}

/// A place among the connections that an [`Acceptor`](super::Acceptor) serves at a time.
///
/// It comes inside of a [`Connection`](super::Connection), which is the usual owner;
/// [`into_parts`](super::Connection::into_parts) takes it out. Clones are the same place, which is free for another
/// connection when the last of them is dropped.
///
/// # Examples
///
/// A place that outlives its stream:
///
/// ```
///
/// use runtime::net::{TcpListener, TcpStream};
/// use runtime::serve::{Acceptor, Place};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1);
/// let _client = TcpStream::connect(acceptor.local_addr()?).await?;
/// let (stream, place): (TcpStream, Place) = acceptor.accept().await?.0.into_parts();
/// drop(stream);
/// assert_eq!(acceptor.active(), 1); // what it has asked for is still worked on
/// drop(place);
/// assert_eq!(acceptor.active(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "dropping it lets another connection in"]
pub struct Place {
    held: Arc<Held>,
}

struct Held {
    shared: Arc<PlaceCounts>,
}

impl Places {
    pub(super) fn new(limit: usize) -> Self {
        let shared = PlaceCounts {
            free: Semaphore::new(limit),
            held: AtomicUsize::new(0),
        };
        Places {
            shared: Arc::new(shared),
            limit,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// How many connections are being served.
    pub(super) fn held(&self) -> usize {
        self.shared.held.load(Ordering::Relaxed)
    }

    /// Whether connections have taken all places. Those who wait for one may have done so, too.
    pub(super) fn are_all_held(&self) -> bool {
        self.held() >= self.limit
    }

    pub(super) fn try_reserve(&self) -> Option<Reservation<'_>> {
        let permit = self.shared.free.try_acquire().ok()?;
        Some(self.reservation(permit))
    }

    pub(super) async fn reserve(&self) -> Reservation<'_> {
        let permit = self.shared.free.acquire().await;
        self.reservation(permit.expect("nobody closes the semaphore"))
    }

    fn reservation<'a>(&'a self, permit: SemaphorePermit<'a>) -> Reservation<'a> {
        Reservation {
            permit,
            shared: &self.shared,
        }
    }
}

impl Reservation<'_> {
    /// A connection has come.
    pub(super) fn take_up(self) -> Place {
        self.permit.forget();
        self.shared.held.fetch_add(1, Ordering::Relaxed);
        Place {
            held: Arc::new(Held {
                shared: self.shared.clone(),
            }),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Before the place is free: whoever takes it next may not find one held too many.
        self.shared.held.fetch_sub(1, Ordering::Relaxed);
        self.shared.free.add_permits(1);
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owners = Arc::strong_count(&self.held);
        f.debug_struct("Place").field("owners", &owners).finish()
    }
}
