//! Who holds a seat, and how a seat passes from a thread that blocks to one that works.
//!
//! | state | meaning | left by |
//! |---|---|---|
//! | `FREE` | an extra seat that takes no part | [`Occupancy::reserve`], under the lock of the bench |
//! | `HELD` | one thread has it, and what belongs to it | that thread: [`give_up`](Occupancy::give_up), [`free`](Occupancy::free), [`close`](Occupancy::close) |
//! | `VACANT` | its thread blocks in place; it sleeps, to all others | whoever comes first: [`take`](Occupancy::take) |
//! | `CLOSED` | the runtime ends | nobody |
//!
//! A vacant seat is a sleeper that has no thread: it has its bit in [`Idle`], may be claimed, and is woken by
//! calling a thread to it. Three may want to take it: its former thread, which comes back; the thread
//! that was called; and a caller that can have no thread, to undo the claim. One compare-exchange decides.
//!
//! - *A thread that comes back against a call.* The one that comes back takes the seat, finds by
//!   [`Idle::stop_sleeping`] that somebody has claimed it, and counts as a searcher: it looks for work in
//!   the place of the thread that was called, which finds the seat held and goes. If that one was first, the other goes on
//!   with its poll without a seat.
//! - *A call against the giving up.* `give_up` announces the sleep, makes the seat vacant, and only then
//!   says that it stands empty. A token that was left before the last step is seen by it, and its caller told to
//!   call a thread; one that is left later finds an empty seat and calls a thread itself, which finds it
//!   vacant.
//! - *A push against the giving up* is that of a push against any worker that lies down (`idle.rs`).

use super::idle::{Awoken, Bed, Idle};
use super::park::Sleeper;
use crate::primitive::sync::atomic::{AtomicU32, Ordering};

const FREE: u32 = 0;
const HELD: u32 = 1;
const VACANT: u32 = 2;
const CLOSED: u32 = 3;

#[derive(Debug)]
pub(super) struct Occupancy {
    state: AtomicU32,
    pub(super) sleeper: Sleeper,
}

/// Whether a seat has a thread, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occupant {
    /// It takes no part.
    None,
    Thread,
    /// It waits for one.
    Nobody,
}

/// What giving a seat up leaves to do.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum GivenUp {
    /// Whoever needs the seat will call a thread to it.
    Quietly,
    /// Somebody needs it already: call a thread.
    Called,
}

impl Occupancy {
    /// A seat that is held from the start.
    pub(super) fn held() -> Self {
        Occupancy::new(HELD)
    }

    /// An extra seat.
    pub(super) fn free_seat() -> Self {
        Occupancy::new(FREE)
    }

    fn new(state: u32) -> Self {
        Occupancy {
            state: AtomicU32::new(state),
            sleeper: Sleeper::new(),
        }
    }

    /// For the holder: lets any other thread have the seat. What belongs to the seat is no longer the
    /// caller's.
    pub(super) fn give_up(&self, idle: &Idle, index: usize, searching: bool) -> GivenUp {
        idle.lies_in(index, Bed::Vacant);
        idle.start_sleeping(index, searching);
        // Release: what belongs to the seat goes to whoever takes it; pairs with take().
        self.state.store(VACANT, Ordering::Release);
        match self.sleeper.stand_empty() {
            true => GivenUp::Quietly,
            false => GivenUp::Called,
        }
    }

    /// Takes a vacant seat, and answers how it was woken; `None` if it is not vacant.
    pub(super) fn take(&self, idle: &Idle, index: usize) -> Option<Awoken> {
        // Acquire: pairs with give_up().
        self.state
            .compare_exchange(VACANT, HELD, Ordering::Acquire, Ordering::Relaxed)
            .ok()?;
        self.sleeper.rise();
        idle.left(index, Bed::Vacant);
        Some(idle.stop_sleeping(index))
    }

    /// For a caller that can have no thread: lets the seat sleep again as if it had not been called, unless
    /// somebody has it meanwhile.
    pub(super) fn undo_call(&self, idle: &Idle, index: usize) -> Option<GivenUp> {
        let awoken = self.take(idle, index)?;
        Some(self.give_up(idle, index, awoken == Awoken::Claimed))
    }

