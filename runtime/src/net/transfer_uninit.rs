//! Reads from a socket into memory that nobody has initialised, which `tokio::io`
//! and `hyper::rt` hand out.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsFd;
use std::task::{Context, Poll};

use io_driver::{Direction, Source};
use socket2::SockRef;

use crate::io::Evented;

/// Reads into memory that need not be initialised. The first bytes of `buf`, as many as
/// returned, are initialised then.
pub(super) fn poll_read_uninit<S: Source + AsFd>(
    socket: &Evented<S>,
    cx: &mut Context<'_>,
    buf: &mut [MaybeUninit<u8>],
) -> Poll<io::Result<usize>> {
    let wanted = buf.len();
    socket.poll_transfer(cx, Direction::Read, wanted, || {
        SockRef::from(socket.get_ref()).recv(buf)
    })
}
