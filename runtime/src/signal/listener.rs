//! One listener's way from the signal handler to the reactor, which watches the wire of a [`Bell`].

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::task::{Context, Poll, ready};

use io_driver::{Direction, FdSource, Interest};

use super::bell::{Bell, Ringing};
use crate::io::Evented;
use crate::primitive::sync::Arc;

#[derive(Debug)]
pub(super) struct Listener {
    bell: Arc<Bell>,
    hearer: Evented<FdSource<UnixStream>>,
    _ringing: Ringing,
}

impl Listener {
    #[track_caller]
    pub(super) fn new(signal: i32) -> io::Result<Self> {
        let (bell, hearer) = Bell::new()?;
        let hearer = Evented::new(FdSource::new(hearer), Interest::READABLE)?;
        let ringing = bell.ring_at(signal)?;
        Ok(Listener {
            bell,
            hearer,
            _ringing: ringing,
        })
    }

    /// Fails if the runtime is gone: the pair cannot be closed otherwise, as the bell is ours.
    pub(super) fn poll_rung(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut byte = [0];
        let read = || (&**self.hearer.get_ref()).read(&mut byte);
        ready!(self.hearer.poll_io(cx, Direction::Read, read))?;
        self.bell.heard();
        Poll::Ready(Ok(()))
    }
}
