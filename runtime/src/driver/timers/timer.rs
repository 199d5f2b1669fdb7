//! One timer: a deadline, and the waker that waits for it.

use std::fmt;
use std::mem::{MaybeUninit, offset_of};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Poll, Waker};

use super::{Timers, Waiting};
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicU32, Ordering};
use crate::timer::Entry;

/// In no wheel: set by the owner, who arms it at the next poll.
const IDLE: u32 = 0;
/// In the wheel of its home, with a waker. The only state that another thread may change.
const ARMED: u32 = 1;
/// Its deadline has come: set by who fires, or by the owner of a deadline that is past.
const FIRED: u32 = 2;
/// Its home fires no more: set by who shuts it down, or by the owner who finds it so.
const SHUT_DOWN: u32 = 3;

/// What has become of an armed timer that is no longer in its wheel.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(super) enum TimerEnd {
    Fired = FIRED,
    ShutDown = SHUT_DOWN,
}

/// The runtime that would have fired the timer is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShutDown;

/// A deadline and a waker, pinned while they wait in the wheel of `home`.
///
/// Dropping it cancels it.
#[repr(C)]
pub(crate) struct Timer {
    /// Comes first: a wheel answers with a pointer to it, which is one to the timer.
    entry: Entry,
    /// Initialised while armed. Written by the owner, under the lock; read by who fires, under it
    /// too.
    waker: UnsafeCell<MaybeUninit<Waker>>,
    state: AtomicU32,
    home: Arc<Timers>,
}

const _: () = assert!(offset_of!(Timer, entry) == 0);

// SAFETY: `&Timer` offers nothing but reads of the state; the rest is guarded by the lock of `home`
// or by exclusive access.
unsafe impl Send for Timer {}
// SAFETY: as above.
unsafe impl Sync for Timer {}

/// Answers with the calling thread's own timers, if it is a worker of the runtime of those given.
pub(crate) trait OwnTimers: FnOnce(&Arc<Timers>) -> Option<Arc<Timers>> {}
impl<F: FnOnce(&Arc<Timers>) -> Option<Arc<Timers>>> OwnTimers for F {}

impl Timer {
    /// A timer that waits for its first poll; one whose deadline is past has fired already.
    pub(crate) fn new(home: Arc<Timers>, deadline_ns: u64, now_ns: u64) -> Self {
        Timer {
            entry: Entry::new(deadline_ns),
            waker: UnsafeCell::new(MaybeUninit::uninit()),
            state: AtomicU32::new(unarmed_state(deadline_ns, now_ns)),
            home,
        }
    }

    /// Whether the deadline has come and the timer has seen it.
    #[inline]
    pub(crate) fn has_fired(&self) -> bool {
        self.state() == FIRED
    }

    /// Answers whether the timer has fired; if not, `waker` will be woken when it does.
    ///
    /// An unarmed timer has fired if `now_ns` says that it is due. Otherwise it moves to the calling
    /// thread's own timers if there are any.
    ///
    /// # Panics
    ///
    /// In a fork, unless the wait is over: nobody would end it.
    #[inline]
    pub(crate) fn poll_fired(
        self: Pin<&mut Self>,
        waker: &Waker,
        now_ns: impl FnOnce() -> u64,
        own: impl OwnTimers,
    ) -> Poll<Result<(), ShutDown>> {
        match self.state() {
            FIRED => Poll::Ready(Ok(())),
            SHUT_DOWN => Poll::Ready(Err(ShutDown)),
            state => {
                self.home.origin.assert_here();
                match state {
                    IDLE => self.arm(waker, now_ns, own),
                    _ if self.is_armed_with(waker) => Poll::Pending,
                    _ => self.replace_waker(waker),
                }
            }
        }
    }

