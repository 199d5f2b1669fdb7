//! What a worker polls at this moment, told to whoever watches, without a
//! clock and without waiting.
//!
//! The worker writes, anybody reads. The count is odd while a task is polled; the words beside it
//! describe that task and are written before the count becomes odd. Each store is a Release, so a
//! reader that finds the same odd count before and after it has read the words has read those of
//! one poll: words of a later poll are published only after the even count that ended this one.

use std::panic::Location;
use std::ptr;

use crate::primitive::sync::atomic::{AtomicPtr, AtomicU64, Ordering, fence};
use crate::raw_task::Meta;

#[derive(Debug)]
pub(crate) struct Epoch {
    count: AtomicU64,
    task: AtomicU64,
    /// The parent's number, shifted to make room for whether the task has a name.
    parent_and_named: AtomicU64,
    location: AtomicPtr<Location<'static>>,
}

/// The poll that a worker is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Poll {
    /// Tells this poll from every other one of the worker.
    pub(crate) number: u64,
    pub(crate) task: u64,
    pub(crate) parent: u64,
    pub(crate) is_named: bool,
    pub(crate) location: &'static Location<'static>,
}

impl Epoch {
    pub(crate) fn new() -> Self {
        Epoch {
            count: AtomicU64::new(0),
            task: AtomicU64::new(0),
            parent_and_named: AtomicU64::new(0),
            location: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// For the worker: the poll of a task begins.
    #[inline]
    pub(crate) fn start_poll(&self, task: &Meta) {
        let named = u64::from(task.name.is_some());
        self.task.store(task.id.get(), Ordering::Release);
        self.parent_and_named
            .store(task.parent << 1 | named, Ordering::Release);
        let location = ptr::from_ref(task.location).cast_mut();
        self.location.store(location, Ordering::Release);
        self.advance();
    }

    /// For the worker: the poll has ended.
    #[inline]
    pub(crate) fn end_poll(&self) {
        self.advance();
    }

    #[inline]
    fn advance(&self) {
        let next = self.count.load(Ordering::Relaxed) + 1;
        // Release: publishes the words of this poll; pairs with the Acquire in current().
        self.count.store(next, Ordering::Release);
    }

    /// The poll under way, if there is one and it does not end meanwhile.
    pub(crate) fn current(&self) -> Option<Poll> {
        let number = self.count.load(Ordering::Acquire);
        if number % 2 == 0 {
            return None;
        }
        let task = self.task.load(Ordering::Relaxed);
        let parent_and_named = self.parent_and_named.load(Ordering::Relaxed);
        let location = self.location.load(Ordering::Relaxed);
        // Acquire: if a word read above is of a later poll, the count read below is, too.
        fence(Ordering::Acquire);
        if self.count.load(Ordering::Relaxed) != number {
            return None;
        }
        Some(Poll {
            number,
            task,
            parent: parent_and_named >> 1,
            is_named: parent_and_named & 1 == 1,
            // SAFETY: every pointer stored comes from a `&'static Location`.
            location: unsafe { location.as_ref() }?,
        })
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::Epoch;
    use crate::raw_task::Meta;

    #[test]
    fn a_poll_is_seen_while_it_lasts() {
        let epoch = Epoch::new();
        assert_eq!(epoch.current(), None);
        let meta = Meta::here(Some("reader".into()));
        epoch.start_poll(&meta);
        let poll = epoch.current().unwrap();
        assert_eq!((poll.task, poll.is_named), (meta.id.get(), true));
        assert_eq!(poll.location.line(), meta.location.line());
        epoch.end_poll();
        assert_eq!(epoch.current(), None);
        epoch.start_poll(&meta);
        assert_ne!(epoch.current().unwrap().number, poll.number);
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Epoch;
    use crate::primitive::sync::Arc;
    use crate::raw_task::Meta;

    #[test]
    fn loom_the_words_read_are_those_of_one_poll() {
        loom::model(|| {
            let epoch = Arc::new(Epoch::new());
            let metas = [Meta::here(None), Meta::here(None)];
            let ids = metas.each_ref().map(|meta| (meta.id.get(), meta.parent));
            let worker = {
                let epoch = epoch.clone();
                loom::thread::spawn(move || {
                    for meta in &metas {
                        epoch.start_poll(meta);
                        epoch.end_poll();
                    }
                })
            };
            if let Some(poll) = epoch.current() {
                let of = usize::from(poll.number > 1);
                assert_eq!((poll.task, poll.parent), ids[of], "words of another poll");
            }
            worker.join().expect("the worker ends");
        });
    }
}
