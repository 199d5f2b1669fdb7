//! Which of `Send`, `Sync`, `Unpin` and the unwind traits each type has.

use std::panic::{RefUnwindSafe, UnwindSafe};

use runtime::net::tcp::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};
use runtime::net::{TcpListener, TcpStream, lookup_host};

fn holds<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}
fn is_send<T: Send>(_: fn() -> T) {}

fn opened() -> (TcpListener, TcpStream) {
    unreachable!("only its type matters")
}

#[test]
fn types_can_be_sent_shared_moved_and_carried_past_a_panic() {
    holds::<TcpListener>();
    holds::<TcpStream>();
    holds::<ReadHalf<'_>>();
    holds::<WriteHalf<'_>>();
    holds::<OwnedReadHalf>();
    holds::<OwnedWriteHalf>();
    holds::<ReuniteError>();
}

#[test]
fn futures_can_be_sent() {
    is_send(|| TcpListener::bind("localhost:0"));
    is_send(|| TcpStream::connect(("localhost", 0)));
    is_send(|| lookup_host(String::new()));
    is_send(|| async { opened().0.accept().await.map(drop) });
    is_send(|| async { opened().1.readable().await });
    is_send(|| async { opened().1.peek(&mut [0]).await });
    is_send(|| async { opened().1.into_split().1.writable().await });
}
