//! Collects what a pipe brings, to its end.

use std::io;
use std::task::{Context, Poll, ready};

use io_driver::Direction;
use mio::unix::pipe::Receiver;

use crate::io::Evented;
use crate::util::system::bytes::read_to_room;

/// The room for one read: as much as a pipe holds on Linux.
const ROOM: usize = 64 << 10;

/// The first room: most children say little.
const LITTLE_ROOM: usize = 1 << 10;

/// What came out of a pipe so far.
#[derive(Debug)]
pub(super) struct Collector {
    /// `None` at the end of the stream.
    pipe: Option<Evented<Receiver>>,
    bytes: Vec<u8>,
}

impl Collector {
    /// Without a pipe it has collected nothing, and everything.
    pub(super) fn new(pipe: Option<Evented<Receiver>>) -> Self {
        let bytes = Vec::new();
        Collector { pipe, bytes }
    }

    /// Reads until the end of the stream.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(pipe) = &self.pipe {
            make_room(&mut self.bytes);
            let room = self.bytes.capacity() - self.bytes.len();
            let bytes = &mut self.bytes;
            let read = || read_to_room(pipe.get_ref(), bytes);
            if ready!(pipe.poll_transfer(cx, Direction::Read, room, read))? == 0 {
                self.pipe = None;
            }
        }
        Poll::Ready(Ok(()))
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

fn make_room(bytes: &mut Vec<u8>) {
    if bytes.len() == bytes.capacity() {
        let wanted = if bytes.is_empty() { LITTLE_ROOM } else { ROOM };
        bytes.reserve(wanted);
    }
}
