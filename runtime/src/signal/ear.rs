//! A reactor's place at the wire.
//!
//! An ear is armed by leaving its own waker with the reactor. That waker tells the listeners, where a
//! reactor's wakers are woken: in the thread that turns it, without a lock. A reactor that is shut
//! down wakes its ear as well, which then takes itself off.

use std::io;
use std::os::fd::AsRawFd;
use std::task::{Context, Poll, Wake, Waker};

use io_driver::{Direction, Handle, Interest, Registration, SourceFd};

use super::wire::Wire;
use crate::primitive::sync::Arc;

pub(super) struct Ear {
    wire: &'static Wire,
    registration: Registration,
}

impl Ear {
    pub(super) fn new(wire: &'static Wire, reactor: &Handle) -> io::Result<Ear> {
        let fd = wire.hearer().as_raw_fd();
        let registration = reactor.register(&mut SourceFd(&fd), Interest::READABLE)?;
        Ok(Ear { wire, registration })
    }

    pub(super) fn is_of(&self, reactor: &Handle) -> bool {
        self.registration.handle().is_same(reactor)
    }

    /// Whether this is the process that listens, and not a fork of it.
    pub(super) fn is_here(&self) -> bool {
        self.wire.is_here()
    }

    /// Says so if the reactor is shut down. It is before the listeners are told to look.
    pub(super) fn error(&self) -> Option<io::Error> {
        self.registration.closed().map(io::Error::from)
    }

    /// Tells what has arrived, and waits for more.
    pub(super) fn listen(self: &Arc<Self>) {
        if !self.is_here() {
            return;
        }
        let waker = Waker::from(self.clone());
        let mut cx = Context::from_waker(&waker);
        while let Poll::Ready(event) = self.registration.poll_ready(&mut cx, Direction::Read) {
            match event {
                Ok(event) => {
                    self.registration.clear_readiness(event);
                    self.wire.hear();
                }
                Err(_) => return self.end(),
            }
        }
    }

    #[cold]
    fn end(self: &Arc<Self>) {
        if self.wire.take_off(self) {
            // An error: the reactor watches it no longer.
            let fd = self.wire.hearer().as_raw_fd();
            let _ = self.registration.deregister(&mut SourceFd(&fd));
        }
    }
}

impl Wake for Ear {
    fn wake(self: Arc<Self>) {
        self.listen();
    }
}
