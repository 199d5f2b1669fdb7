//! A worker that blocks on purpose gives its seat up for the while: queue, slot and wheel stay in it, and
//! another thread may take it.
//!
//! To all others the seat sleeps (`occupancy.rs`). So a thread comes only if it is needed: for a task that
//! waits and that nobody awake or asleep can take, or for a duty that nobody turns to. If none has come by the time
//! the thread is back it takes its seat again, as if nothing had been. Else it goes on with its poll as a thread
//! without a seat, whose wakes and spawns go to the injector, and waits on the bench afterwards.
//!
//! The thread is not watched while it blocks, as it stops nobody.

use std::cell::Cell;
use std::ptr;

use super::idle::Awoken;
use super::occupancy::GivenUp;
use super::shared::Shared;
use super::worker::{Stage, Worker};
use crate::primitive::sync::atomic::{Ordering, fence};
use crate::roster::{self, Post};
use crate::{clock, coop, current};

thread_local! {
    /// The scheduler on whose bench this thread is expected, since it has lost its seat; it is a worker's, which is
    /// on the stack below.
    static EXPECTED: Cell<*const Shared> = const { Cell::new(ptr::null()) };
}

/// Comes back to the seat when dropped, also by a panic.
struct Away<'a> {
    worker: &'a Worker,
    task: u64,
    /// The seat's count of sittings when it was given up.
    sittings: u64,
}

impl Worker {
    /// Runs `f`, which may block this thread.
    pub(super) fn block_in_place<R>(&self, f: impl FnOnce() -> R) -> R {
        let _may_block = current::stop_driving();
        let _away = self.may_give_up_seat().then(|| self.give_up_seat());
        coop::with_unconstrained(f)
    }

    /// Hooks and wakers of the user's may block too, in the midst of what this worker does for itself. At the
    /// end nobody would come.
    fn may_give_up_seat(&self) -> bool {
        self.stage.get() == Stage::Polling && !self.shared.is_shutting_down()
    }

    fn give_up_seat(&self) -> Away<'_> {
        let (shared, seat, core) = (&self.shared, self.seat(), self.core());
        if let Some(task) = seat.slot.take() {
            core.deque.push(task);
        }
        let now = clock::now_ns();
        self.end_stretch(now);
        let due = seat.timers.refresh_next_due();
        let away = Away {
            worker: self,
            task: current::task(),
            sittings: core.sittings.get(),
        };
        seat.watched.end_poll();
        seat.watched.unbind();
        roster::go_to(Post::InPlace(away.task), now);
        self.set_current(false);
        let given_up = seat.occupancy.give_up(&shared.idle, seat.index, false);
        // From here on the core may be another thread's.
        shared.duties[shared.duties.of_seat(seat.index)]
            .poller
            .wake_before(due);
        self.see_to_the_rest(given_up);
        away
    }

    /// Calls whoever is needed while this thread is away.
    fn see_to_the_rest(&self, given_up: GivenUp) {
        let (shared, index) = (&self.shared, self.seat().index);
        if given_up == GivenUp::Called {
            shared.call_thread_to(index);
        } else if shared.has_visible_work() {
            shared.wake_one();
        }
        shared.man_duties();
        // SeqCst: a seat that is given up against the end; pairs with close_vacant_seats().
        fence(Ordering::SeqCst);
        if shared.is_shutting_down() {
            shared.close_if_vacant(self.seat());
        }
    }

    fn come_back(&self, away: &Away<'_>) {
        let (shared, seat) = (&self.shared, self.seat());
        let now = clock::now_ns();
        let Some(awoken) = seat.occupancy.take(&shared.idle, seat.index) else {
            self.stage.set(Stage::Over);
            roster::go_to(Post::WithoutSeat(away.task), now);
            expect_on_bench(shared);
            return;
        };
        self.set_current(true);
        shared.vigil.worker_got_up();
        match self.core().sittings.get() == away.sittings {
            true => seat.watched.bind_stack(),
            false => self.count_sitting(),
        }
        seat.watched.resume_poll(away.task);
        roster::go_to(Post::Seat(seat.index), now);
        self.core().pace.start(now);
        if awoken == Awoken::Claimed {
            // Somebody was promised a searcher; this thread has its poll to go on with.
            self.end_search();
        }
    }
}

/// Runs `f`, which may block a thread that holds no seat of `shared`.
pub(super) fn block_without_seat<R>(shared: &Shared, f: impl FnOnce() -> R) -> R {
    struct Expect<'a>(&'a Shared);
    impl Drop for Expect<'_> {
        fn drop(&mut self) {
            expect_on_bench(self.0);
        }
    }
    let _may_block = current::stop_driving();
    let is_expected = ptr::eq(EXPECTED.get(), shared);
    let _expect = is_expected.then(|| {
        no_longer_expected(shared);
        Expect(shared)
    });
    let _in_place = InPlace::new();
    coop::with_unconstrained(f)
}

/// Goes back to where the thread was when dropped.
struct InPlace(Option<Post>);

impl InPlace {
    fn new() -> Self {
        InPlace(roster::go_to(
            Post::InPlace(current::task()),
            clock::now_ns(),
        ))
    }
}

impl Drop for InPlace {
    fn drop(&mut self) {
        if let Some(post) = self.0 {
            roster::go_to(post, clock::now_ns());
        }
    }
}

fn expect_on_bench(shared: &Shared) {
    EXPECTED.set(shared);
    shared.bench.comes_back();
}

/// For a thread that blocks on its way to the bench.
fn no_longer_expected(shared: &Shared) {
    EXPECTED.set(ptr::null());
    shared.bench.has_come_back();
}

/// For a thread that goes to the bench: whether it is expected there.
pub(super) fn arrive_at_bench() -> bool {
    !EXPECTED.replace(ptr::null()).is_null()
}

impl Drop for Away<'_> {
    fn drop(&mut self) {
        self.worker.come_back(self);
    }
}
