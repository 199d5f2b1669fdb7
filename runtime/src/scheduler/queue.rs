//! The queues that tasks wait in: crossbeam's deque and injector, and the slot for one more.
//!
//! loom cannot see into crossbeam-deque. Under the models a stand-in takes the injector's place
//! that promises no more than the real one: what is pushed is published by Release only, and
//! whoever asks whether it is empty may be told the past.

use std::ptr::{self, NonNull};

use crate::primitive::sync::atomic::{AtomicPtr, Ordering};
use crate::raw_task::Notified;

#[cfg(not(runtime_loom))]
pub(super) use crossbeam_deque::{Injector, Steal, Stealer, Worker as Deque};

#[cfg(runtime_loom)]
pub(super) use stand_in::Injector;

/// Holds the task that was woken last, to run next while its data is warm.
///
/// Only its worker puts tasks in. Anybody may take: a swap decides who gets the task.
#[derive(Debug)]
pub(super) struct LifoSlot(AtomicPtr<()>);

impl LifoSlot {
    pub(super) fn new() -> Self {
        LifoSlot(AtomicPtr::new(ptr::null_mut()))
    }

    /// For the worker: puts `task` in and answers with the one it displaces.
    #[inline]
    pub(super) fn replace(&self, task: Notified) -> Option<Notified> {
        let task = task.into_raw().as_ptr();
        if !self.is_empty() {
            return self.swap(task);
        }
        // Nobody else puts tasks in, so it stays empty until this store.
        // Release: publishes the task to whoever takes it.
        self.0.store(task, Ordering::Release);
        None
    }

    #[inline]
    pub(super) fn take(&self) -> Option<Notified> {
        match self.is_empty() {
            true => None,
            false => self.swap(ptr::null_mut()),
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Ordering::Relaxed).is_null()
    }

    #[inline]
    fn swap(&self, next: *mut ()) -> Option<Notified> {
        // AcqRel: publishes the task that goes in, takes what was written before the other went in.
        let before = self.0.swap(next, Ordering::AcqRel);
        // SAFETY: the pointer came from `into_raw`, and the swap gave it to this call alone.
        NonNull::new(before).map(|raw| unsafe { Notified::from_raw(raw) })
    }
}

impl Drop for LifoSlot {
    fn drop(&mut self) {
        drop(self.take());
    }
}

#[cfg(runtime_loom)]
mod stand_in {
    use crate::primitive::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
    use std::ptr;

    const CAPACITY: usize = 4;

    /// A bounded bag of boxed values that is filled once.
    #[derive(Debug)]
    pub(crate) struct Injector<T> {
        slots: [AtomicPtr<T>; CAPACITY],
        next: AtomicUsize,
    }

    impl<T> Injector<T> {
        pub(crate) fn new() -> Self {
            Injector {
                slots: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
                next: AtomicUsize::new(0),
            }
        }

        pub(crate) fn push(&self, value: T) {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let boxed = Box::into_raw(Box::new(value));
            self.slots[place].store(boxed, Ordering::Release);
        }

        pub(crate) fn pop(&self) -> Option<T> {
            self.slots.iter().find_map(|slot| {
                if slot.load(Ordering::Relaxed).is_null() {
                    return None;
                }
                let taken = slot.swap(ptr::null_mut(), Ordering::Acquire);
                // SAFETY: a non-null pointer is a leaked box, and the swap gave it to us alone.
                (!taken.is_null()).then(|| *unsafe { Box::from_raw(taken) })
            })
        }

        pub(crate) fn is_empty(&self) -> bool {
            self.slots
                .iter()
                .all(|slot| slot.load(Ordering::Relaxed).is_null())
        }
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use std::ptr::NonNull;

    use super::LifoSlot;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
    use crate::raw_task::{self, Meta, Notified, Schedule, Task};

    struct Nowhere;

    impl Schedule for Nowhere {
        unsafe fn schedule(_this: NonNull<Self>, task: Notified) {
            unreachable!("{task:?} is never woken");
        }

        unsafe fn reschedule(_this: NonNull<Self>, task: Notified) {
            unreachable!("{task:?} never wakes itself");
        }

        fn release(&self, _task: &Task) -> bool {
            false
        }
    }

    fn task(runs: &Arc<AtomicUsize>) -> Notified {
        let runs = runs.clone();
        let future = async move {
            runs.fetch_add(1, Ordering::Relaxed);
        };
        let (_, notified, _) = raw_task::new(future, Nowhere, Meta::here(None));
        notified
    }

    #[test]
    fn loom_a_rescue_races_the_owner_and_each_task_runs_once() {
        loom::model(|| {
            let runs = Arc::new(AtomicUsize::new(0));
            let slot = Arc::new(LifoSlot::new());
            let run = |task: Option<Notified>| task.into_iter().for_each(Notified::run);
            let monitor = {
                let slot = slot.clone();
                loom::thread::spawn(move || slot.take().into_iter().for_each(Notified::run))
            };
            run(slot.replace(task(&runs)));
            run(slot.replace(task(&runs)));
            run(slot.take());
            monitor.join().expect("the monitor ends");
            assert_eq!(runs.load(Ordering::Relaxed), 2);
        });
    }
}
