//! `try_join!`, and the future behind it.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::Order;

/// Waits for several futures at once until all are `Ok`, or one is an `Err`.
///
/// ```text
/// runtime::try_join!(future, future, ...)
/// runtime::try_join!(biased; future, future, ...)
/// ```
///
/// Its value is `Ok` with a tuple of what was in each `Ok`, or the first `Err`, in which case the
/// other futures are dropped where they stand. The errors are of one type: where they are not,
/// convert them with `map_err` in an `async` block. There may be any number of futures, also none.
/// Nothing is allocated, and no runtime is needed.
///
/// All futures are polled by one task, on one thread, in the order that [`join!`](crate::join) has.
/// To join tasks, whose handles are `Err` only if the task has panicked or was aborted, look at the
/// result within: `async { handle.await.expect("it ends by itself") }`. An error then drops the other handles, and
/// their tasks go on.
///
/// # Cancel safety
///
/// Dropping it drops all futures, and the outputs of those that were ready. So does an error.
///
/// # Examples
///
/// ```
/// async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     text.parse()
/// }
///
/// #[runtime::main]
/// async fn main() {
///     let sum = async {
///         let (one, two) = runtime::try_join!(parse("1"), parse("2"))?;
///         Ok::<_, std::num::ParseIntError>(one + two)
///     };
///     assert_eq!(sum.await, Ok(3));
///     assert!(runtime::try_join!(parse("1"), parse("two")).is_err());
/// }
/// ```
#[macro_export]
macro_rules! try_join {
    ($($futures:tt)*) => {
        $crate::macros::expand_try_join! { $crate; $($futures)* }
    };
}

pin_project! {
    /// Waits for all branches, or for the first error.
    #[derive(Debug)]
    pub struct TryJoin<O, Futures, P, T> {
        order: O,
        #[pin]
        futures: Futures,
        poll_branch: P,
        take_outputs: T,
    }
}

/// Polls each branch until it has ended, then takes all outputs; an error ends it at once.
#[inline]
pub fn try_join<O, Futures, P, T, Outputs, E>(
    order: O,
    futures: Futures,
    poll_branch: P,
    take_outputs: T,
) -> TryJoin<O, Futures, P, T>
where
    O: Order,
    P: FnMut(Pin<&mut Futures>, usize, &mut Context<'_>) -> Poll<Result<(), E>>,
    T: FnMut(Pin<&mut Futures>) -> Outputs,
{
    TryJoin {
        order,
        futures,
        poll_branch,
        take_outputs,
    }
}

impl<O, Futures, P, T, Outputs, E> Future for TryJoin<O, Futures, P, T>
where
    O: Order,
    P: FnMut(Pin<&mut Futures>, usize, &mut Context<'_>) -> Poll<Result<(), E>>,
    T: FnMut(Pin<&mut Futures>) -> Outputs,
{
    type Output = Result<Outputs, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Outputs, E>> {
        let mut this = self.project();
        let mut all_ended = true;
        for branch in this.order.round() {
            all_ended &= (this.poll_branch)(this.futures.as_mut(), branch, cx)?.is_ready();
        }
        if all_ended {
            Poll::Ready(Ok((this.take_outputs)(this.futures)))
        } else {
            Poll::Pending
        }
    }
}