    /// Gets an extra seat ready for the thread that is called to it; `false` if it is not free. Callers take turns.
    pub(super) fn reserve(&self) -> bool {
        // Acquire: pairs with free().
        self.state
            .compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed)
            .is_ok()
    }

    /// For the holder of an extra seat, which takes no part any more.
    pub(super) fn free(&self) {
        self.sleeper.rise();
        // Release: what belongs to the seat goes to whoever reserves it.
        self.state.store(FREE, Ordering::Release);
    }

    /// For the holder, at the end of the runtime.
    pub(super) fn close(&self) {
        self.state.store(CLOSED, Ordering::Release);
    }

    #[cfg(not(runtime_loom))]
    pub(super) fn occupant(&self) -> Occupant {
        match self.state.load(Ordering::Relaxed) {
            HELD => Occupant::Thread,
            VACANT => Occupant::Nobody,
            _ => Occupant::None,
        }
    }

    pub(super) fn is_held(&self) -> bool {
        self.state.load(Ordering::Relaxed) == HELD
    }

    pub(super) fn is_vacant(&self) -> bool {
        self.state.load(Ordering::Relaxed) == VACANT
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::super::idle::{Awoken, Idle};
    use super::super::park::Rouse;
    use super::{GivenUp, Occupancy};
    use crate::primitive::cell::UnsafeCell;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicUsize, Ordering, fence};

    /// One seat, what belongs to it, and a queue that is only a count.
    struct World {
        idle: Idle,
        seat: Occupancy,
        /// loom sees to it that one thread at a time is here.
        core: UnsafeCell<u32>,
        queue: AtomicUsize,
        done: AtomicUsize,
    }

    // SAFETY: the seat decides who is at the core; that is what the models check.
    unsafe impl Sync for World {}
    // SAFETY: as above.
    unsafe impl Send for World {}

    impl World {
        fn new() -> Arc<World> {
            Arc::new(World {
                idle: Idle::new(1, 1),
                seat: Occupancy::held(),
                core: UnsafeCell::new(0),
                queue: AtomicUsize::new(0),
                done: AtomicUsize::new(0),
            })
        }

        fn use_core(&self) {
            // SAFETY: the caller holds the seat.
            self.core.with_mut(|core| unsafe { *core += 1 });
        }

        /// Does what waits, as the holder.
        fn work(&self) {
            self.use_core();
            let waiting = self.queue.swap(0, Ordering::Relaxed);
            self.done.fetch_add(waiting, Ordering::Relaxed);
        }

        /// Ends a search as whoever took the seat does; a search that was promised sees the push.
        fn after_taking(&self, awoken: Awoken) {
            if awoken == Awoken::Claimed {
                assert!(self.idle.work_found(0), "nobody else searches");
            }
            self.work();
        }

        /// The thread that was called.
        fn sit_down(&self) {
            if let Some(awoken) = self.seat.take(&self.idle, 0) {
                self.after_taking(awoken);
            }
        }

        fn push(&self) {
            self.queue.fetch_add(1, Ordering::Relaxed);
            fence(Ordering::SeqCst);
            if let Some(0) = self.idle.claim_sleeper() {
                if self.seat.sleeper.unpark() == Rouse::CallThread {
                    self.sit_down();
                }
            }
        }

        /// Blocks in place, and comes back; whether it has the seat then.
        fn block_in_place(&self) -> bool {
            self.use_core();
            if self.seat.give_up(&self.idle, 0, false) == GivenUp::Called
                || self.queue.load(Ordering::Relaxed) > 0
            {
                self.sit_down();
            }
            match self.seat.take(&self.idle, 0) {
                Some(awoken) => self.after_taking(awoken),
                None => return false,
            }
            true
        }
    }

    /// What was pushed while the seat was given up and taken back is done by one of the two, or seen by
    /// the holder.
    #[test]
    fn loom_a_push_races_a_seat_that_is_given_up() {
        loom::model(|| {
            let world = World::new();
            let pusher = {
                let world = world.clone();
                loom::thread::spawn(move || world.push())
            };
            let held = world.block_in_place();
            if held {
                world.work();
                // It lies down for good: what is pushed from now on would call a thread.
                let _ = world.seat.give_up(&world.idle, 0, false);
            }
            pusher.join().expect("the pusher ends");
            let left = world.queue.load(Ordering::Relaxed);
            assert!(left + world.done.load(Ordering::Relaxed) == 1);
            assert!(left == 0 || held, "a push was lost");
        });
    }

    /// The returning thread, the called one and the caller that has none: one of them has the seat, and the
    /// count of searchers comes out even.
    #[test]
    fn loom_a_seat_has_one_taker() {
        loom::model(|| {
            let world = World::new();
            world.use_core();
            assert_eq!(world.seat.give_up(&world.idle, 0, false), GivenUp::Quietly);
            assert_eq!(world.idle.claim_sleeper(), Some(0));
            assert_eq!(world.seat.sleeper.unpark(), Rouse::CallThread);
            let called = {
                let world = world.clone();
                loom::thread::spawn(move || world.sit_down())
            };
            let refused = {
                let world = world.clone();
                loom::thread::spawn(move || drop(world.seat.undo_call(&world.idle, 0)))
            };
            if let Some(awoken) = world.seat.take(&world.idle, 0) {
                world.after_taking(awoken);
            }
            called.join().expect("it ends");
            refused.join().expect("it ends");
            assert!(!world.idle.has_searchers(), "a searcher is left over");
        });
    }
}
