//! A fair count of permits: what the semaphore, the locks and the bounded channel stand on.
//!
//! # States
//!
//! One atomic [`Word`] holds the free permits and two marks; a [`WaitList`] holds who waits. The
//! value of a place is the number of permits that it still misses.
//!
//! | what | who may do it |
//! |---|---|
//! | add permits | anybody, by one `fetch_add` |
//! | take permits, `WAITERS` not set | anybody, by exchanging the whole word |
//! | take permits, `WAITERS` set | who holds the list's lock, for the front of the queue |
//! | give permits past the word | who holds the list's lock, to the front of the queue |
//! | set or clear `WAITERS`, set `CLOSED` | who holds the list's lock |
//!
//! While the lock is free, `WAITERS` says that the queue is not empty. `CLOSED` is never cleared,
//! and nobody enters the queue once it is set.
//!
//! # No permit is lost, and nobody overtakes
//!
//! *Adding against entering.* Whoever finds too few permits takes the lock, and then in one
//! exchange takes what there is and sets `WAITERS`. An addition before the exchange was counted in
//! it; one after it sees the mark. So each permit that is added while somebody waits is added by a
//! thread that knows it: a *debtor*.
//!
//! *Between the addition and the debtor's lock* the permits lie in the word, and nobody but the
//! holder of the lock can take them. A debtor that gets the lock serves the queue until the word is
//! empty or nobody waits; in the latter case it clears `WAITERS`. If another debtor has served first, or the queue has become empty, there is
//! nothing to do. Whenever permits lie in the word and `WAITERS` is set, some debtor has still
//! to come to the lock.
//!
//! *From hand to hand.* Who releases permits and sees `WAITERS` gives them to a front that misses as
//! many or more, under the lock: they never lie in the word, which saves two steps where a lock is
//! fought over. If the front has left meanwhile or misses fewer, they are added as any others.
//!
//! *Order.* The front collects what comes until it has all; nobody behind it gets any. Who does not
//! hold the lock does not take while `WAITERS` is set, nor does who has just entered the queue
//! behind others. So a request for many permits is not starved by small ones.
//!
//! *Cancelling against adding.* A place that leaves knows under the lock what it has collected,
//! served or not. It adds that to the word like everybody, clearing `WAITERS` if it was the
//! last, and becomes a debtor if it was not.
//!
//! *Closing against acquiring.* `CLOSED` is set under the lock, and entering looks at it in the
//! exchange that sets `WAITERS`: a place is either in the queue that the closing empties, or finds
//! the mark. A waiter that was served but has not noticed when the count is closed gives
//! its permits back: after `close` nothing is acquired.
//!
//! *A spent budget.* Who comes without a budget, and finds what it wants, takes it on
//! [credit](crate::coop). It would lose its turn to who comes next otherwise. To take it and yield with it is
//! worse: whoever runs meanwhile must queue up, and from then on the permits go from hand to hand.
//!
//! # Memory
//!
//! Adding is `Release` and taking `Acquire`; the word is changed by read-modify-writes alone, so whoever
//! takes sees what all who added did before. A waiter sees it through the lock.

use std::task::Waker;

use crate::primitive::const_unless_model;
use crate::primitive::sync::atomic::AtomicUsize;
use crate::primitive::sync::atomic::Ordering::{Acquire as Acq, Relaxed, Release};
use crate::sync::wait_list::{Locked, WaitList};
use crate::util::panic::contain;

mod acquire;
mod error;
mod word;

pub(crate) use acquire::Acquire;
pub use error::{AcquireError, TryAcquireError};
use word::Word;

/// Permits that are free, and the queue of who wants some.
pub(crate) struct Permits {
    word: AtomicUsize,
    waiting: WaitList<(), usize>,
}

/// How a request that holds the lock came out.
enum Entry {
    /// All permits were there after all.
    Taken,
    /// So many are missing; the rest is taken and `WAITERS` is set.
    Missing(usize),
    Closed,
}

impl Permits {
    /// The most permits that there may be.
    pub(crate) const MAX: usize = usize::MAX >> 3;

    const_unless_model! {
        #[track_caller]
        pub(crate) const fn new(permits: usize) -> Self {
            assert!(permits <= Self::MAX, "more permits than MAX_PERMITS: start with fewer");
            Permits {
                word: AtomicUsize::new(Word::new(permits).bits()),
                waiting: WaitList::new(()),
            }
        }
    }

    const_unless_model! {
        /// No permits, and closed from the start.
        pub(crate) const fn closed() -> Self {
            Permits {
                word: AtomicUsize::new(Word::CLOSED),
                waiting: WaitList::new(()),
            }
        }
    }

    pub(crate) fn available(&self) -> usize {
        self.load().available()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.load().is_closed()
    }

    #[inline]
    pub(crate) fn try_acquire(&self, n: usize) -> Result<(), TryAcquireError> {
        let mut word = self.load();
        loop {
            let rest = word.take(n)?;
            match self.exchange(word, rest) {
                Ok(()) => return Ok(()),
                Err(found) => word = found,
            }
        }
    }

