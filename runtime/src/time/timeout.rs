//! A limit on how long another future may take.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::error::Elapsed;
use super::sleep::{Sleep, sleep, sleep_until};
use super::{Duration, Instant};
use crate::coop;

/// Gives `future` at most `duration`, counted from this call.
///
/// The future is polled before the time is looked at: if it is ready at its first poll, its output
/// is returned whatever the limit. A future that never yields cannot be stopped.
///
/// # Errors
///
/// [`Elapsed`] if the time is over first; the future is dropped with the `Timeout`.
///
/// # Panics
///
/// Panics if no runtime is running.
///
/// # Cancel safety
///
/// Dropping the `Timeout` drops `future`: what is lost is what that one loses.
///
/// # Examples
///
/// ```
/// use std::future::pending;
/// use runtime::time::{Duration, timeout};
///
/// #[runtime::main]
/// async fn main() {
///     assert_eq!(timeout(Duration::from_secs(1), async { 7 }).await, Ok(7));
///     assert!(timeout(Duration::from_millis(1), pending::<()>()).await.is_err());
/// }
/// ```
// A call leaves two more copies of a large future on the stack; so does inlining without optimisation.
#[cfg_attr(not(debug_assertions), inline(always))]
#[track_caller]
pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
    Timeout::new(future.into_future(), sleep(duration))
}

/// Gives `future` time until `deadline`; otherwise as [`timeout`].
///
/// # Errors
///
/// [`Elapsed`] if the deadline comes first.
///
/// # Panics
///
/// Panics if no runtime is running.
///
/// # Cancel safety
///
/// Dropping the `Timeout` drops `future`: what is lost is what that one loses.
///
/// # Examples
///
/// Two steps that share a deadline:
///
/// ```
/// use runtime::time::{Duration, Instant, timeout_at};
///
/// #[runtime::main]
/// async fn main() -> Result<(), runtime::time::error::Elapsed> {
///     let deadline = Instant::now() + Duration::from_secs(1);
///     let first = timeout_at(deadline, async { 1 }).await?;
///     let second = timeout_at(deadline, async { 2 }).await?;
///     assert_eq!(first + second, 3);
///     Ok(())
/// }
/// ```
// As above.
#[cfg_attr(not(debug_assertions), inline(always))]
#[track_caller]
pub fn timeout_at<F: IntoFuture>(deadline: Instant, future: F) -> Timeout<F::IntoFuture> {
    Timeout::new(future.into_future(), sleep_until(deadline))
}

pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    ///
    /// # Examples
    ///
    /// A step that is not given up, only spoken of, when it takes too long:
    ///
    /// ```
    ///
    /// use std::pin::pin;
    /// use runtime::time::{Duration, sleep, timeout};
    ///
    /// # #[runtime::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let mut step = pin!(sleep(Duration::from_secs(90)));
    /// while timeout(Duration::from_secs(60), &mut step).await.is_err() {
    ///     println!("still at it");
    /// }
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct Timeout<T> {
        #[pin]
        value: T,
        #[pin]
        limit: Sleep,
    }
}

impl<T> Timeout<T> {
    #[inline]
    pub(super) fn new(value: T, limit: Sleep) -> Self {
        Timeout { value, limit }
    }

    /// Returns the future under the limit.
    pub fn get_ref(&self) -> &T {
        &self.value
    }

    /// Returns the future under the limit, mutably.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// Frees the future from the limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, timeout};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let limited = timeout(Duration::ZERO, async { 7 });
    /// assert_eq!(limited.into_inner().await, 7);
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T: Future> Future for Timeout<T> {
    type Output = Result<T::Output, Elapsed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let had_budget = coop::has_budget_remaining();
        if let Poll::Ready(output) = this.value.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        // A future that always spends the budget must not keep its own limit from being looked at.
        let spent_by_value = had_budget && !coop::has_budget_remaining();
        let limit = match spent_by_value {
            true => this.limit.poll_elapsed(cx),
            false => this.limit.poll(cx),
        };
        limit.map(|()| Err(Elapsed::new()))
    }
}
