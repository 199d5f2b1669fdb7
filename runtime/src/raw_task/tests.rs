//! A task by itself, with a scheduler that is only a queue.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::{JoinHandle, LiveTasks, Meta, Notified, Schedule, Task};
use crate::primitive::sync::Mutex;

struct Stage {
    queue: Mutex<VecDeque<Notified>>,
    live: LiveTasks,
}

impl Schedule for Arc<Stage> {
    unsafe fn schedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: `task` has not been handed on.
        let stage = unsafe { this.as_ref() }.clone();
        stage.queue.lock().push_back(task);
    }

    unsafe fn reschedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: as here.
        unsafe { Self::schedule(this, task) };
    }

    fn release(&self, task: &Task) -> bool {
        self.live.remove(task)
    }
}

impl Stage {
    fn new() -> Arc<Stage> {
        Arc::new(Stage {
            queue: Mutex::new(VecDeque::new()),
            live: LiveTasks::new(),
        })
    }

    fn spawn<F: Future + 'static>(self: &Arc<Self>, future: F) -> JoinHandle<F::Output> {
        let (task, notified, join) = super::new(future, self.clone(), Meta::here(None));
        assert!(self.live.insert(task).is_ok());
        self.queue.lock().push_back(notified);
        join
    }

    fn run(&self) {
        while let Some(task) = { self.queue.lock().pop_front() } {
            task.run();
        }
    }

    fn shut_down(&self) {
        self.live.close();
        while let Some(task) = self.live.pop() {
            task.shutdown();
        }
    }
}

fn poll<T>(join: &mut JoinHandle<T>) -> Poll<Result<T, super::JoinError>> {
    Pin::new(join).poll(&mut Context::from_waker(Waker::noop()))
}

/// Counts its drops.
#[derive(Clone)]
struct Dropped(Arc<AtomicUsize>);

