//! The halves of a TCP stream; the stream itself, the listener and the socket that
//! becomes one of them are in [`net`](super).

pub(super) mod listener;
pub(super) mod socket;
mod socket_options;
mod split;
pub(super) mod stream;
mod stream_options;

pub use split::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};

use listener::TcpListener;
use socket::TcpSocket;
use stream::TcpStream;
