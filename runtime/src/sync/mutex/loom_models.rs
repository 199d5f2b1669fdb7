//! The value is in one thread's hands at a time, and each sees what the one before did.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use loom::cell::UnsafeCell;
use loom::future::block_on;
use loom::thread;

use super::Mutex;
use crate::primitive::StdArc as Arc;
use crate::primitive::sync::Arc as LoomArc;

type Counted = Mutex<UnsafeCell<u32>>;

/// loom complains if somebody else is at the value.
fn raise(value: &UnsafeCell<u32>) {
    // SAFETY: the caller has the lock, and loom checks it.
    value.with_mut(|value| unsafe { *value += 1 });
}

fn count(mutex: &Counted) -> u32 {
    let value = mutex.try_lock().expect("all have unlocked");
    // SAFETY: the lock is held.
    value.with(|value| unsafe { *value })
}

fn shared() -> LoomArc<Counted> {
    LoomArc::new(Mutex::new(UnsafeCell::new(0)))
}

#[test]
fn three_who_lock_take_turns() {
    loom::model(|| {
        let mutex = shared();
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let mutex = mutex.clone();
                thread::spawn(move || raise(&block_on(mutex.lock())))
            })
            .collect();
        raise(&block_on(mutex.lock()));
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(count(&mutex), 3);
    });
}

#[test]
fn one_who_tries_and_one_who_gives_up_take_turns_with_one_who_locks() {
    loom::model(|| {
        let mutex = shared();
        let trying = thread::spawn({
            let mutex = mutex.clone();
            move || {
                mutex.try_lock().map_or(0, |value| {
                    raise(&value);
                    1
                })
            }
        });
        let giving_up = thread::spawn({
            let mutex = mutex.clone();
            move || {
                let lock = pin!(mutex.lock());
                match lock.poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(value) => {
                        raise(&value);
                        1
                    }
                    Poll::Pending => 0,
                }
            }
        });
        raise(&block_on(mutex.lock()));
        let others = trying.join().unwrap() + giving_up.join().unwrap();
        assert_eq!(count(&mutex), 1 + others);
    });
}

#[test]
fn the_last_owned_guard_frees_the_mutex() {
    loom::model(|| {
        let mutex = Arc::new(Mutex::new(UnsafeCell::new(0)));
        let other = thread::spawn({
            let mutex = mutex.clone();
            move || raise(&block_on(mutex.lock_owned()))
        });
        raise(&block_on(mutex.lock_owned()));
        other.join().unwrap();
    });
}
