//! In which process this is: a fork has the memory of a driver, but not the threads that use it.
//!
//! A lock that one of them held stays locked in the fork, and the poll's descriptor is shared with the
//! parent. So whatever takes a lock or changes what is polled asks here first.

use std::process;

/// The process in which a driver was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process {
    generation: fn() -> u32,
    made_in: u32,
    id: u32,
}

impl Process {
    /// This process. `generation` answers with another number in each fork.
    pub(crate) fn here(generation: fn() -> u32) -> Process {
        Process {
            generation,
            made_in: generation(),
            id: process::id(),
        }
    }

    /// Whether this is a fork, as far as the generation tells.
    #[inline]
    pub(crate) fn is_forked(self) -> bool {
        (self.generation)() != self.made_in
    }

    /// Whether this is another process, be it a child of the bare system call that no
    /// generation counts. Costs a system call.
    pub(crate) fn is_another(self) -> bool {
        self.is_forked() || process::id() != self.id
    }

    /// One that is never forked.
    #[cfg(test)]
    pub(crate) const ONLY: Process = Process {
        generation: || 0,
        made_in: 0,
        id: 0,
    };
}
