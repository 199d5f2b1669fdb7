//! The halves of a TCP stream; the stream itself and the listener are in [`net`](super).

pub(super) mod listener;
mod split;
pub(super) mod stream;
mod stream_options;

pub use split::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};

use stream::TcpStream;
