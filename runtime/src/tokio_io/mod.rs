//! `tokio::io`'s traits and helpers beside this runtime's own I/O types.
//!
//! A program written for `tokio::io` replaces that path by `runtime::tokio_io`. The
//! traits, the extension traits and the helpers that work on any reader and writer
//! (buffering, copying, splitting) are tokio's own and need none of its runtime; what is bound to a reactor,
//! a pool or the poll budget is ours.
//!
//! ```no_run
//! use runtime::net::TcpStream;
//! use runtime::tokio_io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
//!
//! # async fn example() -> std::io::Result<()> {
//! let mut stream = BufReader::new(TcpStream::connect("127.0.0.1:8080").await?);
//! stream.write_all(b"hello\n").await?;
//! let mut answer = String::new();
//! stream.read_line(&mut answer).await?;
//! # Ok(())
//! # }
//! ```

pub use ::tokio::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};
pub use ::tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
pub use ::tokio::io::{BufReader, BufStream, BufWriter, Chain, Lines, Split, Take};
pub use ::tokio::io::{Empty, Repeat, Sink, empty, repeat, sink};
pub use ::tokio::io::{Join, ReadHalf, WriteHalf, join, split};
pub use ::tokio::io::{copy, copy_bidirectional, copy_bidirectional_with_sizes, copy_buf};

pub use crate::io::{DuplexStream, SimplexStream, duplex};
pub use crate::io::{Error, ErrorKind, Interest, Ready, Result, SeekFrom, unix};
pub use crate::io::{Stderr, Stdin, Stdout, stderr, stdin, stdout};

/// Makes a reader, and a writer whose bytes it reads: at most `max_buf_size` wait in between.
///
/// The writer must be shut down for the reader to see the end: the halves are two views of one
/// stream, which lives until both are dropped. They are those of [`split`], each of which locks the stream for a
/// poll: a waker that uses the other half itself as it is woken waits for ever. The ends of a
/// [`duplex`] have no such limit.
///
/// # Examples
///
/// ```
/// use runtime::tokio_io::{AsyncReadExt, AsyncWriteExt};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut reader, mut writer) = runtime::tokio_io::simplex(64);
/// writer.write_all(b"hello").await?;
/// writer.shutdown().await?;
/// let mut text = String::new();
/// reader.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # Ok(())
/// # }
/// ```
pub fn simplex(max_buf_size: usize) -> (ReadHalf<SimplexStream>, WriteHalf<SimplexStream>) {
    split(SimplexStream::new_unsplit(max_buf_size))
}
