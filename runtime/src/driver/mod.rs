//! What a thread sleeps on: the reactor, the timers, and the alarm between the two.

#[cfg(not(runtime_loom))]
mod alarm;
#[cfg(not(runtime_loom))]
mod reactor;
pub(crate) mod timers;

#[cfg(not(runtime_loom))]
pub(crate) use alarm::Alarm;
#[cfg(not(runtime_loom))]
pub(crate) use reactor::{Reactor, wake_all};
#[cfg(not(runtime_loom))]
pub(crate) use timers::Family;
pub(crate) use timers::Timers;
