//! The races of whoever waits for tasks with those who end them, wake them and add them.

use std::future::poll_fn;
use std::task::Poll;

use loom::future::block_on;

use super::{Ended, Members, Runnable};
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

fn spawn<T: 'static>(f: impl FnOnce() -> T + 'static) -> loom::thread::JoinHandle<T> {
    loom::thread::spawn(f)
}

async fn next_ended(ended: &Ended) -> usize {
    poll_fn(|cx| match ended.pop_or_wait(cx.waker()) {
        Some(key) => Poll::Ready(key),
        None => Poll::Pending,
    })
    .await
}

#[test]
fn loom_ends_of_two_tasks_race_a_join_and_both_are_joined() {
    loom::model(|| {
        let ended = Arc::new(Ended::new());
        let ends = [1, 2].map(|key| {
            let ended = ended.clone();
            spawn(move || ended.push(key))
        });
        let mut joined = block_on(async { [next_ended(&ended).await, next_ended(&ended).await] });
        joined.sort_unstable();
        assert_eq!(joined, [1, 2]);
        assert_eq!(ended.pop(), None);
        for end in ends {
            end.join().expect("the task ends");
        }
    });
}

/// What a task has returned is there for who joins it, and freed with the set or after it.
#[test]
fn loom_an_end_races_a_join_and_the_drop_of_the_set() {
    loom::model(|| {
        let ended = Arc::new(Ended::new());
        let outputs = Arc::new(UnsafeCell::new(0));
        let end = {
            let (ended, outputs) = (ended.clone(), outputs.clone());
            spawn(move || {
                // SAFETY: whoever joins comes after the push.
                outputs.with_mut(|output| unsafe { *output = 7 });
                ended.push(0);
            })
        };
        let polled = block_on(poll_fn(|cx| Poll::Ready(ended.pop_or_wait(cx.waker()))));
        if polled.is_some() {
            // SAFETY: the task has ended.
            assert_eq!(outputs.with(|output| unsafe { *output }), 7);
        }
        drop(ended);
        end.join().expect("the task ends");
    });
}

/// Runs tasks until as many have run as are expected.
async fn drive(runnable: &Runnable<usize>, seen: &AtomicUsize, expected: usize) {
    let driver = runnable.new_driver();
    poll_fn(|cx| {
        loop {
            if seen.load(Ordering::Relaxed) == expected {
                return Poll::Ready(());
            }
            match runnable.pop() {
                Some(_) => drop(seen.fetch_add(1, Ordering::Relaxed)),
                None if runnable.rest(driver, cx.waker()) => return Poll::Pending,
                None => {}
            }
        }
    })
    .await;
    runnable.forget(driver);
}

#[test]
fn loom_wakes_race_a_driver_that_lies_down_and_none_is_lost() {
    loom::model(|| {
        let runnable = Arc::new(Runnable::new());
        let wakes = [1, 2].map(|task| {
            let runnable = runnable.clone();
            spawn(move || runnable.push(task))
        });
        block_on(drive(&runnable, &AtomicUsize::new(0), 2));
        for wake in wakes {
            wake.join().expect("the waker returns");
        }
    });
}

#[test]
fn loom_a_wake_races_the_close_and_leaves_no_task() {
    loom::model(|| {
        let runnable = Arc::new(Runnable::new());
        let task = Arc::new(());
        let wake = {
            let (runnable, task) = (runnable.clone(), task.clone());
            spawn(move || runnable.push(task))
        };
        drop(runnable.close());
        wake.join().expect("the waker returns");
        assert_eq!(Arc::strong_count(&task), 1);
    });
}

async fn all_gone(members: &Members<usize>) {
    poll_fn(|cx| members.poll_all_gone(cx)).await;
}

/// What the scope's owner does after the wait comes after all that its tasks have done.
#[test]
fn loom_the_last_futures_are_dropped_and_the_scope_wakes() {
    loom::model(|| {
        let members = Arc::new(Members::<usize>::new());
        let borrowed = Arc::new([UnsafeCell::new(0), UnsafeCell::new(0)]);
        assert!(members.admit(0) && members.admit(1));
        let tasks = [0, 1].map(|id| {
            let (members, borrowed) = (members.clone(), borrowed.clone());
            spawn(move || {
                // SAFETY: each task has its own part, and the owner waits.
                borrowed[id].with_mut(|part| unsafe { *part = 7 });
                members.leave(id as u64);
            })
        });
        block_on(all_gone(&members));
        for part in borrowed.iter() {
            // SAFETY: no task is left.
            part.with_mut(|part| assert_eq!(unsafe { *part }, 7));
        }
        for task in tasks {
            task.join().expect("the task ends");
        }
    });
}

/// Either the close gives the handle out or the introduction gives it back, unless the task has left.
#[test]
fn loom_an_introduction_races_the_close_and_the_end() {
    loom::model(|| {
        let members = Arc::new(Members::new());
        assert!(members.admit(0));
        let spawner = {
            let members = members.clone();
            spawn(move || members.introduce(0, 42))
        };
        let closed = members.close();
        let given_back = spawner.join().expect("the spawner returns");
        assert_eq!(
            closed.into_iter().chain(given_back).collect::<Vec<_>>(),
            [42]
        );
        assert!(!members.admit(1));
        members.leave(0);
        block_on(all_gone(&members));
    });
}
