//! What the two sides of a watch channel share.
//!
//! The value stands behind a read-write lock, its number in a word beside it. A sender changes both under the
//! lock, lets go of it, and calls all who wait.
//!
//! **No change is missed.** A receiver makes its [`Wait`], looks at the version, and only then waits. A
//! change before the look is seen, and a call after the `Wait` was made reaches it; the call comes
//! after the change, so every change is one or the other. The same holds for the end of either side.
//!
//! **Receivers do not queue up at one lock**: they wait at several [`Notify`], dealt out as they are made. A sender
//! calls them all, which costs little where nobody waits.
//!
//! **User code**: the closures that change or examine a value run under the value's lock, and no other. If one
//! panics the lock is free again, and nobody is called. An old value is dropped by whoever sent the new one,
//! after the calls.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use super::error::RecvError;
use super::version::{State, Version};
use crate::primitive::sync::RwLock;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::notify::{Notify, Wait};

/// At how many places receivers wait. Models have few objects, and one place has all the races.
const PLACES: usize = if cfg!(runtime_loom) { 1 } else { 8 };

pub(super) struct Channel<T> {
    pub(super) value: RwLock<T>,
    pub(super) state: State,
    senders: AtomicUsize,
    receivers: AtomicUsize,
    changed: [Notify; PLACES],
    unwatched: Notify,
}

/// Where a receiver waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct WaiterShard(usize);

impl<T> Channel<T> {
    /// With one sender and no receiver.
    pub(super) fn new(value: T) -> Self {
        Channel {
            value: RwLock::new(value),
            state: State::new(),
            senders: AtomicUsize::new(1),
            receivers: AtomicUsize::new(0),
            changed: std::array::from_fn(|_| Notify::new()),
            unwatched: Notify::new(),
        }
    }

    pub(super) fn call_receivers(&self) {
        for notify in &self.changed {
            notify.notify_waiters();
        }
    }

    /// Waits until there is a value other than the one that was `seen`, and marks it as seen.
    pub(super) async fn changed(
        &self,
        seat: WaiterShard,
        seen: &mut Version,
    ) -> Result<(), RecvError> {
        loop {
            let call = Wait::new(&self.changed[seat.0]);
            let now = self.state.load();
            if now.version != *seen {
                *seen = now.version;
                return Ok(());
            }
            if now.is_closed {
                return Err(RecvError(()));
            }
            call.await;
        }
    }

    /// Waits until there is no receiver.
    pub(super) async fn unwatched(&self) {
        loop {
            let call = Wait::new(&self.unwatched);
            if self.receivers() == 0 {
                return;
            }
            call.await;
        }
    }

    pub(super) fn receivers(&self) -> usize {
        // Acquire: pairs with the Release of the last receiver's end.
        self.receivers.load(Ordering::Acquire)
    }

    pub(super) fn senders(&self) -> usize {
        self.senders.load(Ordering::Relaxed)
    }

    pub(super) fn add_receiver(&self) -> WaiterShard {
        WaiterShard(self.receivers.fetch_add(1, Ordering::Relaxed) % PLACES)
    }

    pub(super) fn remove_receiver(&self) {
        if self.receivers.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.unwatched.notify_waiters();
        }
    }

    pub(super) fn add_sender(&self) {
        self.senders.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn remove_sender(&self) {
        // AcqRel: the last to go has the versions of the others before its mark.
        if self.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.state.close();
            self.call_receivers();
        }
    }
}

// A panic under the lock leaves what it has done to the value and nothing else half done.
impl<T: UnwindSafe> UnwindSafe for Channel<T> {}
impl<T: UnwindSafe + RefUnwindSafe> RefUnwindSafe for Channel<T> {}

impl<T: fmt::Debug> fmt::Debug for Channel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = self.state.load();
        f.debug_struct("Channel")
            .field("value", &self.value)
            .field("version", &now.version)
            .field("is_closed", &now.is_closed)
            .field("receivers", &self.receivers())
            .finish_non_exhaustive()
    }
}
