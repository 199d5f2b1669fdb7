//! A child that lets go of what it has of the parent's runtime, while threads of the parent that it does not
//! have were about to do the same: a lock that one of them held stays locked in the child.

use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use runtime::runtime::{Handle, Runtime};
use runtime::sync::oneshot;
use runtime::task::JoinHandle;
use runtime::time::{
    DelayQueue, Duration, Instant, Interval, Sleep, Timeout, interval_at, sleep, timeout,
};
use runtime_tests::alone;
use runtime_tests::event::Event;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait::until_true;

use crate::{assert_as_it_should, assert_refused, in_a_fork};

const HOUR: Duration = Duration::from_secs(3600);
/// For each of five flavors.
const FORKS: usize = 400;

/// Runs `test` while other threads call `disturb` again and again, and somebody drives the runtime.
pub(super) fn while_disturbed(rt: &Runtime, disturb: impl Fn() + Sync, test: impl FnOnce()) {
    let (ended, event) = (AtomicBool::new(false), Event::new());
    let disturb = || {
        while !ended.load(Ordering::Relaxed) {
            disturb();
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| rt.block_on(event.clone()));
        let disturbing = [scope.spawn(disturb), scope.spawn(disturb)];
        let outcome = catch_unwind(AssertUnwindSafe(test));
        ended.store(true, Ordering::Relaxed);
        for thread in disturbing {
            thread.join().unwrap();
        }
        event.set();
        outcome.unwrap();
    });
}

pub(super) fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// One of each kind of timer, all armed.
struct Timers {
    sleep: Pin<Box<Sleep>>,
    interval: Interval,
    timeout: Pin<Box<Timeout<std::future::Pending<()>>>>,
    queue: DelayQueue<u32>,
}

impl Timers {
    fn armed() -> Timers {
        let mut timers = Timers {
            sleep: Box::pin(sleep(HOUR)),
            interval: interval_at(Instant::now() + HOUR, HOUR),
            timeout: Box::pin(timeout(HOUR, pending())),
            queue: DelayQueue::new(),
        };
        timers.queue.insert(7, HOUR);
        assert!(poll(timers.sleep.as_mut()).is_pending());
        assert!(poll(timers.timeout.as_mut()).is_pending());
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(timers.interval.poll_tick(cx).is_pending());
        assert!(timers.queue.poll_expired(cx).is_pending());
        timers
    }
}

#[test]
fn a_child_drops_and_resets_timers_that_are_armed() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let arm_and_drop = || {
                let _entered = rt.enter();
                for _ in 0..32 {
                    drop(Timers::armed());
                }
            };
            while_disturbed(&rt, arm_and_drop, || {
                let _entered = rt.enter();
                for _ in 0..FORKS {
                    let mut timers = Some(Timers::armed());
                    let status = in_a_fork(|| {
                        let mut timers = timers.take().unwrap();
                        let soon = Instant::now() + Duration::from_millis(1);
                        timers.sleep.as_mut().reset(soon);
                        timers.interval.reset();
                        drop(timers);
                    });
                    assert_as_it_should(status);
                }
            });
        });
    });
}

#[test]
fn a_timer_polled_in_a_child_says_so() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let _entered = rt.enter();
            let mut timers = Timers::armed();
            let mut fresh = Box::pin(sleep(HOUR));
            let status = in_a_fork(|| {
                let cx = &mut Context::from_waker(Waker::noop());
                assert_refused(|| poll(fresh.as_mut()));
                assert_refused(|| poll(timers.timeout.as_mut()));
                assert_refused(|| timers.interval.poll_tick(cx));
                assert_refused(|| timers.queue.poll_expired(cx));
                assert_refused(|| poll(timers.sleep.as_mut()));
                timers.sleep.as_mut().reset(Instant::now() + HOUR);
                assert_refused(|| poll(timers.sleep.as_mut()));
            });
            assert_as_it_should(status);
            assert!(poll(timers.sleep.as_mut()).is_pending());
        });
    });
}

/// What a child may hold of tasks.
struct Ends {
    tasks: Vec<JoinHandle<()>>,
    wakers: Vec<Waker>,
    senders: Vec<oneshot::Sender<()>>,
    handle: Handle,
}

const TASKS: usize = 20;

impl Ends {
    fn of_new_tasks(rt: &Runtime) -> Ends {
        let wakers = Arc::new(Mutex::new(Vec::new()));
        let mut senders = Vec::new();
        let spawn = |_| {
            let (sender, mut receiver) = oneshot::channel();
            senders.push(sender);
            let leaves = wakers.clone();
            rt.spawn(poll_fn(move |cx| {
                if Pin::new(&mut receiver).poll(cx).is_ready() {
                    return Poll::Ready(());
                }
                leaves.lock().unwrap().push(cx.waker().clone());
                Poll::Pending
            }))
        };
        let tasks = (0..TASKS).map(spawn).collect();
        let all_wait = until_true(|| wakers.lock().unwrap().len() == TASKS);
        rt.handle().block_on(all_wait);
        let wakers = std::mem::take(&mut *wakers.lock().unwrap());
        Ends {
            tasks,
            wakers,
            senders,
            handle: rt.handle().clone(),
        }
    }

    fn use_up(self) {
        self.wakers.iter().for_each(Waker::wake_by_ref);
        self.wakers.into_iter().for_each(Waker::wake);
        let mut senders = self.senders.into_iter();
        for sender in senders.by_ref().take(TASKS / 2) {
            let _ = sender.send(());
        }
        drop(senders);
        self.tasks.iter().for_each(JoinHandle::abort);
        let aborts: Vec<_> = self.tasks.iter().map(JoinHandle::abort_handle).collect();
        drop((self.tasks, aborts, self.handle));
    }
}

#[test]
fn a_child_wakes_aborts_and_drops_what_it_has_of_tasks() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let handle = rt.handle();
            let spawn = || handle.block_on(handle.spawn(async {})).unwrap();
            while_disturbed(&rt, spawn, || {
                let mut ends = Some(Ends::of_new_tasks(&rt));
                for _ in 0..FORKS {
                    let status = in_a_fork(|| ends.take().unwrap().use_up());
                    assert_as_it_should(status);
                }
                // The parent's are as they were.
                let ends = ends.take().unwrap();
                assert!(ends.tasks.iter().all(|task| !task.is_finished()));
                drop(ends.senders);
                for task in ends.tasks {
                    handle.block_on(task).unwrap();
                }
            });
        });
    });
}
