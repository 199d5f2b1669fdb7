//! The methods that the borrowed and the owned halves have in common, written once.
//!
//! Each half gives out its stream by `AsRef<TcpStream>`; these pass on to it what a half may do.

/// The methods of a half that reads.
macro_rules! read_half_methods {
    () => {
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
            self.stream().peek(buf).await
        }

        /// Copies data into `buf` without taking it out of the stream, or registers the
        /// current task to be woken.
        ///
        /// Only the waker of the last call, or of the last read through the I/O traits, is woken.
        ///
        /// # Errors
        ///
        /// Fails with the system's error, or if the stream's runtime is gone.
        pub fn poll_peek(
            &mut self,
            cx: &mut Context<'_>,
            buf: &mut [u8],
        ) -> Poll<io::Result<usize>> {
            self.stream().poll_peek(cx, buf)
        }

        /// Waits until there is something to read, the peer has closed its side,
        /// or an error is to be seen.
        ///
        /// # Errors
        ///
        /// Fails if the stream's runtime is gone.
        ///
        /// # Cancel safety
        ///
        /// Nothing is lost when the future is dropped: readiness that came meanwhile
        /// is found by the next call.
        pub async fn readable(&self) -> io::Result<()> {
            self.stream().readable().await
        }

        /// Reads into `buf` what has come in, without waiting. See [`TcpStream::try_read`].
        ///
        /// # Errors
        ///
        /// Fails with [`io::ErrorKind::WouldBlock`] if there is nothing to read; wait for
        /// [`readable`](Self::readable).
        pub fn try_read(&self, buf: &mut [u8]) -> io::Result<usize> {
            self.stream().try_read(buf)
        }

        /// Reads into several buffers in turn, without waiting. See
        /// [`TcpStream::try_read_vectored`].
        ///
        /// # Errors
        ///
        /// Fails with [`io::ErrorKind::WouldBlock`] if there is nothing to read; wait for
        /// [`readable`](Self::readable).
        pub fn try_read_vectored(&self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
            self.stream().try_read_vectored(bufs)
        }

        half_methods!();
    };
}

/// The methods of a half that writes.
macro_rules! write_half_methods {
    () => {
        /// Waits until there is room to write, or an error is to be seen.
        ///
        /// # Errors
        ///
        /// Fails if the stream's runtime is gone.
        ///
        /// # Cancel safety
        ///
        /// Nothing is lost when the future is dropped: readiness that came meanwhile
        /// is found by the next call.
        pub async fn writable(&self) -> io::Result<()> {
            self.stream().writable().await
        }

        /// Writes as much of `buf` as there is room for, without waiting. See
        /// [`TcpStream::try_write`].
        ///
        /// # Errors
        ///
        /// Fails with [`io::ErrorKind::WouldBlock`] if there is no room; wait for
        /// [`writable`](Self::writable).
        pub fn try_write(&self, buf: &[u8]) -> io::Result<usize> {
            self.stream().try_write(buf)
        }

        /// Writes as much of several buffers as there is room for, without waiting. See
        /// [`TcpStream::try_write_vectored`].
        ///
        /// # Errors
        ///
        /// Fails with [`io::ErrorKind::WouldBlock`] if there is no room; wait for
        /// [`writable`](Self::writable).
        pub fn try_write_vectored(&self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
            self.stream().try_write_vectored(bufs)
        }

        half_methods!();
    };
}

/// The methods of either half.
macro_rules! half_methods {
    () => {
        /// Waits until the stream is ready in one of the ways of `interest`.
        /// See [`TcpStream::ready`].
        ///
        /// # Errors
        ///
        /// Fails if the stream's runtime is gone.
        ///
        /// # Cancel safety
        ///
        /// Nothing is lost when the future is dropped: readiness that came meanwhile
        /// is found by the next call.
        pub async fn ready(&self, interest: Interest) -> io::Result<Ready> {
            self.stream().ready(interest).await
        }

        /// Returns the address of the other end of the connection.
        ///
        /// # Errors
        ///
        /// Fails with [`io::ErrorKind::NotConnected`] if the connection is gone.
        pub fn peer_addr(&self) -> io::Result<SocketAddr> {
            self.stream().peer_addr()
        }

        /// Returns the address of this end of the connection.
        ///
        /// # Errors
        ///
        /// Fails with the system's error.
        pub fn local_addr(&self) -> io::Result<SocketAddr> {
            self.stream().local_addr()
        }

        fn stream(&self) -> &TcpStream {
            self.as_ref()
        }
    };
}
