//! A future's claim to run the tasks of a set while it is polled.

use std::task::{Context, Poll};

use super::super::waits::DriverId;
use super::current;
use super::shared::LocalTasks;
use crate::primitive::sync::Arc;

/// One who runs tasks when polled; it leaves no waker behind when dropped.
pub(super) struct Driver {
    shared: Arc<LocalTasks>,
    id: DriverId,
}

impl Driver {
    pub(super) fn new(shared: &Arc<LocalTasks>) -> Self {
        Driver {
            id: shared.queue.new_driver(),
            shared: shared.clone(),
        }
    }

    /// Calls `first` inside the set, and runs tasks if it is pending.
    pub(super) fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        first: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let _running = current::enter(&self.shared, true);
        let polled = first(cx);
        if polled.is_pending() {
            self.shared.turn(self.id, cx);
        }
        polled
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.shared.queue.forget(self.id);
    }
}
