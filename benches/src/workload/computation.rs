//! Tasks that compute and nothing else.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::timed_in_task;
use crate::UnderTest;

pub(super) const PIECES: u32 = 4_000;
const PIECE: Duration = Duration::from_micros(10);

/// Many pieces of computation, each in a task of its own.
pub(super) fn parallel_cpu<R: UnderTest>(runtime: &R) -> Duration {
    LazyLock::force(&STEPS_PER_MILLISECOND);
    timed_in_task(runtime, async || {
        let pieces: Vec<_> = (0..PIECES)
            .map(|_| R::spawn(async { compute_for(PIECE) }))
            .collect();
        for piece in pieces {
            piece.await;
        }
    })
}

/// Computes for about this long, were the core all ours.
///
/// The amount of work is fixed for the process, whatever else the machine does: waiting
/// for a time to pass would hide the loss of a core to other threads.
pub fn compute_for(duration: Duration) {
    let steps = u128::from(*STEPS_PER_MILLISECOND) * duration.as_nanos() / 1_000_000;
    compute(steps as u64);
}

static STEPS_PER_MILLISECOND: LazyLock<u64> = LazyLock::new(|| {
    const STEPS: u64 = 100_000;
    let fastest = (0..20).map(|_| time_to_compute(STEPS)).min();
    let nanoseconds = fastest.expect("there were some").as_nanos() as u64;
    STEPS * 1_000_000 / nanoseconds
});

fn time_to_compute(steps: u64) -> Duration {
    let started = Instant::now();
    compute(steps);
    started.elapsed()
}

/// A chain of dependent multiplications that no compiler shortens.
fn compute(steps: u64) {
    let mut state = black_box(0x9E37_79B9_7F4A_7C15_u64);
    for _ in 0..steps {
        state = state.wrapping_mul(0xD129_0691_5851_F42D).rotate_left(17) ^ 1;
    }
    black_box(state);
}