impl Dropped {
    fn new() -> (Dropped, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        (Dropped(count.clone()), count)
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Panics when dropped, with a payload that does the same.
struct Grenade(u32);

impl Drop for Grenade {
    fn drop(&mut self) {
        if self.0 > 0 {
            std::panic::panic_any(Grenade(self.0 - 1));
        }
    }
}

#[test]
#[cfg(not(feature = "tracing"))] // Which has a span in each task.
fn a_pending_empty_task_is_small() {
    let size = size_of::<super::cell::TaskCell<std::future::Ready<()>, Arc<Stage>>>();
    assert!(size <= 136, "{size} bytes are more than one chunk of 144");
}

#[test]
fn the_output_goes_to_the_join_handle() {
    let stage = Stage::new();
    let mut join = stage.spawn(ready(7));
    assert!(poll(&mut join).is_pending());
    stage.run();
    assert!(join.is_finished());
    assert!(matches!(poll(&mut join), Poll::Ready(Ok(7))));
    assert_eq!(stage.live.len(), 0);
}

#[test]
fn the_last_waker_that_polled_the_join_handle_is_woken() {
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let stage = Stage::new();
    let mut join = stage.spawn(ready(()));
    let counts = [(); 2].map(|()| Arc::new(Count(AtomicUsize::new(0))));
    for count in &counts {
        let waker = Waker::from(count.clone());
        assert!(
            Pin::new(&mut join)
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
    }
    stage.run();
    assert_eq!(counts[0].0.load(Ordering::SeqCst), 0);
    assert_eq!(counts[1].0.load(Ordering::SeqCst), 1);
    drop(join);
    assert_eq!(Arc::strong_count(&counts[0]), 1);
    assert_eq!(Arc::strong_count(&counts[1]), 1);
}

#[test]
fn an_abort_of_an_idle_task_drops_its_future_at_its_next_run_and_not_in_the_abort() {
    let stage = Stage::new();
    let (dropped, drops) = Dropped::new();
    let mut join = stage.spawn(async move {
        let _dropped = dropped;
        pending::<()>().await;
    });
    stage.run();
    join.abort();
    join.abort();
    assert_eq!(
        drops.load(Ordering::SeqCst),
        0,
        "dropped on the aborting thread"
    );
    assert_eq!(stage.queue.lock().len(), 1);
    stage.run();
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    assert!(matches!(poll(&mut join), Poll::Ready(Err(error)) if error.is_cancelled()));
}

#[test]
fn an_abort_is_not_lost_when_the_handle_is_dropped_at_once() {
    let stage = Stage::new();
    let (dropped, drops) = Dropped::new();
    let join = stage.spawn(async move {
        let _dropped = dropped;
        pending::<()>().await;
    });
    join.abort();
    drop(join);
    stage.run();
    assert_eq!(drops.load(Ordering::SeqCst), 1);
}

#[test]
fn an_abort_during_the_poll_takes_effect_when_it_ends() {
    let stage = Stage::new();
    let slot: Arc<Mutex<Option<super::AbortHandle>>> = Arc::default();
    let mut join = stage.spawn({
        let slot = slot.clone();
        async move {
            slot.lock().take().unwrap().abort();
            pending::<()>().await;
        }
    });
    *slot.lock() = Some(join.abort_handle());
    stage.run();
    assert!(matches!(poll(&mut join), Poll::Ready(Err(error)) if error.is_cancelled()));
}

#[test]
fn a_task_that_wakes_itself_runs_again() {
    let stage = Stage::new();
    let mut left = 3;
    let join = stage.spawn(std::future::poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }));
    stage.run();
    assert!(join.is_finished());
}

#[test]
fn a_panic_in_poll_goes_to_the_joiner() {
    let stage = Stage::new();
    let mut join = stage.spawn(async { panic!("boom {}", std::hint::black_box(1)) });
    stage.run();
    let Poll::Ready(Err(error)) = poll::<()>(&mut join) else {
        panic!("no error");
    };
    assert!(error.is_panic());
    assert!(error.to_string().contains("boom 1"), "{error}");
    assert_eq!(
        error.into_panic().downcast_ref::<String>().unwrap(),
        "boom 1"
    );
}

#[test]
fn a_panic_in_the_drop_of_future_output_or_payload_stays_inside() {
    let stage = Stage::new();
    drop(stage.spawn(async { Grenade(3) }));
    let in_future = Grenade(2);
    let mut kept = stage.spawn(async move {
        let _in_future = in_future;
        5
    });
    drop(stage.spawn(async { std::panic::panic_any(Grenade(2)) }));
    stage.run();
    // The future's own locals are dropped inside its poll: that is a panic of the task.
    let Poll::Ready(Err(error)) = poll(&mut kept) else {
        panic!("no error");
    };
    assert!(error.is_panic());
    std::mem::forget(error);
    let unread = stage.spawn(async { Grenade(2) });
    stage.run();
    drop(unread);
    let cancelled = stage.spawn({
        let grenade = Grenade(2);
        async move {
            let _grenade = grenade;
            pending::<()>().await;
        }
    });
    cancelled.abort();
    stage.run();
    drop(cancelled);
    assert_eq!(stage.live.len(), 0);
}

#[test]
fn a_join_waker_that_panics_stops_nothing() {
    struct Angry;
    impl Wake for Angry {
        fn wake(self: Arc<Self>) {
            panic!("woken");
        }
    }
    let stage = Stage::new();
    let mut join = stage.spawn(ready(()));
    let waker = Waker::from(Arc::new(Angry));
    assert!(
        Pin::new(&mut join)
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    stage.run();
    assert!(join.is_finished());
    assert_eq!(stage.live.len(), 0);
}

#[test]
fn a_shutdown_drops_the_future_and_says_cancelled() {
    let stage = Stage::new();
    let (dropped, drops) = Dropped::new();
    let mut join = stage.spawn(async move {
        let _dropped = dropped;
        pending::<()>().await;
    });
    stage.shut_down();
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    stage.run();
    assert!(matches!(poll(&mut join), Poll::Ready(Err(error)) if error.is_cancelled()));
    let (task, notified, late) = super::new(ready(()), stage.clone(), Meta::here(None));
    let task = stage.live.insert(task).unwrap_err();
    drop(notified);
    task.shutdown();
    assert!(late.is_finished());
}

#[test]
fn a_long_chain_of_unread_outcomes_needs_little_stack() {
    struct Next(#[allow(dead_code, reason = "held for its drop")] Option<Box<JoinHandle<Next>>>);
    let stage = Stage::new();
    let mut head = stage.spawn(async { Next(None) });
    for _ in 0..200_000 {
        let next = Box::new(head);
        head = stage.spawn(async move { Next(Some(next)) });
    }
    stage.run();
    let thread = std::thread::Builder::new().stack_size(64 * 1024);
    thread.spawn(move || drop(head)).unwrap().join().unwrap();
}

#[test]
fn a_waker_may_outlive_its_task() {
    let stage = Stage::new();
    let kept: Arc<Mutex<Option<Waker>>> = Arc::default();
    let slot = kept.clone();
    let join = stage.spawn(std::future::poll_fn(move |cx| {
        *slot.lock() = Some(cx.waker().clone());
        Poll::Ready(())
    }));
    stage.run();
    drop(join);
    let waker = kept.lock().take().unwrap();
    waker.wake_by_ref();
    let other = waker.clone();
    waker.wake();
    other.wake();
    assert!(stage.queue.lock().is_empty());
}

#[test]
fn polling_a_join_handle_after_its_output_panics() {
    let stage = Stage::new();
    let mut join = stage.spawn(ready(()));
    stage.run();
    assert!(poll(&mut join).is_ready());
    let again = catch_unwind(AssertUnwindSafe(|| poll(&mut join)));
    assert!(again.is_err());
}

#[test]
fn the_running_task_knows_its_id() {
    let stage = Stage::new();
    let mut join = stage.spawn(async { super::id() });
    let id = join.id();
    stage.run();
    assert!(matches!(poll(&mut join), Poll::Ready(Ok(seen)) if seen == id));
    assert_eq!(super::try_id(), None);
}

#[test]
fn a_future_that_is_not_send_stays_with_its_scheduler() {
    let stage = Stage::new();
    let shared = std::rc::Rc::new(RefCell::new(0));
    let inner = shared.clone();
    let join = stage.spawn(async move { *inner.borrow_mut() += 1 });
    stage.run();
    assert!(join.is_finished());
    assert_eq!(*shared.borrow(), 1);
    let mut never = pin!(pending::<()>());
    assert!(
        never
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
}
