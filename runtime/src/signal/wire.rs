//! The one way of all signals of a process: from the handlers through the wire of a [`Bell`] to the
//! reactors, and from there to the listeners.
//!
//! Each reactor in whose runtime anybody has listened watches the same end of the wire, by an
//! [`Ear`]. So listeners cost no descriptors, and the process two. Whichever reactor comes first takes
//! the byte out of the wire and tells the listeners of all runtimes.
//!
//! A fork has a wire of its own: that of its parent would ring in the parent, and the parent's
//! listeners are not there to be told. What it inherits is left as it is, since locks may be held.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::ptr;
use std::task::Waker;

use io_driver::Handle;
use libc::c_int;

use super::arrivals::{Arrivals, SIGNALS};
use super::bell::Bell;
use super::ear::Ear;
use crate::driver::wake_all;
use crate::primitive::sync::atomic::{AtomicPtr, Ordering};
use crate::primitive::sync::{Arc, Mutex};

pub(super) struct Wire {
    bell: Arc<Bell>,
    hearer: UnixStream,
    arrivals: [Arrivals; SIGNALS],
    /// One for each reactor that is not shut down.
    ears: Mutex<Vec<Arc<Ear>>>,
}

/// The wire of this process, once somebody has listened; or its parent's.
static WIRE: AtomicPtr<Wire> = AtomicPtr::new(ptr::null_mut());

impl Wire {
    /// The wire of this process, which the first listener lays.
    pub(super) fn here() -> io::Result<&'static Wire> {
        // Acquire: pairs with the exchange in `lay`.
        let wire = WIRE.load(Ordering::Acquire);
        // SAFETY: what is published is never freed.
        match unsafe { wire.as_ref() } {
            Some(here) if here.is_here() => Ok(here),
            _ => Wire::lay(wire),
        }
    }

    /// Lays a new wire, unless another thread is faster. No lock: a fork would find it held.
    #[cold]
    fn lay(instead_of: *mut Wire) -> io::Result<&'static Wire> {
        let (bell, hearer) = Bell::new().map_err(|error| no_wire(&error))?;
        let wire = Box::into_raw(Box::new(Wire {
            bell,
            hearer,
            arrivals: std::array::from_fn(|_| Arrivals::default()),
            ears: Mutex::new(Vec::new()),
        }));
        // AcqRel: publishes the wire, or sees another's; pairs with `here`.
        match WIRE.compare_exchange(instead_of, wire, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: it is published now, and never freed.
            Ok(_) => Ok(unsafe { &*wire }),
            Err(faster) => {
                // SAFETY: nobody else has seen ours, and what is published is never freed.
                let (ours, theirs) = unsafe { (Box::from_raw(wire), &*faster) };
                drop(ours);
                Ok(theirs)
            }
        }
    }

    pub(super) fn is_here(&self) -> bool {
        self.bell.is_here()
    }

    pub(super) fn hearer(&self) -> &UnixStream {
        &self.hearer
    }

    /// Lets `signal`, a number below [`SIGNALS`], be heard of, and answers with its arrivals.
    pub(super) fn catch(&'static self, signal: c_int) -> io::Result<&'static Arrivals> {
        let arrivals = &self.arrivals[signal as usize];
        arrivals.catch(signal, || self.bell.ring())?;
        Ok(arrivals)
    }

    /// The ear of this reactor.
    pub(super) fn ear(&'static self, reactor: &Handle) -> io::Result<Arc<Ear>> {
        let mut ears = self.ears.lock();
        if let Some(ear) = ears.iter().find(|ear| ear.is_of(reactor)) {
            return Ok(ear.clone());
        }
        let ear = Arc::new(Ear::new(self, reactor)?);
        ears.push(ear.clone());
        drop(ears);
        // What it hears at once wakes user code: not under the lock.
        ear.listen();
        Ok(ear)
    }

    /// Tells all listeners of what has arrived, if no other reactor is about to.
    pub(super) fn hear(&self) {
        if let Ok(1) = (&self.hearer).read(&mut [0]) {
            self.bell.heard();
            self.wake(Arrivals::tell);
        }
    }

    /// Takes the ear of a reactor that is shut down off, and lets its listeners look. False if somebody has
    /// done so.
    pub(super) fn take_off(&self, ear: &Arc<Ear>) -> bool {
        let mut ears = self.ears.lock();
        let place = ears.iter().position(|one| Arc::ptr_eq(one, ear));
        let taken = place.map(|place| ears.swap_remove(place));
        drop(ears);
        if taken.is_some() {
            self.wake(Arrivals::take_wakers);
        }
        taken.is_some()
    }

    fn wake(&self, whom: impl Fn(&Arrivals, &mut Vec<Waker>)) {
        let mut woken = Vec::new();
        for arrivals in &self.arrivals {
            whom(arrivals, &mut woken);
        }
        wake_all(&mut woken);
    }
}

#[cold]
fn no_wire(error: &io::Error) -> io::Error {
    let message = format!(
        "the first listener for a signal takes two descriptors ({error}): raise the limit, or listen \
         before all descriptors are in use; later listeners take none"
    );
    io::Error::new(error.kind(), message)
}
