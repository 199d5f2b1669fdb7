//! The end of a server, in phases.

use std::fmt;

use slab::Slab;

use super::guarded::Guarded;
use crate::primitive::StdArc as Arc;
use crate::primitive::sync::Mutex;
use crate::sync::{CancellationToken, Notify};
use crate::task::{JoinHandle, spawn};
use crate::time::{Duration, Instant, timeout_at};
use crate::util::large::pin_if_large;

/// How long what was cancelled may take to leave.
const TIME_TO_LEAVE: Duration = Duration::from_secs(1);

/// Ends a server in phases: accept no more, let finish, cancel, say who remains.
///
/// 1. [`start`](Self::start): whoever accepts, or is between two requests, stops by itself.
/// 2. [`finish`](Self::finish) waits until all that is under way ([`Guard`]) is over, up to a deadline.
/// 3. What is left then is cancelled: futures in [`Guard::run`] and [`spawn`](Self::spawn) are dropped.
/// 4. What is left a second later is named in the [`Outcome`].
///
/// Clones stand for the same end.
///
/// # Examples
///
/// The [module](super) has a whole server. In short:
///
/// ```
/// use runtime::serve::Shutdown;
/// use runtime::time::Duration;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let shutdown = Shutdown::new();
/// let quick = shutdown.spawn("quick", async { 7 });
/// let endless = shutdown.spawn("endless", std::future::pending::<()>());
///
/// let outcome = shutdown.finish(Duration::from_millis(5)).await;
/// assert_eq!((outcome.under_way, outcome.cancelled), (2, 1));
/// assert_eq!(quick.await.unwrap(), Some(7));
/// assert_eq!(endless.await.unwrap(), None); // was cancelled
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Shutdown {
    shared: Arc<ShutdownState>,
}

#[derive(Default)]
struct ShutdownState {
    started: CancellationToken,
    cancelled: CancellationToken,
    under_way: Mutex<Slab<Arc<str>>>,
    /// Told each time nothing is under way any more.
    empty: Notify,
}

/// Something under way that a shutdown waits for; it is over when this is dropped.
///
/// # Examples
///
/// A thread that the end waits for:
///
/// ```
///
/// use runtime::serve::{Guard, Shutdown};
/// use runtime::time::Duration;
///
/// fn save(guard: Guard) {
///     std::thread::spawn(move || {
///         let _until_here = guard;
///     });
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let shutdown = Shutdown::new();
/// save(shutdown.guard("saving"));
/// let outcome = shutdown.finish(Duration::MAX).await;
/// assert_eq!(outcome.cancelled, 0);
/// # }
/// ```
#[must_use = "what it stands for is over when it is dropped"]
pub struct Guard {
    shutdown: Shutdown,
    place: usize,
}

/// How a server has ended.
///
/// # Examples
///
/// ```
/// use runtime::serve::Shutdown;
/// use runtime::time::Duration;
///
/// # #[runtime::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let shutdown = Shutdown::new();
/// let _forgotten = shutdown.guard("saving");
/// let outcome = shutdown.finish(Duration::from_secs(30)).await;
/// assert_eq!((outcome.under_way, outcome.cancelled), (1, 1));
/// for name in &outcome.remaining {
///     eprintln!("{name} did not end"); // saving
/// }
/// assert_eq!(outcome.remaining.len(), 1);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// How much was under way when the end was asked for.
    pub under_way: usize,
    /// How much of that did not finish in time and was cancelled.
    pub cancelled: usize,
    /// The names of what did not even leave when it was cancelled.
    pub remaining: Vec<Arc<str>>,
}

impl Shutdown {
    /// Makes one that nobody has asked for yet.
    pub fn new() -> Self {
        Shutdown::default()
    }

    /// Asks for the end. Nothing is cancelled by that.
    pub fn start(&self) {
        self.shared.started.cancel();
    }

    /// Returns whether the end was asked for.
    pub fn is_started(&self) -> bool {
        self.shared.started.is_cancelled()
    }

    /// Waits until the end is asked for.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// The signal that asks for the end, and one who waits for it:
    ///
    /// ```
    ///
    /// use runtime::serve::Shutdown;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let shutdown = Shutdown::new();
    /// let asked = shutdown.clone();
    /// runtime::spawn(async move { asked.start() });
    /// shutdown.started().await;
    /// assert!(shutdown.is_started());
    /// # }
    /// ```
    pub async fn started(&self) {
        self.shared.started.cancelled().await;
    }

