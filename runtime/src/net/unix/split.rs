//! The halves of a Unix stream.

use super::{SocketAddr, UnixStream};
use crate::net::split::{borrowed_halves, owned_halves};

borrowed_halves!(UnixStream, mio::net::UnixStream, SocketAddr);
owned_halves!(UnixStream, mio::net::UnixStream, SocketAddr);
