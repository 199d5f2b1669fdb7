//! The future that waits until a moment.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::{Duration, Instant};
use crate::clock;
use crate::coop;
use crate::driver::timers::{ShutDown, Timer, Timers};
use crate::primitive::sync::Arc;
use crate::scheduler::context;

/// Waits until `duration` has passed.
///
/// The time counts from this call, not from the first poll. The wait never ends early; how late it
/// may end depends on the system and on how long other tasks keep the worker. A sleep that has
/// waited ends when the worker next looks at its timers: a poll before that is pending, also past the
/// deadline, since it does not read the clock. A duration that no clock can show,
/// [`Duration::MAX`] for one, ends in the far future.
///
/// # Panics
///
/// Panics if no runtime is running.
///
/// # Cancel safety
///
/// Dropping the future cancels the wait; nothing else is lost.
///
/// # Examples
///
/// ```
/// use runtime::time::{Duration, sleep};
///
/// #[runtime::main]
/// async fn main() {
///     sleep(Duration::from_millis(1)).await;
///     println!("a millisecond later");
/// }
/// ```
#[track_caller]
pub fn sleep(duration: Duration) -> Sleep {
    let now = Instant::now();
    Sleep::on(context::timers(), now.saturating_add(duration), now)
}

/// Waits until `deadline`; is ready at once if that is past.
///
/// # Panics
///
/// Panics if no runtime is running.
///
/// # Cancel safety
///
/// Dropping the future cancels the wait; nothing else is lost.
///
/// # Examples
///
/// ```
/// use runtime::time::{Duration, Instant, sleep_until};
///
/// #[runtime::main]
/// async fn main() {
///     let deadline = Instant::now() + Duration::from_millis(1);
///     sleep_until(deadline).await;
///     assert!(Instant::now() >= deadline);
/// }
/// ```
#[track_caller]
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep::on(context::timers(), deadline, Instant::now())
}

pin_project! {
    /// The future of [`sleep`] and [`sleep_until`].
    ///
    /// It must be pinned to be polled by hand or in a loop, with `std::pin::pin!` or `Box::pin`. It
    /// allocates nothing and costs nothing that other cores see, until its task moves to another
    /// worker.
    ///
    /// # Panics
    ///
    /// Polling it panics if the runtime on which it was created has shut down meanwhile, unless it was over from the start.
    ///
    /// # Examples
    ///
    /// A deadline that moves with each message:
    ///
    /// ```
    /// use std::pin::pin;
    /// use runtime::time::{Duration, Instant, sleep};
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let quiet = Duration::from_millis(5);
    ///     let mut idle = pin!(sleep(quiet));
    ///     for _message in 0..3 {
    ///         idle.as_mut().reset(Instant::now() + quiet);
    ///     }
    ///     idle.await;
    /// }
    /// ```
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct Sleep {
        deadline: Instant,
        #[pin]
        timer: Timer,
    }
}

impl Sleep {
    /// A sleep that `home` ends unless another worker polls it first.
    pub(super) fn on(home: Arc<Timers>, deadline: Instant, now: Instant) -> Self {
        Sleep {
            deadline,
            timer: Timer::new(home, deadline.ns(), now.ns()),
        }
    }

    /// Returns the moment at which the wait ends.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns whether the wait is over.
    ///
    /// The runtime says so when it has noticed: this may still be `false` shortly after the
    /// deadline. It notices nothing of a sleep that nobody has polled since it was made or
    /// [`reset`](Self::reset) to a moment in the future.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::pin::pin;
    /// use runtime::time::{Duration, sleep};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut nap = pin!(sleep(Duration::from_millis(1)));
    /// assert!(!nap.is_elapsed());
    /// nap.as_mut().await;
    /// assert!(nap.is_elapsed());
    /// # }
    /// ```
    #[must_use]
    pub fn is_elapsed(&self) -> bool {
        self.timer.has_fired()
    }

    /// Moves the deadline, before or after the wait is over, at less cost than a new sleep.
    ///
    /// A task that waits already needs no further poll: it is woken at the new deadline, at once if
    /// that is past.
    ///
    /// # Examples
    ///
    /// A sleep that is used again:
    ///
    /// ```
    ///
    /// use std::pin::pin;
    /// use runtime::time::{Duration, sleep};
    ///
    /// # #[runtime::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let mut nap = pin!(sleep(Duration::from_secs(1)));
    /// nap.as_mut().await;
    /// let next = nap.deadline() + Duration::from_secs(1);
    /// nap.as_mut().reset(next);
    /// nap.await;
    /// assert_eq!(runtime::time::Instant::now(), next);
    /// # }
    /// ```
    pub fn reset(self: Pin<&mut Self>, deadline: Instant) {
        let this = self.project();
        *this.deadline = deadline;
        this.timer.reset(
            deadline.ns(),
            || clock::now_ns_against(deadline.ns()),
            context::try_timers_of_same_runtime,
        );
    }

    /// Polls outside the budget of the task.
    pub(super) fn poll_elapsed(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let deadline_ns = this.deadline.ns();
        let fired = this.timer.poll_fired(
            cx.waker(),
            || clock::now_ns_against(deadline_ns),
            context::try_timers_of_same_runtime,
        );
        fired.map(|fired| match fired {
            Ok(()) => (),
            Err(ShutDown) => panic!("the runtime that would end this wait has shut down"),
        })
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(cx));
        ready!(self.as_mut().poll_elapsed(cx));
        coop.made_progress();
        Poll::Ready(())
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep")
            .field("deadline", &self.deadline)
            .field("is_elapsed", &self.is_elapsed())
            .finish()
    }
}
