//! What a thread sleeps on: the reactor, the timers, and what wakes the poller for an earlier timer.

#[cfg(not(runtime_loom))]
mod poller;
#[cfg(not(runtime_loom))]
mod reactor;
pub(crate) mod timers;

#[cfg(not(runtime_loom))]
pub(crate) use poller::Poller;
#[cfg(not(runtime_loom))]
pub(crate) use reactor::{Reactor, wake_all};
#[cfg(not(runtime_loom))]
pub(crate) use timers::Family;
pub(crate) use timers::Timers;
