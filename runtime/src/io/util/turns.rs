//! A value at which two take turns, as neither may keep the other's thread waiting.
//!
//! What is done in a turn is user code: the poll of a stream, and with it whatever wakers it wakes and whatever it drops. A
//! mutex around it can be waited for by that very code, in the same thread, for ever: a waker that polls its task at once comes
//! back to the same value by the other half. Here who comes amid the other's turn leaves its waker, answers `Pending`, and is
//! woken at the end of the turn. The lock guards no more than the two words that say so, and is let go of before anything else is
//! called.
//!
//! ```text
//!          poll                     it returns
//!   Free ────────► Taken (waiting?) ──────────► Free, and `waiting` is woken
//!                        │ it panics
//!                        └────────────────────► Poisoned, and `waiting` is woken
//! ```
//!
//! While the value is free nobody waits. Two at most poll, one at a time each, so one place for who waits is enough. Turns are not
//! handed over: who is woken may find that the other was quicker.

use std::cell::UnsafeCell;
use std::panic::RefUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use crate::primitive::sync::BriefLock;
use crate::util::panic::contain;

pub(super) struct Turns<T> {
    state: BriefLock<State>,
    value: UnsafeCell<T>,
}

struct State {
    phase: Phase,
    waiting: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Free,
    Taken,
    Poisoned,
}

// SAFETY: one at a time is at the value, on whatever thread: see `Turn`.
unsafe impl<T: Send> Sync for Turns<T> {}

// After a panic amid a turn nobody sees the value again.
impl<T> RefUnwindSafe for Turns<T> {}

impl<T> Turns<T> {
    pub(super) fn new(value: T) -> Turns<T> {
        Turns {
            state: BriefLock::new(State {
                phase: Phase::Free,
                waiting: None,
            }),
            value: UnsafeCell::new(value),
        }
    }

    /// Polls the value, which stays where it is, when it is free.
    pub(super) fn poll<R>(
        &self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut T>, &mut Context<'_>) -> Poll<R>,
    ) -> Poll<R> {
        let turn = ready!(self.poll_turn(cx.waker()));
        // SAFETY: nobody else has a turn, and so no other reference to the value, before this one ends. The value is pinned: only
        // `into_inner` moves it, for which it must be `Unpin`.
        let value = unsafe { Pin::new_unchecked(&mut *self.value.get()) };
        let result = poll(value, cx);
        turn.end();
        result
    }

    fn poll_turn(&self, waker: &Waker) -> Poll<Turn<'_, T>> {
        let mut state = self.state.lock();
        let mut found = state.begin_turn();
        let waits = found == Phase::Taken && !state.is_waited_for_by(waker);
        drop(state);
        if waits {
            found = self.wait(waker.clone());
        }
        match found {
            Phase::Free => Poll::Ready(Turn(self)),
            Phase::Taken => Poll::Pending,
            Phase::Poisoned => panicked_before(),
        }
    }

    /// Leaves the waker, unless the turn has ended since.
    fn wait(&self, waker: Waker) -> Phase {
        let mut state = self.state.lock();
        let found = state.begin_turn();
        let useless = match found {
            Phase::Taken => state.waiting.replace(waker),
            Phase::Free | Phase::Poisoned => Some(waker),
        };
        drop(state);
        drop(useless);
        found
    }

    /// Returns the value.
    ///
    /// # Panics
    ///
    /// If it has panicked in a turn.
    pub(super) fn into_inner(self) -> T
    where
        T: Unpin,
    {
        let poisoned = self.state.lock().phase == Phase::Poisoned;
        if poisoned {
            panicked_before();
        }
        self.value.into_inner()
    }

    fn end_turn(&self, phase: Phase) {
        let mut state = self.state.lock();
        state.phase = phase;
        let waiting = state.waiting.take();
        drop(state);
        if let Some(waiting) = waiting {
            contain(|| waiting.wake());
        }
    }
}

#[cold]
fn panicked_before() -> ! {
    panic!("the stream has panicked in a poll, and is of no use since: give both halves up")
}

impl State {
    /// Begins a turn if the value is free, and returns how it was.
    fn begin_turn(&mut self) -> Phase {
        let found = self.phase;
        if found == Phase::Free {
            self.phase = Phase::Taken;
        }
        found
    }

