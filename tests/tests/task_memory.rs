//! What tasks and sets of tasks keep allocated.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use runtime::task::{JoinMap, JoinSet, yield_now};
use runtime_tests::flavor::Flavor;

/// Counts the bytes that this thread has allocated and not freed.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends allocates, too.
    let _ = BYTES.try_with(|counted| counted.set(counted.get() + bytes));
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

/// Bytes that `rounds` of `step` leave allocated, after a first round that may fill what is used again.
fn growth(rounds: usize, mut step: impl AsyncFnMut()) -> isize {
    let rt = Flavor::CurrentThread.build();
    rt.block_on(async {
        step().await;
        let before = BYTES.get();
        for _ in 0..rounds {
            step().await;
        }
        BYTES.get() - before
    })
}

/// The thread in `block_on` may run one task only between two polls of its future.
async fn let_ten_tasks_end() {
    for _ in 0..20 {
        yield_now().await;
    }
}

#[test]
fn a_set_keeps_nothing_of_tasks_it_let_go_of() {
    let mut set = JoinSet::new();
    let grown = growth(1_000, async || {
        (0..10).for_each(|_| drop(set.spawn(async {})));
        let_ten_tasks_end().await;
        set.detach_all();
    });
    assert!(grown < 1_000, "{grown} bytes for 10,000 tasks");
}

#[test]
fn a_map_keeps_nothing_of_tasks_it_let_go_of() {
    let mut map = JoinMap::new();
    let grown = growth(1_000, async || {
        (0..10).for_each(|key| map.spawn(key, async {}));
        let_ten_tasks_end().await;
        map.detach_all();
    });
    assert!(grown < 1_000, "{grown} bytes for 10,000 tasks");
}
