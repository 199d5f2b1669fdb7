//! Blocks a thread that runs no tasks on one future.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::coop;
use crate::current::Origin;
use crate::park;

/// Polls `future` until it is ready, sleeping in between; other threads drive what it waits for.
pub(crate) fn block_on_here<F: Future>(future: F) -> F::Output {
    let origin = Origin::here();
    let mut future = pin!(future);
    let parker = park::lend();
    let waker = Waker::from(parker.clone());
    let mut cx = Context::from_waker(&waker);
    loop {
        let polled = coop::with_budget_for(waker.data(), || future.as_mut().poll(&mut cx));
        if let Poll::Ready(output) = polled {
            return output;
        }
        origin.assert_here();
        parker.park();
    }
}