    /// Moves the deadline. An armed timer stays armed with its waker; any other waits for its next
    /// poll. If `now_ns` says that the deadline is past, it has fired, and the waker is woken.
    pub(crate) fn reset(
        self: Pin<&mut Self>,
        deadline_ns: u64,
        now_ns: impl FnOnce() -> u64,
        own: impl OwnTimers,
    ) {
        let next = unarmed_state(deadline_ns, now_ns());
        let mut waiting = None;
        if self.state() == ARMED {
            if self.home.is_in_a_fork() {
                // It stays in a wheel that nobody turns.
                return;
            }
            let own = own(&self.home);
            if next == FIRED && own.is_some() {
                waiting = self.cancel();
            } else if self.as_ref().rearm(deadline_ns, own) {
                return;
            }
        }
        // SAFETY: the timer is in no wheel, so that its owner has it to itself.
        unsafe { Entry::set_deadline(self.entry(), deadline_ns) };
        self.set_unarmed(next);
        // Whoever polled last need not be the one who resets.
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Acquire: pairs with the Release in `fire`; whoever sees that a timer has left its wheel has
    /// it to itself.
    #[inline]
    fn state(&self) -> u32 {
        self.state.load(Ordering::Acquire)
    }

    /// Relaxed: only who has the timer to itself, or locked, reads a state that was set so.
    fn set_unarmed(&self, state: u32) {
        self.state.store(state, Ordering::Relaxed);
    }

    #[inline]
    fn entry(&self) -> NonNull<Entry> {
        NonNull::from(self).cast()
    }

    fn arm(
        mut self: Pin<&mut Self>,
        waker: &Waker,
        now_ns: impl FnOnce() -> u64,
        own: impl OwnTimers,
    ) -> Poll<Result<(), ShutDown>> {
        let own = own(&self.home);
        let is_own = own.is_some();
        // A thread outside the runtime may read another clock, and would be early by this one.
        if is_own && self.is_due(now_ns()) {
            self.set_unarmed(FIRED);
            return Poll::Ready(Ok(()));
        }
        let waker = waker.clone();
        if let Some(own) = own.filter(|own| !Arc::ptr_eq(own, &self.home)) {
            // SAFETY: only the reference is replaced; nothing pinned moves.
            unsafe { self.as_mut().get_unchecked_mut().home = own };
        }
        self.as_ref().insert(waker, is_own)
    }

    /// For the owner of an unarmed timer.
    fn is_due(&self, now_ns: u64) -> bool {
        // SAFETY: the timer is in no wheel, so that its owner has it to itself.
        unsafe { Entry::deadline(self.entry()) <= now_ns }
    }

    fn insert(self: Pin<&Self>, waker: Waker, is_own: bool) -> Poll<Result<(), ShutDown>> {
        let home = &self.home;
        let mut waiting = home.lock();
        if waiting.is_shut_down {
            drop(waiting);
            self.set_unarmed(SHUT_DOWN);
            return Poll::Ready(Err(ShutDown));
        }
        self.put_waker(waker);
        // Relaxed: who fires has it from the lock, the owner has written it itself.
        self.state.store(ARMED, Ordering::Relaxed);
        let (deadline, became_earliest) = self.enter_wheel(&mut waiting);
        drop(waiting);
        if became_earliest {
            home.announce(deadline, is_own);
        }
        Poll::Pending
    }

    /// Puts the timer into the locked wheel; answers when it is due and whether it became the
    /// earliest.
    fn enter_wheel(self: Pin<&Self>, waiting: &mut Waiting) -> (u64, bool) {
        // SAFETY: the timer is in no wheel; it is pinned, and its destructor takes it out.
        let deadline = unsafe {
            waiting.wheel.insert(self.entry());
            Entry::deadline(self.entry())
        };
        (deadline, self.home.lower_next_due(waiting, deadline))
    }

    /// Moves the deadline of an armed timer; answers `false` if it turns out to have left the
    /// wheel.
    fn rearm(self: Pin<&Self>, deadline_ns: u64, own: Option<Arc<Timers>>) -> bool {
        let home = &self.home;
        let mut waiting = home.lock();
        if self.state() != ARMED {
            return false;
        }
        // SAFETY: an armed timer is in the wheel of its home, which is locked.
        unsafe {
            waiting.wheel.remove(self.entry());
            Entry::set_deadline(self.entry(), deadline_ns);
        }
        let (deadline, became_earliest) = self.enter_wheel(&mut waiting);
        drop(waiting);
        if became_earliest {
            let is_own = own.is_some_and(|own| Arc::ptr_eq(&own, home));
            home.announce(deadline, is_own);
        }
        true
    }

    /// Whether `waker` is the one that this timer, seen armed, will wake.
    #[inline]
    fn is_armed_with(&self, waker: &Waker) -> bool {
        // SAFETY: the owner has written it, and who fires only reads it. Its bits are compared,
        // never followed: it may have been taken meanwhile.
        self.waker
            .with(|mine| unsafe { (*mine).assume_init_ref().will_wake(waker) })
    }

    /// Lets an armed timer wake `waker` in place of the one it has.
    #[cold]
    fn replace_waker(self: Pin<&mut Self>, waker: &Waker) -> Poll<Result<(), ShutDown>> {
        let waker = waker.clone();
        let waiting = self.home.lock();
        match self.state() {
            FIRED => Poll::Ready(Ok(())),
            SHUT_DOWN => Poll::Ready(Err(ShutDown)),
            _ => {
                // SAFETY: an armed timer holds a waker, and its home is locked.
                let replaced = unsafe { self.take_waker() };
                self.put_waker(waker);
                drop(waiting);
                drop(replaced);
                Poll::Pending
            }
        }
    }

    /// The caller has locked the home; a waker that is there already is not dropped.
    fn put_waker(&self, waker: Waker) {
        // SAFETY: only the owner comes here, and who fires reads the place under the lock alone.
        self.waker.with_mut(|place| unsafe {
            (*place).write(waker);
        });
    }

    /// Copies the waker out and leaves its bits, which the owner may be looking at.
    ///
    /// # Safety
    ///
    /// The timer is armed and its home locked; the caller disarms it or puts another waker in its
    /// place.
    unsafe fn take_waker(&self) -> Waker {
        // SAFETY: an armed timer holds a waker; the rest is the caller's promise.
        self.waker
            .with(|place| unsafe { (*place).assume_init_read() })
    }

    /// Ends the wait of the timer that `entry` is part of, and answers with the waker to be woken.
    ///
    /// # Safety
    ///
    /// The entry is that of an armed timer and was just popped; the lock of its home is still held.
    pub(super) unsafe fn fire(entry: NonNull<Entry>, outcome: TimerEnd) -> Waker {
        // SAFETY: `entry` is made of a pointer to the whole timer, which stays live until its
        // owner sees the store below or gets the lock.
        let timer = unsafe { entry.cast::<Timer>().as_ref() };
        // SAFETY: armed and locked as promised, and disarmed by the store.
        let waker = unsafe { timer.take_waker() };
        // Release: hands the timer back to its owner; pairs with the Acquire in `state`.
        timer.state.store(outcome as u32, Ordering::Release);
        waker
    }

    /// Takes the timer out of its wheel; the answer is dropped outside the lock.
    fn cancel(&self) -> Option<Waker> {
        if self.home.is_in_a_fork() {
            return None;
        }
        let mut waiting = self.home.lock();
        if self.state() != ARMED {
            return None;
        }
        // SAFETY: an armed timer is in the wheel of its home, which is locked, and holds a waker.
        let waker = unsafe {
            waiting.wheel.remove(self.entry());
            self.take_waker()
        };
        self.set_unarmed(IDLE);
        Some(waker)
    }
}

fn unarmed_state(deadline_ns: u64, now_ns: u64) -> u32 {
    if deadline_ns <= now_ns { FIRED } else { IDLE }
}

impl Drop for Timer {
    #[inline]
    fn drop(&mut self) {
        if self.state() == ARMED {
            drop(self.cancel());
        }
    }
}

impl fmt::Debug for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state() {
            IDLE => "idle",
            ARMED => "armed",
            FIRED => "fired",
            _ => "shut down",
        };
        f.debug_struct("Timer").field("state", &state).finish()
    }
}
