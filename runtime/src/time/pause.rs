//! Stopping and moving the clock, for tests.

use super::Duration;
use crate::clock::{self, Clock, Refusal};
use crate::coop::yield_once;
use crate::driver::wake_all;
use crate::primitive::sync::Arc;
use crate::scheduler::context;

/// Stops the clock of the current-thread runtime that is running.
///
/// From now on [`Instant::now`](super::Instant::now) answers with the same moment, until
/// [`advance`] moves it or [`resume`] lets it go on. While the clock stands and the runtime has
/// nothing to do but wait for timers, it jumps to the earliest of them: a test that sleeps for an
/// hour ends at once. It does not jump while a blocking closure of the runtime is under way.
///
/// `std::time::Instant` and what the operating system does, sockets for instance, are not affected.
///
/// # Panics
///
/// Panics if no runtime is running, if it is not a current-thread one, or if its clock is already
/// paused.
///
/// # Examples
///
/// ```
/// use runtime::time::{self, Duration, Instant};
///
/// #[runtime::main(flavor = "current_thread")]
/// async fn main() {
///     time::pause();
///     let start = Instant::now();
///     time::sleep(Duration::from_secs(3_600)).await;
///     assert_eq!(start.elapsed(), Duration::from_secs(3_600));
/// }
/// ```
#[track_caller]
pub fn pause() {
    if let Err(refusal) = pausable_clock().pause() {
        refused(refusal);
    }
}

/// Lets a paused clock go on from the moment it shows.
///
/// # Panics
///
/// Panics if no runtime is running, or if its clock is not paused.
///
/// # Examples
///
/// ```
/// use runtime::time;
///
/// #[runtime::main(flavor = "current_thread", start_paused = true)]
/// async fn main() {
///     time::resume();
///     time::sleep(time::Duration::from_millis(1)).await;
/// }
/// ```
#[track_caller]
pub fn resume() {
    if let Err(refusal) = pausable_clock().resume() {
        refused(refusal);
    }
}

/// Moves a paused clock forward by `duration`, and lets the tasks run that this wakes.
///
/// The clock takes a single step, so that a task whose sleep ended within sees the moment after it.
/// The future yields once, as [`yield_now`](crate::task::yield_now) does; a task that needs more than one poll to
/// act on its timer is not waited for. Sleeping instead moves the clock from one timer to the next.
///
/// A sleep counts from when it is made. That of a task which was spawned but has not run yet begins after the
/// step, unless the caller yields before. A sleep in a branch beside this future, in `join!` or `select!`,
/// is over with the step; its branch may have its turn only after this future is ready.
///
/// A step past the end of the clock stops there, some 584 years after its start.
///
/// # Panics
///
/// Panics when it is first polled, if no runtime is running or if its clock is not paused. A runtime with many
/// threads has no clock that can be paused.
///
/// # Cancel safety
///
/// The clock moves at the first poll and stays there.
///
/// # Examples
///
/// ```
/// use runtime::time::{self, Duration, Instant};
///
/// #[runtime::main(flavor = "current_thread", start_paused = true)]
/// async fn main() {
///     let start = Instant::now();
///     time::advance(Duration::from_secs(5)).await;
///     assert_eq!(start.elapsed(), Duration::from_secs(5));
/// }
/// ```
pub async fn advance(duration: Duration) {
    let clock = pausable_clock();
    if let Err(refusal) = clock.advance(duration) {
        refused(refusal);
    }
    let mut woken = Vec::new();
    context::timers().fire_due(clock.now_ns(), &mut woken);
    wake_all(&mut woken);
    yield_once().await;
}

#[track_caller]
fn pausable_clock() -> Arc<Clock> {
    // Panics if there is no runtime at all.
    context::timers();
    match clock::current() {
        Some(clock) => clock,
        None => refused(Refusal::NotPausable),
    }
}

#[track_caller]
fn refused(refusal: Refusal) -> ! {
    panic!(
        "{}",
        match refusal {
            Refusal::NotPausable =>
                "only a current-thread runtime can pause its clock: build it with \
                 `Builder::new_current_thread` or `flavor = \"current_thread\"`",
            Refusal::AlreadyPaused => "the clock is already paused: call `resume` first",
            Refusal::NotPaused => "the clock is not paused: call `pause` first",
        }
    )
}
