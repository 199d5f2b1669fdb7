//! Traits and helpers of asynchronous I/O, the standard streams, streams in memory, and foreign
//! descriptors.
//!
//! - [`AsyncRead`], [`AsyncWrite`], [`AsyncBufRead`] and [`AsyncSeek`] are the traits that our types implement. They have the
//!   names and the shape of `tokio::io`'s. Feature `io-util`, on by default, adds the extension traits, adapters
//!   and helpers of `tokio::io` (`AsyncReadExt`, `BufReader`, `copy`, `split` and so on), all of which
//!   take part in the [budget](crate::task::coop) where they would never wait.
//! - The same types implement the traits of `futures-io` (a feature, on by default), of real `tokio::io` (feature `tokio-io`)
//!   and of `hyper::rt` (feature `hyper`). A vectored read of `futures-io` from standard input or a
//!   file fills the first buffer alone.
//! - [`stdin`](fn@stdin), [`stdout`](fn@stdout) and [`stderr`](fn@stderr) are the standard streams.
//! - [`duplex`] and `simplex` are streams in memory, and [`copy_bidirectional`] connects any two streams.
//! - [`Interest`] and [`Ready`] say what one waits for and what has come.
//! - [`unix::AsyncFd`] makes any descriptor that the system can poll asynchronous.

mod cooperative;
mod copy_bidirectional;
#[cfg(any(feature = "net", feature = "process"))]
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "sockets use all of it")
)]
mod evented;
#[cfg(any(feature = "net", feature = "process"))]
pub(crate) mod evented_stream;
pub(crate) mod families;
mod interrupted;
mod memory;
mod stdio;
mod traits;
#[cfg(any(feature = "net", feature = "process"))]
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "sockets use all of it")
)]
mod transfer;
#[cfg(any(feature = "net", feature = "process"))]
mod uninit;
pub mod unix;
#[cfg(feature = "io-util")]
mod util;

pub use copy_bidirectional::{copy_bidirectional, copy_bidirectional_with_sizes};
pub use io_driver::{Interest, Ready};
#[cfg(feature = "io-util")]
pub use memory::simplex;
pub use memory::{DuplexStream, SimplexStream, duplex};
pub use std::io::{Error, ErrorKind, Result, SeekFrom};
pub use stdio::{Stderr, Stdin, Stdout, stderr, stdin, stdout};
pub use traits::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};
#[cfg(feature = "io-util")]
pub use util::*;

#[cfg(any(feature = "net", feature = "process"))]
pub(crate) use evented::Evented;
#[cfg(feature = "net")]
pub(crate) use uninit::append_uninit;
#[cfg(all(feature = "net", feature = "bytes"))]
pub(crate) use uninit::fill;
