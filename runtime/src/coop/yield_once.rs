//! Lets the others go first, once.

use std::future::poll_fn;
use std::task::Poll;

use super::wake_after_others;

/// Has its task woken at the first poll, and is ready at the second.
pub(crate) async fn yield_once() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        wake_after_others(cx.waker());
        Poll::Pending
    })
    .await;
}
