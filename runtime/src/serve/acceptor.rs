//! A listener with a limit, which bad times do not stop.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::task::Poll;

use super::listener::Listener;
use super::overload::{Counters, Counts, Overload, Shortage};
use super::spare::Spare;
use crate::primitive::StdArc as Arc;
use crate::primitive::sync::Mutex;
use crate::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use crate::time::{Duration, Instant, sleep};
use crate::util::panic::contain;

/// The first pause after resources have run out; each further one in a row is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Between two reports at least.
const REPORT_INTERVAL: Duration = Duration::from_secs(1);

type OnOverload = Box<dyn Fn(&Overload) + Send + Sync>;

/// Accepts at most so many connections at a time, and goes on in bad times.
///
/// - While as many connections as allowed are there, the next ones wait in the system's queue, which
///   holds back whoever connects. A connection counts until its [`Slot`] is dropped.
/// - A connection that is gone before it is accepted is counted and passed over.
/// - When descriptors or memory run out, it closes the connection that cannot be served, by means of a
///   descriptor kept for that, so that its client is not left waiting, and pauses: 5 ms, then longer, up to a second.
///
/// # Examples
///
/// See the [module](super).
pub struct Acceptor<L> {
    listener: L,
    free: Arc<Semaphore>,
    limit: usize,
    counters: Counters,
    on_overload: Option<OnOverload>,
    times: Mutex<BadTimes>,
}

#[derive(Debug)]
struct BadTimes {
    spare: Spare,
    next_pause: Duration,
    last_report: Option<Instant>,
}

/// A connection, with its place among those allowed.
#[derive(Debug)]
pub struct Accepted<S, A> {
    /// The connection.
    pub stream: S,
    /// The address of the other side.
    pub peer: A,
    /// To be kept as long as the connection is there.
    pub slot: Slot,
}

/// A place among the connections that an [`Acceptor`] allows; another may take it once this is dropped.
#[derive(Debug)]
#[must_use = "dropping it lets another connection in"]
pub struct Slot {
    _permit: OwnedSemaphorePermit,
}

/// What is to be done about an error of `accept`.
enum Remedy {
    /// It concerned one connection, which is gone.
    Next,
    /// There is no room for a connection now.
    Pause,
    /// There is none.
    GiveUp,
}

impl<L: Listener> Acceptor<L> {
    /// Accepts from `listener`, at most `limit` connections at a time.
    ///
    /// # Panics
    ///
    /// If `limit` is 0 or above [`Semaphore::MAX_PERMITS`].
    #[track_caller]
    pub fn new(listener: L, limit: usize) -> Self {
        assert!(
            limit > 0,
            "an acceptor of no connections: allow one at least"
        );
        Acceptor {
            listener,
            free: Arc::new(Semaphore::new(limit)),
            limit,
            counters: Counters::default(),
            on_overload: None,
            times: Mutex::new(BadTimes {
                spare: Spare::new(),
                next_pause: FIRST_PAUSE,
                last_report: None,
            }),
        }
    }

    /// Calls `f` when connections have to wait or cannot be accepted, at most once a second.
    ///
    /// It is called by whoever accepts and should not take long. A panic in it is contained.
    #[must_use]
    pub fn on_overload(mut self, f: impl Fn(&Overload) + Send + Sync + 'static) -> Self {
        self.on_overload = Some(Box::new(f));
        self
    }

    /// Waits for a free place, then for a connection.
    ///
    /// # Errors
    ///
    /// What no waiting can heal, for example that the runtime has shut down. Connections that were gone before
    /// they were accepted, and a want of descriptors or memory, are no errors here.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no connection and frees its place.
    pub async fn accept(&self) -> io::Result<Accepted<L::Stream, L::Address>> {
        let slot = self.free_slot().await;
        loop {
            let error = match poll_fn(|cx| self.listener.poll_accept(cx)).await {
                Ok((stream, peer)) => {
                    self.good_times();
                    return Ok(Accepted { stream, peer, slot });
                }
                Err(error) => error,
            };
            match remedy_for(&error) {
                Remedy::Next => Counters::count(&self.counters.aborted),
                Remedy::Pause => self.pause(error).await,
                Remedy::GiveUp => return Err(error),
            }
        }
    }

    /// Returns the listener.
    pub fn listener(&self) -> &L {
        &self.listener
    }

    /// Returns how many connections are handed out and not yet over.
    pub fn active(&self) -> usize {
        self.limit - self.free.available_permits()
    }

    /// Returns what has been counted so far.
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    async fn free_slot(&self) -> Slot {
        let permit = match self.free.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                Counters::count(&self.counters.full);
                self.report(Shortage::Connections);
                let permit = self.free.clone().acquire_owned().await;
                permit.expect("nobody closes the semaphore")
            }
        };
        Slot { _permit: permit }
    }

    fn good_times(&self) {
        Counters::count(&self.counters.accepted);
        self.times.lock().next_pause = FIRST_PAUSE;
    }

    /// Refuses who cannot be served, and waits for better times.
    async fn pause(&self, error: io::Error) {
        Counters::count(&self.counters.pauses);
        self.refuse_one().await;
        self.report(Shortage::Resources(error));
        let pause = {
            let mut times = self.times.lock();
            let next = (2 * times.next_pause).min(LONGEST_PAUSE);
            std::mem::replace(&mut times.next_pause, next)
        };
        sleep(pause).await;
    }

    /// Accepts a connection on the spare descriptor and closes it.
    async fn refuse_one(&self) {
        if !self.times.lock().spare.give_up() {
            return self.times.lock().spare.take_back();
        }
        let refused = poll_fn(|cx| match self.listener.poll_accept(cx) {
            Poll::Ready(answer) => Poll::Ready(answer.is_ok()),
            Poll::Pending => Poll::Ready(false),
        });
        if refused.await {
            Counters::count(&self.counters.refused);
        }
        self.times.lock().spare.take_back();
    }

    fn report(&self, shortage: Shortage) {
        let Some(on_overload) = &self.on_overload else {
            return;
        };
        let now = Instant::now();
        let last = &mut self.times.lock().last_report;
        if last.is_some_and(|last| now - last < REPORT_INTERVAL) {
            return;
        }
        *last = Some(now);
        let overload = Overload {
            shortage,
            active: self.active(),
            counts: self.counts(),
        };
        contain(|| on_overload(&overload));
    }
}

/// By the page of Linux on accept(2): what happened to the connection before it was accepted is told
/// by accept, too.
fn remedy_for(error: &io::Error) -> Remedy {
    match error.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM) => Remedy::Pause,
        Some(
            libc::ECONNABORTED
            | libc::ECONNRESET
            | libc::EINTR
            | libc::EPERM
            | libc::EPROTO
            | libc::ENETDOWN
            | libc::ENETUNREACH
            | libc::EHOSTDOWN
            | libc::EHOSTUNREACH
            | libc::ENOPROTOOPT
            | libc::EOPNOTSUPP
            | libc::ETIMEDOUT,
        ) => Remedy::Next,
        _ => Remedy::GiveUp,
    }
}

impl<L: fmt::Debug> fmt::Debug for Acceptor<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor")
            .field("listener", &self.listener)
            .field("limit", &self.limit)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}
