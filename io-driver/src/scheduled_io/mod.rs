//! One registration as the driver and its waiters share it: a readiness word and
//! the waiters behind a lock.
//!
//! Two protocols live here. Both sides of each are in this file and [`readiness`]; the
//! crate's README argues them.
//!
//! - **Wait against event**: a waiter stores its waker under the lock, then looks at the word; an
//!   event changes the word, then takes the wakers under the lock. Whichever holds the lock second
//!   sees what the other did before.
//! - **Clear against event**: clearing names the tick that was read before the operation blocked;
//!   an event in between has moved the tick, and the clearing does nothing.
//!
//! Whoever was refused waits for *news*: what the refused event told counts only once a later event
//! tells it again. So even a flag that one refusal may not take away keeps nobody busy.

mod readiness;
mod waiters;
mod word;

#[cfg(all(test, runtime_loom))]
mod loom_models;
#[cfg(all(test, not(runtime_loom)))]
mod tests;

use std::fmt;
use std::task::{Poll, Waker};

use crate::primitive::Mutex;
use crate::wakers::drop_each;
use crate::{Closed, Ready, ReadyEvent};

pub use readiness::Readiness;
pub(crate) use waiters::Slot;
use waiters::Waiters;
use word::{Answer, Word};

pub(crate) struct ScheduledIo {
    word: Word,
    waiters: Mutex<Waiters>,
}

impl ScheduledIo {
    /// Returns what there is to hear that was not told yet with `refused`.
    #[inline]
    pub(crate) fn news(&self, slot: Slot, refused: Option<ReadyEvent>) -> Option<Answer> {
        self.word.look().news(slot.mask(), refused)
    }

    /// Answers at once, or keeps the waker in the slot, where the last one wins.
    #[cfg(test)]
    pub(crate) fn poll_ready(&self, waker: &Waker, slot: Slot) -> Poll<Answer> {
        self.poll_news(waker, slot, None)
    }

    /// Keeps the waker in the slot, where the last one wins, unless there is [news](Self::news) by then.
    pub(crate) fn poll_news(
        &self,
        waker: &Waker,
        slot: Slot,
        refused: Option<ReadyEvent>,
    ) -> Poll<Answer> {
        self.wait_in_slot(waker, slot);
        // An event before the lock has found nobody to wake.
        match self.news(slot, refused) {
            Some(answer) => Poll::Ready(answer),
            None => Poll::Pending,
        }
    }

    fn wait_in_slot(&self, waker: &Waker, slot: Slot) {
        if self.waiters.lock().slot_holds(slot, waker) {
            return;
        }
        let waker = waker.clone();
        let displaced = self.waiters.lock().fill_slot(slot, waker);
        drop(displaced);
    }

    /// Returns what a waiter for `mask` would hear now; `None` if it would have to wait.
    #[inline]
    pub(crate) fn answer(&self, mask: Ready) -> Option<Answer> {
        self.word.look().answer(mask)
    }

    /// Takes in an event; the caller wakes who is in `woken` once it holds no lock.
    pub(crate) fn set_readiness(&self, ready: Ready, woken: &mut Vec<Waker>) {
        let now = self.word.transition_to_ready(ready);
        self.waiters.lock().notify(ready, now, woken);
    }

    /// Takes away what of the event is `stale`, unless another event has come since.
    pub(crate) fn clear_readiness(&self, event: ReadyEvent, stale: Ready) {
        self.word.transition_to_unready(event, stale);
    }

    /// Takes the source for ready without an event; tells nobody, as no
    /// operation has been refused yet.
    pub(crate) fn assume_ready(&self, ready: Ready) {
        self.word.assume_ready(ready);
    }

    /// Ends all waits, those under way and those to come, with an error.
    pub(crate) fn close(&self, closed: Closed, woken: &mut Vec<Waker>) {
        let now = self.word.transition_to_closed(closed);
        self.waiters.lock().notify(Ready::ALL, now, woken);
    }

    /// Drops the wakers that are left, which may own the task that owns the registration.
    pub(crate) fn drop_wakers(&self) {
        let wakers = self.waiters.lock().take_all();
        drop_each(wakers);
    }
}

impl Default for ScheduledIo {
    fn default() -> ScheduledIo {
        ScheduledIo {
            word: Word::new(),
            waiters: Mutex::new(Waiters::default()),
        }
    }
}

impl fmt::Debug for ScheduledIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScheduledIo")
            .field("ready", &self.word.look().ready())
            .finish_non_exhaustive()
    }
}
