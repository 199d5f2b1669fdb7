//! The poll budget: a task that is always ready yields after a bounded number of operations.
//!
//! Each poll of a task starts with [`BUDGET`] units. A resource that makes progress takes one; when
//! none is left it answers `Pending` and has its task woken, so that the worker turns to the
//! others. The counter belongs to the thread, never leaves it and costs no atomic operation.
//!
//! The waker need not be the task's own; [`turn`] says what is done then. An executor that blocks this
//! thread amid the poll gets a new budget each time one is spent: the poll cannot end before it has
//! what it waits for, and nobody else would ever give it another.
//!
//! # Credit
//!
//! Who asks for a free lock with a spent budget can do one of three things:
//!
//! - *yield without it*: whoever asks next overtakes;
//! - *take it and yield*: whoever runs meanwhile queues up, and from then on each lock costs a task
//!   switch, for as long as those who wait come back for more;
//! - *take it and go on*: so it is done, on [`CREDIT`]. The task yields at its next operation of another kind.
//!
//! The credit has an end, or a loop over a free lock would never yield. There the task yields
//! without a place. Who comes meanwhile is before it, but once only, as its next poll has a budget.

mod turn;
#[cfg(not(runtime_loom))]
mod yield_once;

use std::cell::Cell;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use pin_project_lite::pin_project;

use turn::Reach;
pub(crate) use turn::{note_wake, take_yield, yields_in};
#[cfg(not(runtime_loom))]
pub(crate) use yield_once::yield_once;

/// Units a task may spend in one poll.
const BUDGET: u8 = 128;

/// Units it may spend beyond, on what others would take if it yielded.
const CREDIT: u8 = 127;

/// What the running poll may still spend, the credit last; `None` outside a task and inside
/// [`unconstrained`].
type Remaining = Option<u8>;

thread_local! {
    static REMAINING: Cell<Remaining> = const { Cell::new(None) };
    static FORCED_YIELDS: Cell<u64> = const { Cell::new(0) };
}

/// Runs `f`, a poll with a full budget of what the waker with this `data` wakes. Such a waker calls
/// [`note_wake`] on whatever thread it is woken.
#[inline]
pub(crate) fn with_budget_for<R>(data: *const (), f: impl FnOnce() -> R) -> R {
    with_remaining(Some(BUDGET + CREDIT), || {
        let _ending = turn::begin(data);
        f()
    })
}

/// Runs `f` with a full budget, for whom nobody knows.
#[cfg(test)]
pub(crate) fn with_budget<R>(f: impl FnOnce() -> R) -> R {
    with_budget_for(std::ptr::null(), f)
}

/// Runs `f`, which blocks the thread, outside any budget and any poll.
#[inline]
pub(crate) fn with_unconstrained<R>(f: impl FnOnce() -> R) -> R {
    with_remaining(None, || {
        let _ending = turn::begin(std::ptr::null());
        f()
    })
}

#[inline]
fn with_remaining<R>(remaining: Remaining, f: impl FnOnce() -> R) -> R {
    if cfg!(runtime_loom) {
        // The threads of a model share one thread of the system, and with it the counter.
        return f();
    }
    let _restore = RestoreOnPending::to(Some(REMAINING.replace(remaining)));
    f()
}

/// Wakes `waker` so that the task goes behind those that are ready.
#[inline]
pub(crate) fn wake_after_others(waker: &Waker) {
    turn::wake_after_others(waker);
}

/// Operations on this thread that the budget has stopped since this was last asked.
pub(crate) fn take_forced_yields() -> u64 {
    FORCED_YIELDS.take()
}

