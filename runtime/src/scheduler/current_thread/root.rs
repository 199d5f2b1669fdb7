//! The waker of the future given to `block_on`: the *root*, which is no task and in no queue.
//!
//! The root is polled between two *rounds* of tasks. A round ends when no task is ready, or after so
//! many polls as lie between two looks at timers and sockets. So what the root has set going comes
//! to rest before the root is asked again, and neither can starve the other. A root that has woken
//! itself, to let the others go first, waits for all that are in the queue of this thread at that moment.
//!
//! Who wakes the root on the thread that drives it leaves a note there: that thread does not sleep
//! meanwhile, so there is nothing to fence and nobody to unpark.

use std::task::Wake;

use super::Shared;
use super::drive::note_root_wake;
use crate::coop;
use crate::park::Parker;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};

/// Wakes the root, whether its thread drives or waits for the core.
pub(super) struct RootWaker {
    shared: Arc<Shared>,
    parker: Arc<Parker>,
    woken: AtomicBool,
}

impl RootWaker {
    /// Has been woken already: the root waits for its first poll.
    pub(super) fn new(shared: Arc<Shared>, parker: Arc<Parker>) -> Self {
        RootWaker {
            shared,
            parker,
            woken: AtomicBool::new(true),
        }
    }

    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::Relaxed)
    }

    pub(super) fn take_woken(&self) -> bool {
        // Acquire: takes what the waker's thread wrote; pairs with wake_by_ref().
        self.is_woken() && self.woken.swap(false, Ordering::Acquire)
    }
}

impl Wake for RootWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        coop::note_wake(Arc::as_ptr(self).cast());
        if note_root_wake(self) {
            return;
        }
        // Release: publishes what the waker's thread wrote; pairs with take_woken().
        self.woken.store(true, Ordering::Release);
        self.shared.wake_driver();
        self.parker.unpark();
    }
}
