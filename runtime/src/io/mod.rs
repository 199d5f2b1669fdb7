//! Traits and helpers of asynchronous I/O, the standard streams, streams in memory, and foreign
//! descriptors.
//!
//! - [`AsyncRead`], [`AsyncWrite`], [`AsyncBufRead`] and [`AsyncSeek`] are the traits of
//!   `futures-io`, which our types implement. Feature `io-util`, on by default, adds the extension traits
//!   and helpers of `futures-lite` (`AsyncReadExt`, `BufReader`, `copy`, `split` and so on). Who
//!   prefers those of `tokio::io` turns feature `tokio-io` on and finds them in `runtime::tokio_io`.
//! - [`stdin`](fn@stdin), [`stdout`](fn@stdout) and [`stderr`](fn@stderr) are the standard streams.
//! - [`duplex`] and `simplex` are streams in memory, and [`copy_bidirectional`] connects any two streams.
//! - [`Interest`] and [`Ready`] say what one waits for and what has come.
//! - [`unix::AsyncFd`] makes any descriptor that the system can poll asynchronous.

mod cooperative;
mod copied;
mod copy_bidirectional;
#[cfg(any(feature = "net", feature = "process"))]
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "sockets use all of it")
)]
mod evented;
#[cfg(any(feature = "net", feature = "process"))]
pub(crate) mod families;
mod memory;
mod stdio;
#[cfg(any(feature = "net", feature = "process"))]
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "sockets use all of it")
)]
mod transfer;
#[cfg(any(
    all(feature = "net", feature = "bytes"),
    all(
        any(feature = "net", feature = "process"),
        any(feature = "hyper", feature = "tokio-io")
    )
))]
mod uninit;
pub mod unix;
#[cfg(feature = "io-util")]
mod util;

pub use copy_bidirectional::{copy_bidirectional, copy_bidirectional_with_sizes};
pub use futures_io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};
pub use io_driver::{Interest, Ready};
#[cfg(feature = "io-util")]
pub use memory::simplex;
pub use memory::{DuplexStream, SimplexStream, duplex};
pub use std::io::{Error, ErrorKind, Result, SeekFrom};
pub use stdio::{Stderr, Stdin, Stdout, stderr, stdin, stdout};
#[cfg(feature = "io-util")]
pub use util::*;

#[cfg(any(feature = "net", feature = "process"))]
pub(crate) use evented::Evented;
#[cfg(all(feature = "net", feature = "bytes"))]
pub(crate) use uninit::fill;
