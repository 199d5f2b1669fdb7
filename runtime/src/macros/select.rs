//! `select!`, and the future behind it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::Order;
use crate::coop;

/// Waits for several futures at once and goes on with the first that is ready; the others are
/// dropped.
///
/// ```text
/// runtime::select! {
///     biased;                                         // optional
///     pattern = future => handler,
///     pattern = future, if condition => handler,      // up to 64 branches
///     else => handler,                                // optional
/// }
/// ```
///
/// A handler is an expression, whose value is that of the whole `select!`. A comma may be left out
/// behind a handler in braces and at the end. The macro stands in async code; no runtime is needed
/// around it, and nothing is allocated.
///
/// 1. Every `condition` is evaluated. A branch whose condition is `false` is disabled.
/// 2. Every `future` expression is evaluated, also that of a disabled branch, which is then not
///    polled.
/// 3. The futures are polled, all on this task. The first one that is ready with an output that
///    matches its `pattern` wins. An output that does not match is dropped, and its branch
///    disabled.
/// 4. All futures are dropped. What they have borrowed is free again.
/// 5. The handler of the winner runs, in the function around the macro: `break`, `continue`,
///    `return`, `?` and `.await` mean what they mean there.
///
/// When every branch is disabled, the handler of `else` runs.
///
/// # Which branch is first
///
/// Each poll begins with a branch drawn at random and goes on in the order in which they are
/// written, from the last to the first. So in a loop a branch that is always ready does not keep
/// the others from winning. What is drawn follows from
/// [`Builder::rng_seed`](crate::runtime::Builder::rng_seed) if that was called; outside a runtime
/// it differs from run to run.
///
/// With `biased;` each poll goes from the first branch to the last. It saves drawing a number, and
/// says who goes first where that matters: put what is rare but urgent, such as the signal to stop,
/// before what may be ready all the time.
///
/// A task that has spent its [budget](crate::task::coop) gets `Pending` from all branches at once,
/// so that none wins because others must yield.
///
/// # Concurrency
///
/// All branches are polled by one task, on one thread: while a branch or a handler computes or
/// blocks, no other goes on. For parallel work, [`spawn`](crate::spawn) it and select on the
/// handles.
///
/// # Panics
///
/// When every branch is disabled and there is no `else`.
///
/// # Cancel safety
///
/// A future that loses is dropped where it stands, and what it did so far may be lost with it. In a
/// loop this happens round after round, so the futures of a loop should be cancel safe: dropping
/// one that is not ready, and making it anew, changes nothing. Each async method of this crate says
/// so in its documentation. By kind:
///
/// - Safe: receiving from a channel, [`accept`](crate::net::TcpListener::accept),
///   [`tick`](crate::time::Interval::tick), [`join_next`](crate::task::JoinSet::join_next), one
///   `read` or one `write`.
/// - Safe, but the place in the queue is lost: waiting for a lock or a permit, as in
///   [`Mutex::lock`](crate::sync::Mutex::lock), or for a
///   [notification](crate::sync::Notify::notified).
/// - Not safe: what takes several steps, such as `read_exact` and `write_all`. The bytes of the
///   steps done are gone.
///
/// What must not be lost is made before the loop, [pinned](crate::pin), and lent to each round:
/// `result = &mut future`. Once it is ready it must not be polled again: leave the loop, or disable
/// its branch with a condition. Dropping the future of the whole `select!` drops all its branches.
///
/// # Examples
///
/// Work, but for no longer than a second:
///
/// ```
/// use std::time::Duration;
/// use runtime::time::sleep;
///
/// async fn work() -> u32 {
///     7
/// }
///
/// #[runtime::main]
/// async fn main() {
///     let answer = runtime::select! {
///         answer = work() => Some(answer),
///         () = sleep(Duration::from_secs(1)) => None,
///     };
///     assert_eq!(answer, Some(7));
/// }
/// ```
///
/// A loop in which one future survives the rounds that it loses:
///
/// ```
/// use std::time::Duration;
/// use runtime::time::{interval, sleep};
///
/// #[runtime::main]
/// async fn main() {
///     let mut ticks = interval(Duration::from_millis(2));
///     let mut seen = 0;
///     runtime::pin! { let deadline = sleep(Duration::from_millis(20)); }
///     loop {
///         runtime::select! {
///             _ = ticks.tick() => seen += 1,
///             () = &mut deadline => break,
///         }
///     }
///     assert!(seen > 0);
/// }
/// ```
///
/// Conditions, patterns and `else`: two tasks are joined in whichever order they end.
///
/// ```
/// #[runtime::main]
/// async fn main() {
///     let mut one = runtime::spawn(async { 1 });
///     let mut two = runtime::spawn(async { 2 });
///     let (mut first, mut second) = (None, None);
///     loop {
///         runtime::select! {
///             Ok(x) = &mut one, if first.is_none() => first = Some(x),
///             Ok(x) = &mut two, if second.is_none() => second = Some(x),
///             else => break, // both are there, or one has panicked
///         }
///     }
///     assert_eq!((first, second), (Some(1), Some(2)));
/// }
/// ```
#[macro_export]
macro_rules! select {
    ($($branches:tt)*) => {
        $crate::macros::expand_select! { $crate; $($branches)* }
    };
}

pin_project! {
    /// Waits for the first branch whose output is taken.
    #[derive(Debug)]
    pub struct Select<O, Futures, P> {
        order: O,
        enabled: u64,
        #[pin]
        futures: Futures,
        poll_branch: P,
    }
}

/// Waits until a branch that is `enabled` gives `Some`, and for `None` once no branch is left.
///
/// `poll_branch` polls the future of the given number; a branch that answers `None` is out.
#[inline]
pub fn select<O, Futures, P, T, const BRANCHES: usize>(
    order: O,
    enabled: [bool; BRANCHES],
    futures: Futures,
    poll_branch: P,
) -> Select<O, Futures, P>
where
    O: Order,
    P: FnMut(Pin<&mut Futures>, usize, &mut Context<'_>) -> Poll<Option<T>>,
{
    const { assert!(BRANCHES <= u64::BITS as usize) };
    let bits = enabled.iter().enumerate();
    Select {
        order,
        enabled: bits.fold(0, |set, (branch, &enabled)| {
            set | u64::from(enabled) << branch
        }),
        futures,
        poll_branch,
    }
}

impl<O, Futures, P, T> Future for Select<O, Futures, P>
where
    O: Order,
    P: FnMut(Pin<&mut Futures>, usize, &mut Context<'_>) -> Poll<Option<T>>,
{
    type Output = Option<T>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        // Without budget some branches could not answer, and the others would win all the time.
        ready!(coop::poll_budget_available(cx));
        let mut this = self.project();
        for branch in this.order.round() {
            if *this.enabled & 1 << branch == 0 {
                continue;
            }
            if let Poll::Ready(output) = (this.poll_branch)(this.futures.as_mut(), branch, cx) {
                if output.is_some() {
                    return Poll::Ready(output);
                }
                *this.enabled &= !(1 << branch);
            }
        }
        if *this.enabled == 0 {
            Poll::Ready(None)
        } else {
            Poll::Pending
        }
    }
}

/// What a `select!` without `else` does when no branch is left.
#[cold]
#[track_caller]
pub fn no_branch_left() -> ! {
    panic!("all branches are disabled and there is no else branch: add `else => ..` to `select!`")
}