    /// Runs `future`, or drops it when the end is asked for and answers `None`: for whoever accepts, or
    /// waits for the next request.
    ///
    /// # Cancel safety
    ///
    /// Dropping it drops `future`: what is lost is what that one loses.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::serve::Shutdown;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let shutdown = Shutdown::new();
    /// assert_eq!(shutdown.unless_started(async { 1 }).await, Some(1));
    /// shutdown.start();
    /// let request = std::future::pending::<u32>();
    /// assert_eq!(shutdown.unless_started(request).await, None);
    /// # }
    /// ```
    pub fn unless_started<F: Future>(&self, future: F) -> impl Future<Output = Option<F::Output>> {
        self.shared.started.run_until_cancelled(future)
    }

    /// Counts something as under way until the guard is dropped.
    pub fn guard(&self, name: impl Into<Arc<str>>) -> Guard {
        // The caller's conversion may do anything, even ask this shutdown.
        let name = name.into();
        let place = self.shared.under_way.lock().insert(name);
        Guard {
            shutdown: self.clone(),
            place,
        }
    }

    /// Spawns a task that counts as under way and is cancelled with the rest; it answers `None` then.
    ///
    /// # Panics
    ///
    /// If no runtime is running.
    #[track_caller]
    pub fn spawn<F>(&self, name: impl Into<Arc<str>>, future: F) -> JoinHandle<Option<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let guard = self.guard(name);
        pin_if_large!(F, future, spawn(guard.run(future)))
    }

    /// Returns the token that is cancelled when the time to finish is over.
    ///
    /// # Examples
    ///
    /// What is under way and wants to say good-bye, not to be dropped:
    ///
    /// ```
    ///
    /// use runtime::serve::Shutdown;
    /// use runtime::time::Duration;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let shutdown = Shutdown::new();
    /// let (guard, token) = (shutdown.guard("session"), shutdown.token().clone());
    /// let session = runtime::spawn(async move {
    ///     token.cancelled().await;
    ///     drop(guard);
    ///     "good-bye"
    /// });
    /// assert!(shutdown.finish(Duration::ZERO).await.remaining.is_empty());
    /// assert_eq!(session.await.unwrap(), "good-bye");
    /// # }
    /// ```
    pub fn token(&self) -> &CancellationToken {
        &self.shared.cancelled
    }

    /// Returns how much is under way.
    pub fn under_way(&self) -> usize {
        self.shared.under_way.lock().len()
    }

    /// Asks for the end if nobody has, waits until nothing is under way, for at most `time`, then cancels.
    /// `Duration::MAX` waits as long as it takes.
    ///
    /// Returns when all is over, or a second after it was cancelled.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves the end asked for; what was cancelled stays so. It can be called again.
    pub async fn finish(&self, time: Duration) -> Outcome {
        self.start();
        let under_way = self.under_way();
        self.empty_until(Instant::now().saturating_add(time)).await;
        // Counted before anybody can leave.
        let cancelled = self.under_way();
        self.shared.cancelled.cancel();
        self.empty_until(Instant::now() + TIME_TO_LEAVE).await;
        Outcome {
            under_way,
            cancelled,
            remaining: self.names(),
        }
    }

    async fn empty_until(&self, deadline: Instant) {
        let empty = async {
            loop {
                let mut told = std::pin::pin!(self.shared.empty.notified());
                told.as_mut().enable();
                if self.under_way() == 0 {
                    return;
                }
                told.await;
            }
        };
        // Past the deadline the caller goes on to the next phase.
        let _ = timeout_at(deadline, empty).await;
    }

    fn names(&self) -> Vec<Arc<str>> {
        let under_way = self.shared.under_way.lock();
        under_way.iter().map(|(_, name)| name.clone()).collect()
    }
}

impl Guard {
    /// Runs `future`, or drops it when the time to finish is over and answers `None`.
    ///
    /// # Cancel safety
    ///
    /// Dropping it drops `future`, and what it stands for is over.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::serve::Shutdown;
    /// use runtime::time::Duration;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let shutdown = Shutdown::new();
    /// let request = shutdown.guard("request").run(std::future::pending::<()>());
    /// let (answer, outcome) = runtime::join!(request, shutdown.finish(Duration::ZERO));
    /// assert_eq!(answer, None);
    /// assert_eq!(outcome.cancelled, 1);
    /// # }
    /// ```
    pub fn run<F: Future>(self, future: F) -> impl Future<Output = Option<F::Output>> {
        let token = self.shutdown.token().clone();
        Guarded::new(token.run_until_cancelled_owned(future), self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let shared = &self.shutdown.shared;
        let mut under_way = shared.under_way.lock();
        let name = under_way.remove(self.place);
        let is_empty = under_way.is_empty();
        drop(under_way);
        drop(name);
        if is_empty {
            shared.empty.notify_waiters();
        }
    }
}

impl fmt::Debug for Shutdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shutdown")
            .field("is_started", &self.is_started())
            .field("under_way", &self.under_way())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}
