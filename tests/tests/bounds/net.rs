//! Sockets, halves, pipes and addresses.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use runtime::io::Interest;
use runtime::net::unix::{self, pipe};
use runtime::net::{
    TcpListener, TcpSocket, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixSocket,
    UnixStream, lookup_host, tcp,
};

use super::{IsNotUnpin as _, IsSend as _, IsSync as _, of};

table! {
    TcpListener:               1 1 1 1 1;
    TcpSocket:                 1 1 1 1 1;
    TcpStream:                 1 1 1 1 1;
    tcp::ReadHalf<'static>:    1 1 1 1 1;
    tcp::WriteHalf<'static>:   1 1 1 1 1;
    tcp::OwnedReadHalf:        1 1 1 1 1;
    tcp::OwnedWriteHalf:       1 1 1 1 1;
    tcp::ReuniteError:         1 1 1 1 1;
    UdpSocket:                 1 1 1 1 1;
    UnixDatagram:              1 1 1 1 1;
    UnixListener:              1 1 1 1 1;
    UnixSocket:                1 1 1 1 1;
    UnixStream:                1 1 1 1 1;
    unix::ReadHalf<'static>:   1 1 1 1 1;
    unix::WriteHalf<'static>:  1 1 1 1 1;
    unix::OwnedReadHalf:       1 1 1 1 1;
    unix::OwnedWriteHalf:      1 1 1 1 1;
    unix::ReuniteError:        1 1 1 1 1;
    unix::SocketAddr:          1 1 1 1 1;
    unix::UCred:               1 1 1 1 1;
    pipe::OpenOptions:         1 1 1 1 1;
    pipe::Sender:              1 1 1 1 1;
    pipe::Receiver:            1 1 1 1 1;
}

/// A socket that is never made: only the types of its futures matter.
fn any<T>() -> &'static T {
    unreachable!("it is asked for its type alone")
}

fn is_send_and_sync<F: Future + Send + Sync>(_: fn() -> F) {}

fn nothing() -> io::Result<()> {
    Ok(())
}

#[test]
fn futures_of_makers_can_be_sent() {
    let address: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let path = Path::new("/nowhere");
    futures! {
        TcpListener::bind(address) => 1 1 0;
        TcpStream::connect(address) => 1 1 0;
        UdpSocket::bind(address) => 1 1 0;
        lookup_host("localhost:1") => 1 1 0;
        TcpSocket::new_v4().unwrap().connect(address) => 1 1 0;
        UnixStream::connect(path) => 1 1 0;
        UnixSocket::new_stream().unwrap().connect(path) => 1 1 0;
    }
}

#[test]
fn futures_of_sockets_can_be_sent_and_shared() {
    is_send_and_sync(|| any::<TcpListener>().accept());
    is_send_and_sync(|| any::<TcpStream>().ready(Interest::READABLE));
    is_send_and_sync(|| any::<TcpStream>().readable());
    is_send_and_sync(|| any::<TcpStream>().async_io(Interest::READABLE, nothing));
    is_send_and_sync(|| any::<TcpStream>().peek(&mut []));
    is_send_and_sync(|| any::<tcp::OwnedWriteHalf>().writable());
    is_send_and_sync(|| any::<UdpSocket>().send(b""));
    is_send_and_sync(|| any::<UdpSocket>().recv_from(&mut []));
    is_send_and_sync(|| any::<UdpSocket>().peek_sender());
    is_send_and_sync(|| any::<UnixListener>().accept());
    is_send_and_sync(|| any::<UnixDatagram>().send_to(b"", "/nowhere"));
    is_send_and_sync(|| any::<UnixDatagram>().recv_from(&mut []));
    is_send_and_sync(|| any::<unix::OwnedReadHalf>().readable());
    is_send_and_sync(|| any::<pipe::Sender>().writable());
    is_send_and_sync(|| any::<pipe::Receiver>().readable());
}
