//! Readiness, foreign descriptors, and the vocabulary of asynchronous I/O.
//!
//! - [`AsyncRead`], [`AsyncWrite`], [`AsyncBufRead`] and [`AsyncSeek`] are the traits of
//!   `futures-io`, which our types implement. Their extension methods and helpers come from
//!   `futures-lite` or `futures-util`. Who prefers those of `tokio::io` turns feature `tokio-io` on
//!   and finds them in `runtime::tokio_io`.
//! - [`Interest`] and [`Ready`] say what one waits for and what has come.
//! - [`unix::AsyncFd`] makes any descriptor that the system can poll asynchronous.

mod cooperative;
#[cfg(any(feature = "net", feature = "signal"))]
#[cfg_attr(
    not(feature = "net"),
    allow(dead_code, reason = "sockets use all of it")
)]
mod evented;
#[cfg(any(feature = "net", feature = "process"))]
pub(crate) mod families;
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

pub use futures_io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};
pub use io_driver::{Interest, Ready};
pub use std::io::{Error, ErrorKind, Result, SeekFrom};

#[cfg(any(feature = "net", feature = "signal"))]
pub(crate) use evented::Evented;
#[cfg(all(feature = "net", feature = "bytes"))]
pub(crate) use uninit::fill;