/// Gives the unit back when dropped, unless [`made_progress`](Self::made_progress) was called.
///
/// It stays on its thread, whose budget it is.
///
/// # Examples
///
/// An operation that is not ready costs nothing:
///
/// ```
///
/// use std::task::{Context, Poll, ready};
/// use runtime::task::coop::{has_budget_remaining, poll_proceed};
///
/// fn poll_empty(cx: &mut Context<'_>) -> Poll<()> {
///     let _gives_the_unit_back = ready!(poll_proceed(cx));
///     Poll::Pending
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// std::future::poll_fn(|cx| {
///     (0..1_000).for_each(|_| assert!(poll_empty(cx).is_pending()));
///     Poll::Ready(assert!(has_budget_remaining()))
/// }).await;
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping it at once gives the unit back"]
pub struct RestoreOnPending {
    before: Cell<Option<Remaining>>,
    _stays_on_its_thread: PhantomData<*const ()>,
}

impl RestoreOnPending {
    #[inline]
    fn to(before: Option<Remaining>) -> Self {
        RestoreOnPending {
            before: Cell::new(before),
            _stays_on_its_thread: PhantomData,
        }
    }

    /// Keeps the unit spent: the operation was ready.
    #[inline]
    pub fn made_progress(&self) {
        self.before.set(None);
    }
}

impl Drop for RestoreOnPending {
    #[inline]
    fn drop(&mut self) {
        if let Some(before) = self.before.get() {
            REMAINING.set(before);
        }
    }
}

/// Takes one unit of the budget, or has the task woken and returns `Pending` if none is left.
///
/// If the waker is not the task's own but that of a collector such as `FuturesUnordered`, it may be woken
/// only when the poll of the task ends: a collector that polls at once what is woken does not spin. If
/// it is that of an executor that blocks the thread inside the task, such as `pollster::block_on`, it is
/// woken and the budget is full again: that executor goes on, but the worker has no other turn before
/// it is done. One is told from the other by whether the wake comes to the task.
///
/// Leaf futures call it before they try their operation and call
/// [`RestoreOnPending::made_progress`] if it was ready.
///
/// # Examples
///
/// ```
/// use std::task::{Context, Poll, ready};
///
/// fn poll_next(cx: &mut Context<'_>, queue: &mut Vec<u32>) -> Poll<Option<u32>> {
///     let coop = ready!(runtime::task::coop::poll_proceed(cx));
///     coop.made_progress();
///     Poll::Ready(queue.pop())
/// }
/// ```
#[inline]
pub fn poll_proceed(cx: &mut Context<'_>) -> Poll<RestoreOnPending> {
    poll_proceed_down_to(CREDIT, cx)
}

/// As [`poll_proceed`], for what others would take if the task yielded: it may use the credit.
#[inline]
pub(crate) fn poll_proceed_on_credit(cx: &mut Context<'_>) -> Poll<RestoreOnPending> {
    poll_proceed_down_to(0, cx)
}

#[inline]
fn poll_proceed_down_to(floor: u8, cx: &mut Context<'_>) -> Poll<RestoreOnPending> {
    let before = REMAINING.get();
    match before {
        None => Poll::Ready(RestoreOnPending::to(None)),
        Some(units) if units > floor => {
            REMAINING.set(Some(units - 1));
            Poll::Ready(RestoreOnPending::to(Some(before)))
        }
        Some(_) => {
            yield_by_force(cx.waker());
            Poll::Pending
        }
    }
}

#[cold]
fn yield_by_force(waker: &Waker) {
    FORCED_YIELDS.set(FORCED_YIELDS.get() + 1);
    if turn::wake_after_others(waker) == Reach::Strays {
        REMAINING.set(Some(BUDGET + CREDIT));
    }
}

/// As [`poll_proceed`], but spends nothing.
#[cfg(feature = "macros")]
#[inline]
pub(crate) fn poll_budget_available(cx: &mut Context<'_>) -> Poll<()> {
    poll_proceed(cx).map(drop)
}

/// Returns whether the running task may go on without yielding; `true` outside a task.
///
/// # Examples
///
/// A loop that does as much as a task may do in one poll:
///
/// ```
///
/// use runtime::task::{consume_budget, coop::has_budget_remaining};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let batch = runtime::spawn(async {
///     let mut batch = 0;
///     while has_budget_remaining() {
///         consume_budget().await;
///         batch += 1;
///     }
///     batch
/// });
/// assert!(batch.await.unwrap() > 0);
/// # }
/// ```
#[inline]
pub fn has_budget_remaining() -> bool {
    REMAINING.get().is_none_or(|units| units > CREDIT)
}

