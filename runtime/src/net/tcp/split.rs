//! The halves of a TCP stream.

use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use super::TcpStream;
use crate::io::ReadBuf;
use crate::net::split::{borrowed_halves, owned_halves};

borrowed_halves!(TcpStream, mio::net::TcpStream, SocketAddr);
owned_halves!(TcpStream, mio::net::TcpStream, SocketAddr);

/// Looking at what has come in, which TCP alone can do.
macro_rules! peek_methods {
    ($reader:ty, $half:literal) => {
        impl $reader {
            /// Waits for data and copies it into `buf` without taking it out of the stream.
            ///
            /// Returns 0 if the peer has closed its side, or if `buf` is empty.
            ///
            /// # Errors
            ///
            /// Fails with the system's error, or if the stream's runtime is gone.
            ///
            /// # Cancel safety
            ///
            /// Nothing is lost: peeking takes nothing away.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::stream_and_peer!(TcpStream)]
            /// # peer.writable().await?;
            /// # peer.try_write(b"hello")?;
            #[doc = $half]
            /// let (mut first, mut buf) = ([0; 1], [0; 16]);
            /// reader.peek(&mut first).await?;
            /// assert_eq!(&first, b"h");
            /// assert_eq!(reader.try_read(&mut buf)?, 5); // it is still there
            /// # Ok(())
            /// # }
            /// ```
            pub async fn peek(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                AsRef::<TcpStream>::as_ref(self).peek(buf).await
            }

            /// Appends data to `buf` without taking it out of the stream, and returns how many
            /// bytes that was, or registers the current task to be woken.
            ///
            /// Only the waker of the last call, or of the last read through the I/O
            /// traits, is woken.
            ///
            /// # Errors
            ///
            /// Fails with the system's error, or if the stream's runtime is gone.
            ///
            /// # Examples
            ///
            /// ```
            /// use std::future::poll_fn;
            /// use runtime::io::ReadBuf;
            ///
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::stream_and_peer!(TcpStream)]
            /// # peer.writable().await?;
            /// # peer.try_write(b"hello")?;
            #[doc = $half]
            /// let mut first = [0; 1];
            /// let mut buf = ReadBuf::new(&mut first);
            /// assert_eq!(poll_fn(|cx| reader.poll_peek(cx, &mut buf)).await?, 1);
            /// assert_eq!(buf.filled(), b"h");
            /// # Ok(())
            /// # }
            /// ```
            pub fn poll_peek(
                &mut self,
                cx: &mut Context<'_>,
                buf: &mut ReadBuf<'_>,
            ) -> Poll<io::Result<usize>> {
                AsRef::<TcpStream>::as_ref(self).poll_peek(cx, buf)
            }
        }
    };
}

peek_methods!(
    ReadHalf<'_>,
    "# let mut stream = stream;\n# let (mut reader, _writer) = stream.split();"
);
peek_methods!(
    OwnedReadHalf,
    "# let (mut reader, _writer) = stream.into_split();"
);
