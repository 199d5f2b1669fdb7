//! One listener's way from the signal handler to the reactor.
//!
//! The handler may do next to nothing: it sets a mark and, if the mark was not set, writes one byte into a
//! socket pair that the listener's reactor watches. So there is at most one byte under way, the write
//! never fails for want of room, and `errno` stays as the interrupted code has it. The listener reads
//! the byte, then takes the mark away, then tells of the signal: what arrives before the mark is gone is told
//! together with it, what arrives later writes another byte.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::task::{Context, Poll, ready};

use io_driver::{Direction, FdSource, Interest};
use signal_hook_registry::SigId;

use crate::current::Origin;
use crate::io::Evented;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub(super) struct Listener {
    action: SigId,
    bell: Arc<Bell>,
    hearer: Evented<FdSource<UnixStream>>,
}

/// What the handler touches.
#[derive(Debug)]
struct Bell {
    rung: AtomicBool,
    wire: UnixStream,
    origin: Origin,
}

impl Bell {
    /// Called by the signal handler.
    fn ring(&self) {
        // A fork shares the socket pair with its parent, which has got no signal.
        // AcqRel: what was done before the signal is seen by whoever hears of it.
        if self.origin.is_here() && !self.rung.swap(true, Ordering::AcqRel) {
            // An error: nobody listens any more.
            let _ = (&self.wire).write(&[1]);
        }
    }
}

impl Listener {
    #[track_caller]
    pub(super) fn new(signal: i32) -> io::Result<Self> {
        let (hearer, wire) = UnixStream::pair()?;
        hearer.set_nonblocking(true)?;
        wire.set_nonblocking(true)?;
        let hearer = Evented::new(FdSource::new(hearer), Interest::READABLE)?;
        let bell = Arc::new(Bell {
            rung: AtomicBool::new(false),
            wire,
            origin: Origin::here(),
        });
        let ringer = bell.clone();
        // SAFETY: the action swaps an atomic and writes to a descriptor, both of which a signal
        // handler may do.
        let action = unsafe { signal_hook_registry::register(signal, move || ringer.ring())? };
        Ok(Listener {
            action,
            bell,
            hearer,
        })
    }

    pub(super) fn poll_rung(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut byte = [0];
        let read = || (&**self.hearer.get_ref()).read(&mut byte);
        let read = ready!(self.hearer.poll_io(cx, Direction::Read, read));
        if let Err(error) = read {
            // The bell is ours, so the pair cannot be closed: it is the runtime that is gone.
            panic!("nobody can wait for a signal here any more: {error}");
        }
        self.bell.rung.store(false, Ordering::Release);
        Poll::Ready(())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        signal_hook_registry::unregister(self.action);
    }
}
