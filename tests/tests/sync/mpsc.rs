//! The channels to one receiver.

mod blocking;
mod cancel;
mod closing;
mod delivery;
mod messages;
mod order;
mod permits;
mod streams;
mod weak;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use runtime_tests::count::Counter;

/// Polls once, with a waker that counts.
fn poll_with_bell<F: Future>(future: Pin<&mut F>) -> (Poll<F::Output>, Counter) {
    let bell = Counter::new();
    let waker = Waker::from(Arc::new(bell.clone()));
    (future.poll(&mut Context::from_waker(&waker)), bell)
}
