//! Sockets that wait without blocking a thread.
//!
//! The types follow [`std::net`] with asynchronous methods in place of blocking ones:
//!
//! - [`TcpListener`] and [`TcpStream`] speak TCP;
//! - [`ToSocketAddrs`] is what they take as an address, and [`lookup_host`] resolves one by itself.
//!
//! A socket belongs to the runtime in whose context it was made, which watches it for readiness. It
//! may be used from any task or thread, also of another runtime. When its own runtime is gone, its
//! operations answer with an error.
//!
//! Streams and their halves implement the traits of `futures-io`; with feature `tokio-io` those of
//! `tokio::io`, with feature `hyper` those of `hyper::rt` as well.

mod addr;
mod conversions;
mod methods;
mod open;
mod split;
pub mod tcp;

pub use addr::{ToSocketAddrs, lookup_host};
pub use tcp::listener::TcpListener;
pub use tcp::stream::TcpStream;
