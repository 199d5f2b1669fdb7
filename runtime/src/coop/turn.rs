//! The poll under way on this thread: whose it is, and the wakes that wait for its end.
//!
//! A future that lets others go first wakes its waker and answers `Pending`. That its task then goes
//! to the end of the queue is sure only if the waker is the task's own. What is done about others:
//!
//! | whose waker it is | what its wake does | when it is woken |
//! |---|---|---|
//! | the task's own | the task is polled again after this poll | at once |
//! | that of a collector in the task, such as `FuturesUnordered` | the collector learns which future to poll, the task is woken | at the end of the poll |
//! | that of an executor that blocks this thread amid the poll, such as `pollster` | the thread goes on, the task hears nothing | at once |
//!
//! A collector may poll again what is woken before it gives the task back: woken at once, it would
//! find no budget, for ever. An executor on this stack waits for the wake before the poll can end:
//! woken at the end, it would sleep for ever. Nothing but its effect tells one waker from the other,
//! so the first of a kind is woken at once, to see whether the wake comes to the task. Kinds are told
//! apart by the vtable, as the futures of one collector have wakers of one kind. (By the waker itself
//! would not do: a collector may wake its task for the first future only.)
//!
//! The limit: a collector that keeps the task's waker to itself while it polls is taken for an executor.

use std::cell::{Cell, RefCell};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::task::{RawWakerVTable, Waker};

thread_local! {
    static TURN: Turn = const { Turn::none() };
    static NOTES: RefCell<Notes> = const { RefCell::new(Notes::NONE) };
}

/// One poll of a task, or of the future of a `block_on`.
///
/// Each poll pays for what is touched here. One that is not nested in another sets the pointer alone.
struct Turn {
    /// The data of its own waker; null if no poll is under way.
    polled: Cell<*const ()>,
    /// Whether its own waker was woken on this thread. Who asks clears it first: a poll may find it set.
    is_woken: Cell<bool>,
    /// Whether somebody has let others go first since this was last asked.
    has_yielded: Cell<bool>,
    noted: Cell<Noted>,
}

/// How many of the notes are the poll's own: the last ones, behind those of the polls that it is nested in.
#[derive(Clone, Copy)]
struct Noted {
    kinds: u32,
    deferred: u32,
}

/// What is seldom needed of the polls under way.
struct Notes {
    /// The kinds of wakers that were seen to wake what is polled.
    kinds: Vec<*const RawWakerVTable>,
    /// Those that wait for the end of the poll.
    deferred: Vec<Waker>,
}

impl Turn {
    const fn none() -> Self {
        Turn {
            polled: Cell::new(ptr::null()),
            is_woken: Cell::new(false),
            has_yielded: Cell::new(false),
            noted: Cell::new(Noted::NONE),
        }
    }
}

impl Noted {
    const NONE: Noted = Noted {
        kinds: 0,
        deferred: 0,
    };
}

impl Notes {
    const NONE: Notes = Notes {
        kinds: Vec::new(),
        deferred: Vec::new(),
    };

    fn has_kind(&self, noted: Noted, kind: *const RawWakerVTable) -> bool {
        let own = self.kinds.iter().rev().take(noted.kinds as usize);
        own.into_iter().any(|&other| ptr::eq(other, kind))
    }

    /// Forgets what was noted in a poll that ends, but for the wakers to be woken now.
    fn end(&mut self, noted: Noted) -> Vec<Waker> {
        let kinds = self.kinds.len().saturating_sub(noted.kinds as usize);
        self.kinds.truncate(kinds);
        let deferred = self.deferred.len().saturating_sub(noted.deferred as usize);
        self.deferred.split_off(deferred)
    }
}

/// What is known of a waker when it was woken, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Its wake comes to what is polled, or nothing is.
    Comes,
    /// It wakes somebody else: an executor amid the poll.
    Strays,
}

/// Begins a poll that ends with the answer; null stands for code that is no poll.
#[inline]
pub(super) fn begin(polled: *const ()) -> Ending {
    TURN.with(|turn| {
        let outer = turn.polled.replace(polled);
        let interrupted = match outer.is_null() {
            true => None,
            false => Some((turn.is_woken.get(), turn.noted.replace(Noted::NONE))),
        };
        Ending { outer, interrupted }
    })
}

/// Ends a poll when dropped, and wakes who has waited for that.
pub(super) struct Ending {
    /// What was polled before, and if that is something, what was known of it.
    outer: *const (),
    interrupted: Option<(bool, Noted)>,
}

impl Drop for Ending {
    #[inline]
    fn drop(&mut self) {
        TURN.with(|turn| {
            turn.polled.set(self.outer);
            if turn.noted.get().kinds > 0 || self.interrupted.is_some() {
                go_back(turn, self.interrupted);
            }
        });
    }
}

#[cold]
fn go_back(turn: &Turn, interrupted: Option<(bool, Noted)>) {
    let (is_woken, noted) = interrupted.unwrap_or((false, Noted::NONE));
    turn.is_woken.set(is_woken);
    let ended = turn.noted.replace(noted);
    if ended.kinds > 0 {
        wake_deferred(ended);
    }
}

fn wake_deferred(ended: Noted) {
    // A thread that is about to end has dropped them.
    let deferred = NOTES.try_with(|notes| notes.borrow_mut().end(ended));
    for waker in deferred.unwrap_or_default() {
        // The others are woken all the same. The payload is leaked, as its drop may panic, too.
        catch_unwind(AssertUnwindSafe(|| waker.wake())).unwrap_or_else(mem::forget);
    }
}

