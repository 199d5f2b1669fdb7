//! The scheduler's references to a task: the one in a queue and the one in the live list.

use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use super::header::{Header, Meta};

/// A counted reference to a task.
#[repr(transparent)]
pub(super) struct Reference(NonNull<Header>);

// SAFETY: the state word orders every access to what is behind the header; what is `!Send` in a
// task stays with a scheduler that runs and drops it on one thread.
unsafe impl Send for Reference {}
// SAFETY: as above.
unsafe impl Sync for Reference {}

impl Reference {
    /// # Safety
    ///
    /// The task is live and the caller gives this value one of its references.
    pub(super) unsafe fn from_raw(raw: NonNull<Header>) -> Self {
        Reference(raw)
    }

    pub(super) fn into_raw(self) -> NonNull<Header> {
        ManuallyDrop::new(self).0
    }

    pub(super) fn raw(&self) -> NonNull<Header> {
        self.0
    }

    pub(super) fn header(&self) -> &Header {
        // SAFETY: the reference keeps the task live; a header is never borrowed mutably.
        unsafe { self.0.as_ref() }
    }
}

impl Clone for Reference {
    fn clone(&self) -> Self {
        self.header().state.ref_inc();
        Reference(self.0)
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        if self.header().state.ref_dec(1) {
            // SAFETY: that was the last reference.
            unsafe { (self.header().vtable.dealloc)(self.0) };
        }
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header().fmt(f)
    }
}

/// The live list's reference.
#[derive(Debug)]
pub(crate) struct Task(pub(super) Reference);

/// A queue's reference: whoever has it may run the task, once.
#[derive(Debug)]
#[must_use = "a task that is not run is lost"]
pub(crate) struct Notified(pub(super) Reference);

impl Task {
    pub(crate) fn meta(&self) -> &Meta {
        &self.0.header().meta
    }

    /// Drops the future now, unless somebody runs it: then as soon as that poll ends.
    pub(crate) fn shutdown(self) {
        let raw = self.0.into_raw();
        // SAFETY: the reference is given up to the call.
        unsafe { (raw.as_ref().vtable.shutdown)(raw) };
    }
}

impl Notified {
    /// Polls the task's future once, on this thread; no panic of user code gets out.
    #[inline]
    pub(crate) fn run(self) {
        let raw = self.0.into_raw();
        // SAFETY: the queued reference is given up to the call.
        unsafe { (raw.as_ref().vtable.run)(raw) };
    }

    /// Drops the future instead of polling it.
    pub(crate) fn shutdown(self) {
        Task(self.0).shutdown();
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.0.header().meta
    }

    pub(crate) fn into_raw(self) -> NonNull<()> {
        self.0.into_raw().cast()
    }

    /// # Safety
    ///
    /// `raw` came from [`into_raw`](Self::into_raw), and comes back once.
    pub(crate) unsafe fn from_raw(raw: NonNull<()>) -> Self {
        // SAFETY: the caller's promise.
        Notified(unsafe { Reference::from_raw(raw.cast()) })
    }
}
