//! What the channels to one receiver allocate, and that they give it back.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use futures_lite::future::block_on;
use runtime::sync::mpsc::{channel, unbounded_channel};

/// Counts what this thread has allocated and not freed.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends allocates, too.
    let _ = BYTES.try_with(|counted| counted.set(counted.get() + bytes));
    if bytes > 0 {
        let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
    }
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's word.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's word.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The allocations that `f` makes.
fn calls_of(f: impl FnOnce()) -> usize {
    let before = CALLS.get();
    f();
    CALLS.get() - before
}

#[test]
fn a_stream_of_messages_uses_the_same_blocks_again() {
    let (tx, mut rx) = channel(128);
    let mut pass = |rounds: usize, batch: usize| {
        for _ in 0..rounds {
            (0..batch).for_each(|number| tx.try_send(number).unwrap());
            (0..batch).for_each(|_| assert!(rx.try_recv().is_ok()));
        }
    };
    for batch in [1, 10, 32, 100, 128] {
        pass(100, batch);
        let calls = calls_of(|| pass(1_000, batch));
        assert_eq!(calls, 0, "in batches of {batch}");
    }
}

#[test]
fn waiting_allocates_nothing() {
    let (tx, mut rx) = channel(1);
    let mut wait = || {
        let send = async {
            for number in 0..100 {
                tx.send(number).await.unwrap();
            }
        };
        let receive = async {
            for number in 0..100 {
                assert_eq!(rx.recv().await, Some(number));
            }
        };
        block_on(futures_lite::future::zip(send, receive));
    };
    wait();
    assert_eq!(calls_of(wait), 0);
}

#[test]
fn a_channel_that_was_full_once_gives_its_memory_back() {
    // Of #4321 and #7355.
    fn kept<T>(message: impl Fn() -> T) -> isize {
        let before = BYTES.get();
        let (tx, mut rx) = unbounded_channel();
        (0..100_000).for_each(|_| assert!(tx.send(message()).is_ok()));
        (0..100_000).for_each(|_| assert!(rx.try_recv().is_ok()));
        let kept = BYTES.get() - before;
        drop((tx, rx));
        assert_eq!(BYTES.get(), before, "all is freed in the end");
        kept
    }
    assert!(kept(|| 1_u64) < 8 << 10);
    // The blocks of the receiver and of the sender, and a spare one.
    assert!(kept(|| [1_u8; 256]) < 3 * (32 * 272 + 64) + (2 << 10));
}

#[test]
fn a_new_channel_is_small() {
    let before = BYTES.get();
    let channel = channel::<u64>(1_000_000);
    assert!(BYTES.get() - before < 2 << 10, "{}", BYTES.get() - before);
    drop(channel);
}