/// For wakers of tasks and of `block_on`: notes that what has this waker's data is woken.
#[inline]
pub(crate) fn note_wake(data: *const ()) {
    TURN.with(|turn| {
        if ptr::eq(turn.polled.get(), data) {
            turn.is_woken.set(true);
        }
    });
}

/// Wakes `waker` so that others have their turn first.
#[inline]
pub(super) fn wake_after_others(waker: &Waker) -> Reach {
    let polled = TURN.with(|turn| {
        turn.has_yielded.set(true);
        turn.polled.get()
    });
    if polled.is_null() || ptr::eq(polled, waker.data()) {
        waker.wake_by_ref();
        return Reach::Comes;
    }
    match wake_of_another_kind(waker) {
        true => Reach::Comes,
        false => Reach::Strays,
    }
}

/// Whether a poll on this thread has let others go first since this was last asked.
#[inline]
pub(crate) fn take_yield() -> bool {
    TURN.with(|turn| turn.has_yielded.take())
}

/// Runs `polls`, which are not part of the poll under way, and says whether one of them has let others go first.
pub(crate) fn yields_in(polls: impl FnOnce()) -> bool {
    let before = take_yield();
    polls();
    TURN.with(|turn| turn.has_yielded.replace(before))
}

/// Wakes a waker that is not that of the poll, now or later; whether that comes to what is polled.
#[cold]
fn wake_of_another_kind(waker: &Waker) -> bool {
    let kind: *const RawWakerVTable = waker.vtable();
    let noted = TURN.with(|turn| turn.noted.get());
    let is_known = |notes: &RefCell<Notes>| notes.borrow().has_kind(noted, kind);
    if NOTES.try_with(is_known) == Ok(true) {
        defer(waker.clone());
        return true;
    }
    TURN.with(|turn| turn.is_woken.set(false));
    waker.wake_by_ref();
    let comes = TURN.with(|turn| turn.is_woken.get());
    if comes {
        note_kind(kind);
    }
    comes
}

fn defer(waker: Waker) {
    note(|notes, noted| {
        notes.deferred.push(waker);
        noted.deferred += 1;
    });
}

fn note_kind(kind: *const RawWakerVTable) {
    note(|notes, noted| {
        notes.kinds.push(kind);
        noted.kinds += 1;
    });
}

/// Leaves a note for the present poll, unless this thread is about to end.
fn note(leave: impl FnOnce(&mut Notes, &mut Noted)) {
    let mut noted = TURN.with(|turn| turn.noted.get());
    let left = NOTES.try_with(|notes| leave(&mut notes.borrow_mut(), &mut noted));
    if left.is_ok() {
        TURN.with(|turn| turn.noted.set(noted));
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{Reach, begin, note_wake, wake_after_others};
    use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Arc;
    use std::task::{Wake, Waker};

    /// Stands for a task, and for what is polled in one.
    #[derive(Default)]
    struct Bell {
        rings: AtomicUsize,
    }

    impl Bell {
        fn rings(&self) -> usize {
            self.rings.load(Ordering::SeqCst)
        }
    }

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.rings.fetch_add(1, Ordering::SeqCst);
            note_wake(Arc::as_ptr(&self).cast());
        }
    }

    /// A waker of a collector: wakes the task once it is woken.
    struct Child(Waker, Bell);

    impl Wake for Child {
        fn wake(self: Arc<Self>) {
            self.1.rings.fetch_add(1, Ordering::SeqCst);
            self.0.wake_by_ref();
        }
    }

    fn task() -> (Arc<Bell>, Waker) {
        let bell = Arc::new(Bell::default());
        (bell.clone(), Waker::from(bell))
    }

    fn child(task: &Waker) -> (Arc<Child>, Waker) {
        let child = Arc::new(Child(task.clone(), Bell::default()));
        (child.clone(), Waker::from(child))
    }

    #[test]
    fn its_own_waker_is_woken_at_once_each_time() {
        let (bell, task) = task();
        let _poll = begin(task.data());
        for n in 1..4 {
            assert_eq!(wake_after_others(&task), Reach::Comes);
            assert_eq!(bell.rings(), n);
        }
    }

    #[test]
    fn from_the_second_on_wakers_of_a_collector_wait_for_the_end_of_their_own_poll() {
        let ((_, outer), (_, inner)) = (task(), task());
        let ((first, outer_first), (second, outer_second)) = (child(&outer), child(&outer));
        let (nested, inner_first) = child(&inner);
        let poll = begin(outer.data());
        assert_eq!(wake_after_others(&outer_first), Reach::Comes);
        assert_eq!(wake_after_others(&outer_second), Reach::Comes);
        assert_eq!((first.1.rings(), second.1.rings()), (1, 0));
        let nested_poll = begin(inner.data());
        for _ in 0..2 {
            assert_eq!(wake_after_others(&inner_first), Reach::Comes);
        }
        assert_eq!(nested.1.rings(), 1);
        drop(nested_poll);
        assert_eq!((nested.1.rings(), second.1.rings()), (2, 0));
        drop(poll);
        assert_eq!((first.1.rings(), second.1.rings()), (1, 1));
    }

    #[test]
    fn a_waker_that_wakes_another_strays_and_is_woken_at_once() {
        let ((_, polled), (elsewhere, other)) = (task(), task());
        let _poll = begin(polled.data());
        for n in 1..4 {
            assert_eq!(wake_after_others(&other), Reach::Strays);
            assert_eq!(elsewhere.rings(), n);
        }
    }

    #[test]
    fn outside_a_poll_each_waker_is_woken_at_once() {
        let (bell, other) = task();
        assert_eq!(wake_after_others(&other), Reach::Comes);
        assert_eq!(bell.rings(), 1);
    }
}
