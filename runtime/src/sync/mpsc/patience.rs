//! Waiting for a sender that is between two instructions: it runs no user code there.

use crate::primitive::thread;

/// Looks before the thread yields.
const SPINS: u32 = if cfg!(runtime_loom) { 0 } else { 64 };

/// Spins at first, and then yields the thread.
#[derive(Debug, Default)]
pub(super) struct Patience {
    spun: u32,
}

impl Patience {
    #[cold]
    pub(super) fn wait(&mut self) {
        if self.spun < SPINS {
            self.spun += 1;
            std::hint::spin_loop();
        } else {
            thread::yield_now();
        }
    }
}
