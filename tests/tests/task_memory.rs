//! What tasks and sets of tasks keep allocated.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::any::Any;
use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::hint::black_box;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::task::{Poll, Waker};

use futures_lite::future::yield_now as let_others_go_first;
use runtime::task::{JoinMap, JoinSet, yield_now};
use runtime_tests::alone;
use runtime_tests::flavor::Flavor;

/// Counts the bytes that this thread, and all together, have allocated and not freed.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

static ALL_BYTES: AtomicIsize = AtomicIsize::new(0);

fn count(bytes: isize) {
    ALL_BYTES.fetch_add(bytes, Ordering::Relaxed);
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

/// Where tasks run.
#[derive(Clone, Copy, Debug)]
enum Place {
    Worker,
    BlockOn,
    LocalSet,
}

const PLACES: [Place; 3] = [Place::Worker, Place::BlockOn, Place::LocalSet];

#[derive(Clone, Copy, Debug)]
enum End {
    Returns,
    IsAborted,
    Panics,
}

const ENDS: [End; 3] = [End::Returns, End::IsAborted, End::Panics];

/// What outlives a task.
#[derive(Clone, Copy, Debug)]
enum Rest {
    Waker,
    AbortHandle,
    JoinHandle,
}

const RESTS: [Rest; 3] = [Rest::Waker, Rest::AbortHandle, Rest::JoinHandle];

/// Tasks over which is averaged.
const TASKS: usize = 16;

/// That of the task that runs.
static WAKER: Mutex<Option<Waker>> = Mutex::new(None);

/// The future of a task, of somewhat more than `SIZE` bytes.
async fn body<const SIZE: usize, const OUTPUT: usize>(end: End) -> [u8; OUTPUT] {
    let bytes = [1_u8; SIZE];
    poll_fn(|cx| {
        *WAKER.lock().unwrap() = Some(cx.waker().clone());
        Poll::Ready(())
    })
    .await;
    let_others_go_first().await;
    black_box(&bytes);
    match end {
        End::Returns => {}
        End::IsAborted => pending().await,
        End::Panics => resume_unwind(Box::new(())),
    }
    [2; OUTPUT]
}

/// The same program for two libraries: what an ended task leaves allocated, in bytes.
macro_rules! program {
    ($side:ident, $library:ident) => {
        mod $side {
            use ::$library::runtime::Builder;
            use ::$library::task::{self, AbortHandle, JoinHandle, LocalSet};

            use super::*;

            #[expect(dead_code, reason = "held for what they keep")]
            enum Kept<T> {
                Waker(Waker),
                AbortHandle(AbortHandle),
                JoinHandle(JoinHandle<T>),
            }

            async fn outlive<T>(task: JoinHandle<T>, end: End, rest: Rest) -> Kept<T> {
                let waker = loop {
                    let waker = WAKER.lock().unwrap().take();
                    match waker {
                        Some(waker) => break waker,
                        None => let_others_go_first().await,
                    }
                };
                if matches!(end, End::IsAborted) {
                    task.abort();
                }
                while !task.is_finished() {
                    let_others_go_first().await;
                }
                match rest {
                    Rest::Waker => Kept::Waker(waker),
                    Rest::AbortHandle => Kept::AbortHandle(task.abort_handle()),
                    Rest::JoinHandle => Kept::JoinHandle(task),
                }
            }

            async fn round<const SIZE: usize, const OUTPUT: usize>(
                place: Place,
                end: End,
                rest: Rest,
            ) -> Vec<Kept<[u8; OUTPUT]>> {
                let mut kept = Vec::with_capacity(TASKS);
                for _ in 0..TASKS {
                    let future = body::<SIZE, OUTPUT>(end);
                    let task = match place {
                        Place::LocalSet => task::spawn_local(future),
                        _ => task::spawn(future),
                    };
                    kept.push(outlive(task, end, rest).await);
                }
                kept
            }

            pub(super) fn left<const SIZE: usize, const OUTPUT: usize>(
                place: Place,
                end: End,
                rest: Rest,
            ) -> usize {
                let mut builder = match place {
                    Place::Worker => Builder::new_multi_thread(),
                    _ => Builder::new_current_thread(),
                };
                let rt = builder.worker_threads(1).build().unwrap();
                let grown = async {
                    // The first rounds fill what is used again, and other threads allocate and free when they like.
                    let mut all = [0; 7];
                    for grown in &mut all {
                        let before = ALL_BYTES.load(Ordering::Relaxed);
                        let kept = round::<SIZE, OUTPUT>(place, end, rest).await;
                        let bytes = ALL_BYTES.load(Ordering::Relaxed) - before;
                        *grown = usize::try_from(bytes).unwrap_or(0);
                        *grown = grown.saturating_sub(size_of_val(&*kept));
                    }
                    all.sort_unstable();
                    all[3]
                };
                let grown = match place {
                    Place::LocalSet => rt.block_on(LocalSet::new().run_until(grown)),
                    _ => rt.block_on(grown),
                };
                grown / TASKS
            }
        }
    };
}

program!(ours, runtime);
program!(theirs, tokio);

type Left = fn(Place, End, Rest) -> usize;

/// How many times more is left here.
fn count_worse(what: &str, ours: Left, theirs: Left) -> usize {
    let mut worse = 0;
    for place in PLACES {
        for (end, rest) in ENDS.iter().flat_map(|end| RESTS.map(|rest| (*end, rest))) {
            let (here, there) = (ours(place, end, rest), theirs(place, end, rest));
            eprintln!("{what}, {place:?}, {end:?}, {rest:?}: {here} bytes, {there} with tokio");
            // A panic has a box of its own until it is read, and no room in other tasks.
            let unread = match (end, rest) {
                (End::Panics, Rest::JoinHandle) => size_of::<Box<dyn Any + Send>>(),
                _ => 0,
            };
            worse += usize::from(here > there + unread);
        }
    }
    worse
}

#[test]
fn what_outlives_a_task_keeps_no_more_of_it_than_with_tokio() {
    const JUST_BELOW: usize = if cfg!(debug_assertions) {
        1_900
    } else {
        16_200
    };
    const LARGE: usize = 64 * 1024;
    alone::run(|| {
        let worse = count_worse("small", ours::left::<16, 1>, theirs::left::<16, 1>)
            + count_worse(
                "not quite large",
                ours::left::<JUST_BELOW, 1>,
                theirs::left::<JUST_BELOW, 1>,
            )
            + count_worse("large", ours::left::<LARGE, 1>, theirs::left::<LARGE, 1>)
            + count_worse(
                "large output",
                ours::left::<16, LARGE>,
                theirs::left::<16, LARGE>,
            );
        assert_eq!(worse, 0, "a task keeps more than with tokio");
    });
}
