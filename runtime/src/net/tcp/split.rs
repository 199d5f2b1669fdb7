//! The halves of a TCP stream.

use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use super::TcpStream;
use crate::net::split::{borrowed_halves, owned_halves};

borrowed_halves!(TcpStream, mio::net::TcpStream, SocketAddr);
owned_halves!(TcpStream, mio::net::TcpStream, SocketAddr);

/// Looking at what has come in, which TCP alone can do.
macro_rules! peek_methods {
    ($reader:ty) => {
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
            pub async fn peek(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                AsRef::<TcpStream>::as_ref(self).peek(buf).await
            }

            /// Copies data into `buf` without taking it out of the stream, or registers the
            /// current task to be woken.
            ///
            /// Only the waker of the last call, or of the last read through the I/O
            /// traits, is woken.
            ///
            /// # Errors
            ///
            /// Fails with the system's error, or if the stream's runtime is gone.
            pub fn poll_peek(
                &mut self,
                cx: &mut Context<'_>,
                buf: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                AsRef::<TcpStream>::as_ref(self).poll_peek(cx, buf)
            }
        }
    };
}

peek_methods!(ReadHalf<'_>);
peek_methods!(OwnedReadHalf);
