//! A worker that blocks on purpose: it says so before it does, and others take over at once.
//!
//! To the monitor it is stuck from the start, without a report. What it has queued goes to the
//! injector, and so does what it wakes or spawns meanwhile.

use super::shared::Remote;
use super::spares::Called;
use super::worker::Worker;
use crate::{coop, current};

/// Says that the worker works again when dropped, also by a panic.
struct Blocking<'a>(&'a Remote);

impl Drop for Blocking<'_> {
    fn drop(&mut self) {
        self.0.set_blocking(false);
    }
}

impl Worker {
    /// Runs `f`, which may block this thread.
    pub(super) fn block_in_place<R>(&self, f: impl FnOnce() -> R) -> R {
        let remote = self.remote();
        let _blocking = (!remote.is_blocking()).then(|| {
            remote.set_blocking(true);
            self.hand_in();
            self.call_deputy();
            Blocking(remote)
        });
        let _may_block = current::stop_driving();
        coop::with_unconstrained(f)
    }

    /// Sees to it that somebody else works, if nobody is free to.
    fn call_deputy(&self) {
        let group = self.shared.group_index(self.index);
        if self.shared.has_sleeper(group) {
            return self.shared.call_to_poll(group);
        }
        if let Called::NoThread(error) = self.shared.spares.call(&self.shared, group) {
            self.shared.tally.no_thread(&error);
        }
    }
}
