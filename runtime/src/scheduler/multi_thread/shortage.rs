//! Whether a thread was wanted and could not be had, which has the monitor look again soon.
//!
//! | state | meaning | left by |
//! |---|---|---|
//! | `NONE` | none was wanted in vain | whoever is refused one: it wakes the monitor |
//! | `LOOKED_AT` | the monitor sees to it just now | who is refused one, the monitor too: nobody is woken; the monitor, if nobody was |
//! | `TOLD` | the monitor looks at the next sample, which comes soon | the monitor |

use crate::primitive::sync::atomic::{AtomicU32, Ordering};

const NONE: u32 = 0;
const LOOKED_AT: u32 = 1;
const TOLD: u32 = 2;

/// Relaxed throughout: what is looked at is behind the lock of the bench.
#[derive(Debug)]
pub(super) struct Shortage(AtomicU32);

impl Shortage {
    pub(super) fn none() -> Self {
        Shortage(AtomicU32::new(NONE))
    }

    /// Notes that somebody was refused a thread; whether the monitor must be woken.
    #[must_use]
    pub(super) fn tell(&self) -> bool {
        self.0.swap(TOLD, Ordering::Relaxed) == NONE
    }

    pub(super) fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed) == TOLD
    }

    /// For the monitor: sees to what was told; whether anything was.
    pub(super) fn start_look(&self) -> bool {
        self.0.swap(LOOKED_AT, Ordering::Relaxed) == TOLD
    }

    /// For the monitor, when it has seen to everything.
    pub(super) fn end_look(&self) {
        // Fails if somebody was refused one meanwhile.
        let _ = self
            .0
            .compare_exchange(LOOKED_AT, NONE, Ordering::Relaxed, Ordering::Relaxed);
    }
}
