//! Sockets that wait without blocking a thread.
//!
//! The types follow [`std::net`] with asynchronous methods in place of blocking ones:
//!
//! - [`TcpListener`] and [`TcpStream`] speak TCP, and [`TcpSocket`] becomes one of them after its
//!   options are set;
//! - [`UdpSocket`] speaks UDP;
//! - [`UnixListener`], [`UnixStream`], [`UnixDatagram`] and [`UnixSocket`] do the same between
//!   processes of one machine, and [`unix::pipe`] has pipes;
//! - [`ToSocketAddrs`] is what they take as an address, and [`lookup_host`] resolves one by itself.
//!
//! A socket belongs to the runtime in whose context it was made, which watches it for readiness. It
//! may be used from any task or thread, also of another runtime. When its own runtime is gone, its
//! operations answer with an error.
//!
//! Streams, their halves and pipes implement the traits of [`io`](crate::io); with feature `futures-io` those of
//! that crate, with feature `tokio-io` those of real `tokio::io`, with feature `hyper` those of `hyper::rt` as well.
//! Feature `bytes`, which `io-util` turns on, adds the methods that append to a `BufMut`.

mod addr;
mod conversions;
mod datagram;
mod examples;
mod ip_options;
mod methods;
mod open;
mod split;
pub mod tcp;
mod udp;
pub mod unix;

pub use addr::{ToSocketAddrs, lookup_host};
pub use tcp::listener::TcpListener;
pub use tcp::socket::TcpSocket;
pub use tcp::stream::TcpStream;
pub use udp::socket::UdpSocket;
pub use unix::datagram::UnixDatagram;
pub use unix::listener::UnixListener;
pub use unix::socket::UnixSocket;
pub use unix::stream::UnixStream;
