//! What goes with Unix sockets: halves of streams, addresses, credentials; and pipes.
//!
//! The sockets themselves are in [`net`](super).

mod address;
mod credentials;
pub(super) mod datagram;
pub(super) mod listener;
pub mod pipe;
pub(super) mod socket;
mod split;
pub(super) mod stream;

pub use address::SocketAddr;
pub use credentials::{UCred, gid_t, pid_t, uid_t};
pub use split::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf};

use datagram::UnixDatagram;
use listener::UnixListener;
use stream::UnixStream;