/// Returns whether [`poll_proceed_on_credit`] would let the running task go on.
#[inline]
pub(crate) fn has_credit_remaining() -> bool {
    REMAINING.get() != Some(0)
}

/// Spends one unit, yielding to the scheduler first if none is left.
///
/// For loops of computation that await nothing else.
///
/// # Cancel safety
///
/// Dropping the future loses nothing.
///
/// # Examples
///
/// ```
/// use runtime::task::consume_budget;
///
/// async fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
///     let mut sum = 0;
///     for number in numbers {
///         sum += number;
///         consume_budget().await; // lets others run from time to time
///     }
///     sum
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(sum(1..=1_000).await, 500_500);
/// # }
/// ```
pub async fn consume_budget() {
    std::future::poll_fn(|cx| {
        ready!(poll_proceed(cx)).made_progress();
        Poll::Ready(())
    })
    .await;
}

pin_project! {
    /// The future of [`cooperative`].
    ///
    /// # Examples
    ///
    /// In a future that has a name:
    ///
    /// ```
    ///
    /// use std::{future::{Ready, ready}, pin::Pin, task::{Context, Poll}};
    /// use runtime::task::coop::{Coop, cooperative};
    ///
    /// struct Answer(Coop<Ready<u32>>);
    ///
    /// impl Future for Answer {
    ///     type Output = u32;
    ///
    ///     fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
    ///         Pin::new(&mut self.0).poll(cx)
    ///     }
    /// }
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert_eq!(Answer(cooperative(ready(42))).await, 42);
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct Coop<F> {
        #[pin]
        future: F,
    }
}

/// Makes a future that knows nothing of the budget spend one unit each time it is ready.
///
/// # Cancel safety
///
/// Dropping it drops `future`: what is lost is what that one loses.
///
/// # Examples
///
/// ```
/// use std::future::ready;
///
/// #[runtime::main]
/// async fn main() {
///     for _ in 0..1_000 {
///         runtime::task::coop::cooperative(ready(())).await; // yields from time to time
///     }
/// }
/// ```
pub fn cooperative<F: Future>(future: F) -> Coop<F> {
    Coop { future }
}

impl<F: Future> Future for Coop<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let coop = ready!(poll_proceed(cx));
        let output = ready!(self.project().future.poll(cx));
        coop.made_progress();
        Poll::Ready(output)
    }
}

pin_project! {
    /// The future of [`unconstrained`].
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::{consume_budget, coop::{has_budget_remaining, Unconstrained, unconstrained}};
    ///
    /// fn all_at_once() -> Unconstrained<impl Future<Output = bool>> {
    ///     unconstrained(async {
    ///         for _ in 0..1_000 {
    ///             consume_budget().await;
    ///         }
    ///         has_budget_remaining()
    ///     })
    /// }
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert!(runtime::spawn(async { all_at_once().await }).await.unwrap());
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct Unconstrained<F> {
        #[pin]
        future: F,
    }
}

/// Frees a future from the budget: it may starve the other tasks of its worker.
///
/// # Cancel safety
///
/// Dropping it drops `future`: what is lost is what that one loses.
///
/// # Examples
///
/// ```
/// use runtime::task::{consume_budget, unconstrained};
///
/// #[runtime::main]
/// async fn main() {
///     let sum = unconstrained(async {
///         consume_budget().await; // costs nothing here
///         1 + 1
///     });
///     assert_eq!(sum.await, 2);
/// }
/// ```
pub fn unconstrained<F>(future: F) -> Unconstrained<F> {
    Unconstrained { future }
}

impl<F: Future> Future for Unconstrained<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let future = self.project().future;
        with_remaining(None, || future.poll(cx))
    }
}
