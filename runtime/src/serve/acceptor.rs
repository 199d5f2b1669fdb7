//! A listener with a limit, which bad times do not stop.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;

use super::bad_times::BadTimes;
use super::connection::Connection;
use super::listener::Listener;
use super::overload::{Counters, Counts, Overload, Shortage};
use super::places::{Places, Reservation};
use super::remedy::{Remedy, remedy_for};
use super::spare::Spare;
use crate::coop;
use crate::time::sleep;
use crate::util::panic::contain;

type OnOverload = Box<dyn Fn(&Overload) + Send + Sync>;

/// Accepts at most so many connections at a time, and goes on in bad times.
///
/// - While as many connections as allowed are there, the next ones wait in the system's queue, which
///   holds back whoever connects. A connection counts until its [`Connection`] is dropped, with all its halves.
/// - A connection that is gone before it is accepted is counted and passed over.
/// - When descriptors or memory run out, it closes the connection that cannot be served, by means of a
///   descriptor kept for that, so that its client is not left waiting, and pauses: 5 ms, then longer, up to a second.
///
/// Any number of tasks may [`accept`](Self::accept) at once, by reference or through an `Arc`.
///
/// # Examples
///
/// The [module](super) has a whole server. In short:
///
/// ```
/// use runtime::net::{TcpListener, TcpStream};
/// use runtime::serve::Acceptor;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1_000);
/// let client = TcpStream::connect(acceptor.local_addr()?).await?;
///
/// let (connection, peer) = acceptor.accept().await?;
/// assert_eq!(peer, client.local_addr()?);
/// assert_eq!((acceptor.active(), acceptor.counts().accepted), (1, 1));
/// drop(connection); // its place is free again
/// assert_eq!(acceptor.active(), 0);
/// # Ok(())
/// # }
/// ```
pub struct Acceptor<L> {
    listener: L,
    places: Places,
    counters: Counters,
    on_overload: Option<OnOverload>,
    spare: Spare,
    times: BadTimes,
}

impl<L: Listener> Acceptor<L> {
    /// Accepts from `listener`, at most `limit` connections at a time.
    ///
    /// # Panics
    ///
    /// If `limit` is 0 or above [`Semaphore::MAX_PERMITS`](crate::sync::Semaphore::MAX_PERMITS).
    #[track_caller]
    pub fn new(listener: L, limit: usize) -> Self {
        assert!(
            limit > 0,
            "an acceptor of no connections: allow one at least"
        );
        Acceptor {
            listener,
            places: Places::new(limit),
            counters: Counters::default(),
            on_overload: None,
            spare: Spare::new(),
            times: BadTimes::new(),
        }
    }

    /// Calls `f` when connections have to wait or cannot be accepted, at most once a second.
    ///
    /// It is called by whoever accepts, holds up nobody else, and may use the acceptor. A panic in it is contained.
    #[must_use]
    pub fn on_overload(mut self, f: impl Fn(&Overload) + Send + Sync + 'static) -> Self {
        self.on_overload = Some(Box::new(f));
        self
    }

    /// Waits for a free place, then for a connection, and answers with the address of its peer.
    ///
    /// While it waits for a connection it keeps a place free for it. So a future that
    /// is kept and not polled takes that place from the others.
    ///
    /// # Errors
    ///
    /// What no waiting can heal, for example that the runtime has shut down. Connections that were gone before
    /// they were accepted, and a want of descriptors or memory, are no errors here.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no connection and frees its place.
    ///
    /// # Examples
    ///
    /// One place: the second waits until the first is gone.
    ///
    /// ```
    ///
    /// use runtime::net::{TcpListener, TcpStream};
    /// use runtime::serve::Acceptor;
    /// use runtime::time::{Duration, timeout};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1);
    /// let _first = TcpStream::connect(acceptor.local_addr()?).await?;
    /// let _second = TcpStream::connect(acceptor.local_addr()?).await?;
    ///
    /// let (connection, _) = acceptor.accept().await?;
    /// assert!(timeout(Duration::from_millis(1), acceptor.accept()).await.is_err());
    /// drop(connection);
    /// acceptor.accept().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn accept(&self) -> io::Result<(Connection<L::Io>, L::Addr)> {
        let place = self.reserve().await;
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    Counters::count(&self.counters.accepted);
                    self.times.are_over();
                    return Ok((Connection::from_parts(stream, place.take_up()), peer));
                }
                Err(error) => self.recover(error).await?,
            }
        }
    }

    /// Returns the address on which the listener listens.
    ///
    /// # Errors
    ///
    /// What the operating system answers.
    pub fn local_addr(&self) -> io::Result<L::Addr> {
        self.listener.local_addr()
    }

    /// Returns the listener.
    pub fn listener(&self) -> &L {
        &self.listener
    }

    /// Returns how many connections are being served: handed out, and not yet dropped. Who waits in
    /// [`accept`](Self::accept) does not count.
    pub fn active(&self) -> usize {
        self.places.held()
    }

    /// Returns what has been counted so far.
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    async fn reserve(&self) -> Reservation<'_> {
        if let Some(place) = self.places.try_reserve() {
            return place;
        }
        // If others that accept have the last places, nobody is turned away.
        if self.places.are_all_held() {
            Counters::count(&self.counters.full);
            self.report(Shortage::Connections);
        }
        self.places.reserve().await
    }

    /// Does about an error what can be done.
    async fn recover(&self, error: io::Error) -> io::Result<()> {
        match remedy_for(&error) {
            Remedy::Next => {
                Counters::count(&self.counters.aborted);
                // A listener that answers so each time does not keep the thread.
                coop::consume_budget().await;
            }
            Remedy::Pause => self.pause(error).await,
            Remedy::GiveUp => return Err(error),
        }
        Ok(())
    }

    /// Refuses who cannot be served, and waits for better times.
    async fn pause(&self, error: io::Error) {
        Counters::count(&self.counters.pauses);
        self.refuse_one().await;
        self.report(Shortage::Resources(error));
        sleep(self.times.next_pause()).await;
    }

    /// Accepts a connection on the spare descriptor and closes it, without waiting.
    async fn refuse_one(&self) {
        let refused = poll_fn(|cx| {
            let Some(_lent) = self.spare.lend() else {
                return Poll::Ready(false);
            };
            // The spare one is taken back after the connection is closed.
            let answer = pin!(self.listener.accept()).poll(cx);
            Poll::Ready(matches!(answer, Poll::Ready(Ok(_))))
        });
        if refused.await {
            Counters::count(&self.counters.refused);
        }
    }

    fn report(&self, shortage: Shortage) {
        let Some(on_overload) = &self.on_overload else {
            return;
        };
        if !self.times.is_report_due() {
            return;
        }
        let overload = Overload {
            shortage,
            active: self.active(),
            counts: self.counts(),
        };
        contain(|| on_overload(&overload));
    }
}

impl<L: fmt::Debug> fmt::Debug for Acceptor<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor")
            .field("listener", &self.listener)
            .field("limit", &self.places.limit())
            .field("active", &self.places.held())
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}
