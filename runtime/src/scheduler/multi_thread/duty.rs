//! A duty: one reactor, the wheels that go with it, and whoever turns it.
//!
//! A duty belongs to nobody. Any worker may take it: to sleep in its poll, or for a moment between two
//! tasks; in the last resort the monitor does. It is *manned* while somebody sleeps in its poll, and *attended*
//! if it is manned or its `turns` go on. On few cores one poller that drains a whole batch
//! costs fewer context switches than a poll a worker, while dozens of workers at one epoll get in each
//! other's way; hence one duty for up to eight workers.
//!
//! Whoever holds the reactor is its poller. `baton.rs` argues that it does not lie idle while a worker
//! sleeps that wanted it.

use super::baton::Baton;
use super::manning::Manning;
use crate::driver::{Family, Poller, Reactor, Timers};
use crate::primitive::sync::atomic::{AtomicU32, Ordering};
use crate::primitive::sync::{Arc, MutexGuard};

/// A running worker fires its own timers; others do it for one that is late by more than this.
pub(super) const GRACE_NS: u64 = 1_000_000;

#[derive(Debug)]
pub(super) struct Duty {
    reactor: Baton<Reactor>,
    pub(super) poller: Arc<Poller>,
    /// The wheel of threads that have none of their own.
    pub(super) guests: Arc<Timers>,
    /// The seats whose wheels go with this reactor.
    pub(super) members: Box<[usize]>,
    pub(super) manning: Manning,
    /// Written by who holds the reactor.
    turns: AtomicU32,
}

impl Duty {
    pub(super) fn new(reactor: Reactor, members: Box<[usize]>, family: &Family) -> Self {
        let poller = Arc::new(Poller::new(reactor.handle().clone()));
        Duty {
            reactor: Baton::new(reactor),
            guests: Arc::new(Timers::new(poller.clone()).in_family(family)),
            poller,
            members,
            manning: Manning::nobody(),
            turns: AtomicU32::new(0),
        }
    }

    pub(super) fn is_manned(&self) -> bool {
        self.manning.is_manned()
    }

    /// How often somebody has turned to it.
    pub(super) fn turns(&self) -> u32 {
        self.turns.load(Ordering::Relaxed)
    }

    /// Descriptors that are registered with its reactor.
    pub(super) fn descriptors(&self) -> u64 {
        let metrics = self.poller.io().metrics();
        metrics.registered.saturating_sub(metrics.deregistered)
    }

    /// Takes the reactor for a moment; `None` if somebody else has it.
    pub(super) fn try_poll(&self) -> Option<MutexGuard<'_, Reactor>> {
        self.reactor.try_take()
    }

    /// Takes the reactor to sleep in; `None` if another sleeps there, or will call somebody to do so.
    pub(super) fn try_sleep(&self) -> Option<MutexGuard<'_, Reactor>> {
        let reactor = self.reactor.try_take();
        if reactor.is_some() || self.poller.is_asleep() {
            return reactor;
        }
        self.reactor.take_or_be_called()
    }

    /// Says that somebody goes to sleep in the poll.
    pub(super) fn start_sleep(&self) {
        self.manning.start();
    }

    /// Says that nobody sleeps in the poll.
    pub(super) fn end_sleep(&self) {
        self.manning.end();
        self.poller.rise();
    }

    /// Ends a turn at the reactor; `true` if a sleeper must be called to take the poll.
    #[must_use]
    pub(super) fn end_poll(&self, reactor: MutexGuard<'_, Reactor>) -> bool {
        let next = self.turns.load(Ordering::Relaxed).wrapping_add(1);
        self.turns.store(next, Ordering::Relaxed);
        self.reactor.put_down(reactor)
    }
}