    /// Waits for `n` permits. The caller releases them; a future that is dropped takes none.
    ///
    /// # Panics
    ///
    /// If `n` is above [`MAX`](Self::MAX).
    #[track_caller]
    #[inline]
    pub(crate) fn acquire(&self, n: usize) -> Acquire<'_> {
        assert!(
            n <= Self::MAX,
            "more permits than MAX_PERMITS: they will never be there, ask for fewer"
        );
        Acquire::new(self, n)
    }

    /// Adds `n` permits and gives them to who waits.
    ///
    /// # Panics
    ///
    /// If there would be more than [`MAX`](Self::MAX); then none is added.
    #[track_caller]
    #[inline]
    pub(crate) fn release(&self, n: usize) {
        if n == 0 || (self.load().has_waiters() && self.hand_over(n)) {
            return;
        }
        assert!(n <= Self::MAX, "{TOO_MANY}");
        // Release: publishes what the holder did; pairs with the Acquire of whoever takes.
        let before = Word::from(self.word.fetch_add(Word::new(n).bits(), Release));
        if before.free() + n > Self::MAX {
            self.forget(n);
            panic!("{TOO_MANY}");
        }
        if before.has_waiters() {
            self.serve(self.waiting.lock());
        }
    }

    /// Takes up to `n` of the free permits for good; answers how many.
    pub(crate) fn forget(&self, n: usize) -> usize {
        let mut word = self.load();
        loop {
            let forgotten = word.available().min(n);
            match self.exchange(word, word.minus(forgotten)) {
                Ok(()) => return forgotten,
                Err(found) => word = found,
            }
        }
    }

    /// Lets all who wait, and all who come, fail.
    pub(crate) fn close(&self) {
        let locked = self.waiting.lock();
        // Release: who sees it closed sees what was done before.
        self.word.fetch_or(Word::CLOSED, Release);
        locked.wake_each(|locked| {
            let missing = *locked.front()?;
            let waker = locked.pop_front(missing);
            self.clear_mark_if_empty(locked);
            waker
        });
    }

    /// Takes `n` permits or what there is of them, for a place that goes to the end of the queue.
    ///
    /// The caller holds the lock, and enqueues the place before it lets go.
    fn enter(&self, n: usize) -> Entry {
        let mut word = self.load();
        loop {
            let (next, entry) = match word.take(n) {
                Ok(rest) => (rest, Entry::Taken),
                Err(TryAcquireError::Closed) => return Entry::Closed,
                Err(TryAcquireError::NoPermits) => {
                    let taken = word.available();
                    let next = word.minus(taken).with_waiters();
                    (next, Entry::Missing(n - taken))
                }
            };
            match self.exchange(word, next) {
                Ok(()) => return entry,
                Err(found) => word = found,
            }
        }
    }

    /// Gives `n` permits to the front without laying them down first, if it misses that many.
    #[cold]
    fn hand_over(&self, n: usize) -> bool {
        let mut locked = self.waiting.lock();
        let Some(missing) = locked.front().filter(|missing| **missing >= n) else {
            return false;
        };
        *missing -= n;
        if *missing > 0 {
            return true;
        }
        let waker = locked.pop_front(0);
        self.clear_mark_if_empty(&locked);
        drop(locked);
        contain(|| waker.into_iter().for_each(Waker::wake));
        true
    }

    /// Gives the free permits to who waits, in order.
    #[cold]
    fn serve(&self, locked: Locked<'_, (), usize>) {
        locked.wake_each(|locked| self.serve_front(locked));
    }

    fn serve_front(&self, locked: &mut Locked<'_, (), usize>) -> Option<Waker> {
        let missing = locked.front()?;
        // The lock is held and somebody waits, so the word only grows meanwhile.
        let given = self.load().free().min(*missing);
        // Acquire: pairs with the Release of who added.
        self.word.fetch_sub(Word::new(given).bits(), Acq);
        *missing -= given;
        if *missing > 0 {
            return None;
        }
        let waker = locked.pop_front(0);
        self.clear_mark_if_empty(locked);
        waker
    }

    /// Puts back what a place had collected when it left, and gives it to who is next.
    fn put_back(&self, collected: usize, locked: Locked<'_, (), usize>) {
        // Release: what was released to the place is passed on.
        self.word.fetch_add(Word::new(collected).bits(), Release);
        self.clear_mark_if_empty(&locked);
        self.serve(locked);
    }

    fn clear_mark_if_empty(&self, locked: &Locked<'_, (), usize>) {
        if locked.is_empty() {
            // Relaxed: says nothing about what was done before.
            self.word.fetch_and(!Word::WAITERS, Relaxed);
        }
    }

    #[inline]
    fn load(&self) -> Word {
        // Acquire: who sees the count closed sees what was done before.
        Word::from(self.word.load(Acq))
    }

    /// Answers with what is there if it was not `word`.
    #[inline]
    fn exchange(&self, word: Word, next: Word) -> Result<(), Word> {
        // Acquire: pairs with the Release of who added.
        self.word
            .compare_exchange_weak(word.bits(), next.bits(), Acq, Acq)
            .map(|_| ())
            .map_err(Word::from)
    }
}

const TOO_MANY: &str = "more permits than MAX_PERMITS: release no more than were acquired";

impl std::fmt::Debug for Permits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = self.load();
        f.debug_struct("Permits")
            .field("available", &word.available())
            .field("closed", &word.is_closed())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
#[cfg(all(test, not(runtime_loom)))]
mod tests;
