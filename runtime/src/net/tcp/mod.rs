//! The halves of a TCP stream; the stream itself and the listener are in [`net`](super).

mod futures_io;
#[macro_use]
mod half_methods;
#[cfg(feature = "hyper")]
mod hyper;
pub(super) mod listener;
mod open;
mod split;
mod split_owned;
pub(super) mod stream;
mod stream_options;
#[cfg(feature = "tokio-io")]
mod tokio_io;

pub use split::{ReadHalf, WriteHalf};
pub use split_owned::{OwnedReadHalf, OwnedWriteHalf, ReuniteError};

use stream::TcpStream;
