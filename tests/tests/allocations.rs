//! What is promised to allocate nothing.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// The system's allocator; it counts the calls of each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promise is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is from the system's allocator.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often this thread allocates while it polls `future` to its end.
fn allocations(future: impl Future) -> usize {
    let before = ALLOCATIONS.get();
    let mut future = pin!(future);
    let cx = &mut Context::from_waker(Waker::noop());
    while future.as_mut().poll(cx).is_pending() {}
    ALLOCATIONS.get() - before
}

/// A future of some size that is ready at its second poll.
async fn wait_once() -> [u8; 256] {
    let bytes = [1; 256];
    let mut waited = false;
    std::future::poll_fn(|_| {
        if std::mem::replace(&mut waited, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    bytes
}

#[test]
fn an_allocation_is_counted() {
    assert_eq!(allocations(async { Box::new([0; 64]) }), 1);
}

#[test]
fn combinators_allocate_nothing() {
    let combined = async {
        for round in 0..10 {
            runtime::select! {
                _ = wait_once() => {}
                [1, ..] = wait_once(), if round > 3 => {}
                Some(()) = ready(None) => {}
            }
        }
        runtime::pin! { let last = wait_once(); }
        runtime::join!(wait_once(), wait_once(), &mut last);
        runtime::try_join!(async { Ok(wait_once().await) }, ready(Ok::<_, ()>(1)))
    };
    assert_eq!(allocations(combined), 0);
}