    fn is_waited_for_by(&self, waker: &Waker) -> bool {
        let waiting = self.waiting.as_ref();
        waiting.is_some_and(|waiting| waiting.will_wake(waker))
    }
}

/// The right to be at the value. There is one at a time: it is made when the phase turns from `Free` to `Taken`.
struct Turn<'a, T>(&'a Turns<T>);

impl<T> Turn<'_, T> {
    fn end(self) {
        self.0.end_turn(Phase::Free);
        std::mem::forget(self);
    }
}

/// The poll has panicked.
impl<T> Drop for Turn<'_, T> {
    #[cold]
    fn drop(&mut self) {
        self.0.end_turn(Phase::Poisoned);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::task::{Context, Poll, Wake, Waker};

    use super::Turns;
    use crate::primitive::StdArc;
    use crate::primitive::sync::Mutex;

    /// Polls the value when it is woken, and notes what that gives.
    struct PollsAtOnce {
        turns: StdArc<Turns<u32>>,
        seen: Mutex<Vec<Poll<u32>>>,
    }

    impl Wake for PollsAtOnce {
        fn wake(self: StdArc<Self>) {
            let waker = Waker::from(self.clone());
            let seen = add_one(&self.turns, &mut Context::from_waker(&waker));
            self.seen.lock().push(seen);
        }
    }

    fn add_one(turns: &Turns<u32>, cx: &mut Context<'_>) -> Poll<u32> {
        turns.poll(cx, |mut value, _| {
            *value += 1;
            Poll::Ready(*value)
        })
    }

    fn polls_at_once() -> (StdArc<PollsAtOnce>, Waker) {
        let other = StdArc::new(PollsAtOnce {
            turns: StdArc::new(Turns::new(0)),
            seen: Mutex::default(),
        });
        (other.clone(), Waker::from(other))
    }

    #[test]
    fn who_comes_amid_a_turn_is_woken_at_its_end() {
        let (other, others_waker) = polls_at_once();
        let cx = &mut Context::from_waker(Waker::noop());
        let first = other.turns.poll(cx, |mut value, _| {
            // As a stream does whose poll wakes the task of the other half.
            others_waker.wake_by_ref();
            others_waker.wake_by_ref();
            assert_eq!(*other.seen.lock(), [Poll::Pending; 2]);
            *value = 7;
            Poll::Ready(())
        });
        assert!(first.is_ready());
        let seen = [Poll::Pending, Poll::Pending, Poll::Ready(8)];
        assert_eq!(*other.seen.lock(), seen);
    }

    #[test]
    fn a_pending_turn_has_an_end_too() {
        let (other, others_waker) = polls_at_once();
        let cx = &mut Context::from_waker(Waker::noop());
        let first: Poll<()> = other.turns.poll(cx, |_, _| {
            others_waker.wake_by_ref();
            Poll::Pending
        });
        assert!(first.is_pending());
        assert_eq!(*other.seen.lock(), [Poll::Pending, Poll::Ready(1)]);
    }

    #[test]
    fn a_panic_is_the_last_turn() {
        let cx = &mut Context::from_waker(Waker::noop());
        let turns = Turns::new(0);
        let result = catch_unwind(AssertUnwindSafe(|| {
            let _: Poll<()> = turns.poll(cx, |_, _| panic!("a stream's"));
        }));
        result.unwrap_err();
        catch_unwind(AssertUnwindSafe(|| add_one(&turns, cx))).unwrap_err();
        catch_unwind(AssertUnwindSafe(|| turns.into_inner())).unwrap_err();
    }

    #[test]
    fn turns_exclude_each_other_and_nobody_is_forgotten() {
        const ROUNDS: u32 = 20_000;
        let turns = StdArc::new(Turns::new(0));
        let threads = [(); 2].map(|()| {
            let turns = turns.clone();
            std::thread::spawn(move || {
                for round in 0..ROUNDS {
                    let turn = poll_fn(|cx| {
                        turns.poll(cx, |mut value, _| {
                            *value += 1;
                            if round % 8 == 0 {
                                // So that the other comes amid the turn.
                                std::thread::yield_now();
                            }
                            Poll::Ready(())
                        })
                    });
                    futures_lite::future::block_on(turn);
                }
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(StdArc::into_inner(turns).unwrap().into_inner(), 2 * ROUNDS);
    }
}
