//! Looking at a datagram that stays in the queue.

use std::io;
use std::net::SocketAddr;

use socket2::SockRef;

use super::UdpSocket;
use crate::io::{Evented, ReadBuf, append_uninit};
use crate::net::addr;
use crate::net::datagram::{in_three_forms, receiving_in_three_forms};
use crate::net::examples::receiving_datagram;

/// # Peeking
///
/// What is looked at stays in the queue, and the next call that receives takes it.
impl UdpSocket {
    receiving_in_three_forms! {
        /// Waits for a datagram of the connected peer, copies it into `buf` and returns how
        /// many bytes that was: the length of `buf` if the datagram is longer.
        peek, poll_peek, try_peek
        (buf) -> usize = |io| io.get_ref().peek(buf);
        append_peeked => ();
        receiving_datagram!(UdpSocket),
        "n", "assert_eq!(&buf[..n], b\"hello\");
    assert_eq!(socket.recv(&mut buf).await?, 5); // it is still there",
        "", ""
    }

    receiving_in_three_forms! {
        /// Waits for a datagram, copies it into `buf`, and returns how many bytes that was and
        /// who has sent it. The number is the length of `buf` if the datagram is longer.
        peek_from, poll_peek_from, try_peek_from
        (buf) -> (usize, SocketAddr) = |io| io.get_ref().peek_from(buf);
        append_peeked_from => SocketAddr;
        receiving_datagram!(UdpSocket),
        "(n, sender)", "assert_eq!(&buf[..n], b\"hello\");
    assert_eq!(sender, socket.peer_addr()?);",
        "let sender = ", "\nassert_eq!(sender, socket.peer_addr()?);"
    }

    in_three_forms! {
        /// Waits for a datagram and returns who has sent it.
        ///
        /// To decide by the sender what to do with the datagram, who takes part must be
        /// the only one that receives: with several tasks another may take it.
        peek_sender, poll_peek_sender, try_peek_sender: readable (READABLE, async_receive, poll_receive)
        () -> SocketAddr = |io| {
            let sender = SockRef::from(io.get_ref()).peek_sender();
            sender.and_then(addr::of_the_internet)
        };
        receiving_datagram!(UdpSocket),
        "sender" = [], "assert_eq!(sender, socket.peer_addr()?);"
    }
}

fn append_peeked(io: &Evented<mio::net::UdpSocket>, buf: &mut ReadBuf<'_>) -> io::Result<()> {
    let socket = SockRef::from(io.get_ref());
    // SAFETY: the system initialises as many bytes as it has copied.
    unsafe { append_uninit(buf, |free| Ok((socket.peek(free)?, ()))) }
}

fn append_peeked_from(
    io: &Evented<mio::net::UdpSocket>,
    buf: &mut ReadBuf<'_>,
) -> io::Result<SocketAddr> {
    let socket = SockRef::from(io.get_ref());
    // SAFETY: as in append_peeked().
    let sender = unsafe { append_uninit(buf, |free| socket.peek_from(free)) }?;
    addr::of_the_internet(sender)
}
