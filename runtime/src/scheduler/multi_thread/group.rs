//! The reactor that up to eight workers share: at any time at most one of them is in its poll.
//!
//! On few cores one poller that drains a whole batch costs fewer context switches than a poll a
//! worker, while dozens of workers at one epoll get in each other's way; hence the groups.
//!
//! Whoever holds the reactor is its poller: a sleeper, or a busy worker that takes what is ready
//! and goes on. `baton.rs` argues that it does not lie idle while a worker sleeps that wanted it.

use super::baton::Baton;
use crate::driver::{Alarm, Reactor};
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::sync::{Arc, MutexGuard};

/// Workers that share one reactor.
const WORKERS_PER_GROUP: usize = 8;

const NOBODY: usize = usize::MAX;

#[derive(Debug)]
pub(super) struct Group {
    reactor: Baton<Reactor>,
    pub(super) alarm: Arc<Alarm>,
    /// Who sleeps in the poll; a hint.
    poller: AtomicUsize,
}

impl Group {
    pub(super) fn new(reactor: Reactor) -> Self {
        let alarm = Arc::new(Alarm::new(reactor.handle().clone()));
        Group {
            reactor: Baton::new(reactor),
            alarm,
            poller: AtomicUsize::new(NOBODY),
        }
    }

    pub(super) fn index_of(worker: usize) -> usize {
        worker / WORKERS_PER_GROUP
    }

    pub(super) fn count_for(workers: usize) -> usize {
        workers.div_ceil(WORKERS_PER_GROUP)
    }

    pub(super) fn members(index: usize, workers: usize) -> std::ops::Range<usize> {
        let first = index * WORKERS_PER_GROUP;
        first..workers.min(first + WORKERS_PER_GROUP)
    }

    /// The worker that sleeps in the poll, if one does.
    pub(super) fn poller(&self) -> Option<usize> {
        let poller = self.poller.load(Ordering::Relaxed);
        (poller != NOBODY).then_some(poller)
    }

    /// Takes the reactor for a moment; `None` if somebody else has it.
    pub(super) fn try_poll(&self) -> Option<MutexGuard<'_, Reactor>> {
        self.reactor.try_take()
    }

    /// Takes the reactor to sleep in; `None` if another sleeps there, or will call us to do so.
    pub(super) fn try_sleep(&self) -> Option<MutexGuard<'_, Reactor>> {
        let reactor = self.reactor.try_take();
        if reactor.is_some() || self.alarm.is_set() {
            return reactor;
        }
        self.reactor.take_or_be_called()
    }

    /// Says who sleeps in the poll.
    pub(super) fn set_poller(&self, worker: usize) {
        self.poller.store(worker, Ordering::Relaxed);
    }

    /// Says that nobody sleeps in the poll.
    pub(super) fn unset_poller(&self) {
        self.poller.store(NOBODY, Ordering::Relaxed);
        self.alarm.rise();
    }

    /// Ends a turn at the reactor; `true` if a sleeper must be called to take the poll.
    #[must_use]
    pub(super) fn end_poll(&self, reactor: MutexGuard<'_, Reactor>) -> bool {
        self.reactor.put_down(reactor)
    }
}
