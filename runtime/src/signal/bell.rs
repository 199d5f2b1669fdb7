//! What a signal handler rings, so that a thread or a reactor that watches the other end of the wire
//! wakes up.
//!
//! The handler may do next to nothing: it sets a mark and, if the mark was not set, writes one byte into the
//! wire. So there is at most one byte under way, the write never fails for want of room, and `errno` stays as the
//! interrupted code has it. Who hears the byte takes it out of the wire, then calls [`Bell::heard`], which takes
//! the mark away, then does what the ringing is for: what happens before the mark is gone is dealt
//! with at once, what happens later writes another byte.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;

#[cfg(feature = "process")]
use signal_hook_registry::SigId;

use crate::current::Origin;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub(crate) struct Bell {
    rung: AtomicBool,
    wire: UnixStream,
    origin: Origin,
}

impl Bell {
    /// Makes a bell, and the end of its wire at which it is heard. Neither end blocks.
    pub(crate) fn new() -> io::Result<(Arc<Self>, UnixStream)> {
        let (hearer, wire) = UnixStream::pair()?;
        hearer.set_nonblocking(true)?;
        wire.set_nonblocking(true)?;
        let bell = Bell {
            rung: AtomicBool::new(false),
            wire,
            origin: Origin::here(),
        };
        Ok((Arc::new(bell), hearer))
    }

    /// Rings; signal handlers may call it, too.
    pub(crate) fn ring(&self) {
        // A fork shares the wire with its parent, which nothing has happened to.
        // AcqRel: what was done before the ringing is seen by whoever hears of it.
        if self.is_here() && !self.rung.swap(true, Ordering::AcqRel) {
            // An error: nobody listens any more.
            let _ = (&self.wire).write(&[1]);
        }
    }

    /// Lets the next ringing write another byte.
    pub(crate) fn heard(&self) {
        // AcqRel: sees what was done before the ringing that this byte stands for, and any that found
        // the mark set.
        self.rung.swap(false, Ordering::AcqRel);
    }

    /// Whether this is the process it was made in, and not a fork.
    pub(crate) fn is_here(&self) -> bool {
        self.origin.is_here()
    }

    /// Rings at each arrival of a signal until the answer is dropped.
    #[cfg(feature = "process")]
    pub(crate) fn ring_at(self: &Arc<Self>, signal: i32) -> io::Result<Ringing> {
        let bell = self.clone();
        // SAFETY: the action swaps an atomic and writes to a descriptor, both of which a signal
        // handler may do.
        let action = unsafe { signal_hook_registry::register(signal, move || bell.ring())? };
        Ok(Ringing { action })
    }
}

/// A bell that rings at a signal.
#[cfg(feature = "process")]
#[derive(Debug)]
#[must_use = "the bell rings until it is dropped"]
pub(crate) struct Ringing {
    action: SigId,
}

#[cfg(feature = "process")]
impl Drop for Ringing {
    fn drop(&mut self) {
        signal_hook_registry::unregister(self.action);
    }
}
