//! `join!`, and the future behind it.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::Order;

/// Waits for several futures at once until all are ready, and gives their outputs as a tuple.
///
/// ```text
/// runtime::join!(future, future, ...)
/// runtime::join!(biased; future, future, ...)
/// ```
///
/// There may be any number of futures, also none. A future that is ready is dropped at once, and
/// its output kept until the last one is ready. An output that is an error ends nothing; with
/// [`try_join!`](crate::try_join) it does. Nothing is allocated, and no runtime is needed.
///
/// All futures are polled by one task, on one thread: while one computes or blocks, no other goes
/// on. For parallel work, [`spawn`](crate::spawn) it and join the handles, or use a
/// [`JoinSet`](crate::task::JoinSet), which takes any number of tasks.
///
/// # Which future is first
///
/// Each poll begins one future further on than the poll before, so that one that spends the whole
/// [budget](crate::task::coop) of the task does not starve the others. With `biased;` each poll
/// goes from the first future to the last.
///
/// # Cancel safety
///
/// Dropping it drops all futures, and the outputs of those that were ready.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
/// use runtime::time::sleep;
///
/// async fn page(name: &str) -> String {
///     sleep(Duration::from_millis(30)).await;
///     format!("<{name}>")
/// }
///
/// #[runtime::main]
/// async fn main() {
///     let started = Instant::now();
///     let (one, two) = runtime::join!(page("one"), page("two"));
///     assert_eq!(one + &two, "<one><two>");
///     println!("both after {:?}", started.elapsed()); // 30 ms, not 60
/// }
/// ```
#[macro_export]
macro_rules! join {
    ($($futures:tt)*) => {
        $crate::macros::expand_join! { $crate; $($futures)* }
    };
}

pin_project! {
    /// Waits for all branches.
    #[derive(Debug)]
    pub struct Join<O, Futures, P, T> {
        order: O,
        #[pin]
        futures: Futures,
        poll_branch: P,
        take_outputs: T,
    }
}

/// Polls each branch until it has ended, then takes all outputs.
#[inline]
pub fn join<O, Futures, P, T, Outputs>(
    order: O,
    futures: Futures,
    poll_branch: P,
    take_outputs: T,
) -> Join<O, Futures, P, T>
where
    O: Order,
    P: FnMut(Pin<&mut Futures>, usize, &mut Context<'_>) -> Poll<()>,
    T: FnMut(Pin<&mut Futures>) -> Outputs,
{
    Join {
        order,
        futures,
        poll_branch,
        take_outputs,
    }
}

impl<O, Futures, P, T, Outputs> Future for Join<O, Futures, P, T>
where
    O: Order,
    P: FnMut(Pin<&mut Futures>, usize, &mut Context<'_>) -> Poll<()>,
    T: FnMut(Pin<&mut Futures>) -> Outputs,
{
    type Output = Outputs;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outputs> {
        let mut this = self.project();
        let mut all_ended = true;
        for branch in this.order.round() {
            all_ended &= (this.poll_branch)(this.futures.as_mut(), branch, cx).is_ready();
        }
        if all_ended {
            Poll::Ready((this.take_outputs)(this.futures))
        } else {
            Poll::Pending
        }
    }
}
