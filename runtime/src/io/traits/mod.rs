//! The traits of asynchronous bytes, and the buffer that is read into.
//!
//! They have the shape of `tokio::io`'s: a reader appends to a [`ReadBuf`], which need not be
//! initialised, and a writer is ended by `poll_shutdown`.

mod async_buf_read;
mod async_read;
mod async_seek;
mod async_write;
mod in_memory;
mod read_buf;

pub use async_buf_read::AsyncBufRead;
pub use async_read::AsyncRead;
pub use async_seek::AsyncSeek;
pub use async_write::AsyncWrite;
pub use read_buf::ReadBuf;
