//! The methods that several types have word for word, each written once.
//!
//! A type that takes part has `fn io(&self) -> &Evented<_>`. It says by which macro it calls what
//! it can do: a stream reads and writes, its halves do one of the two, a listener neither.

/// The wait for any kind of readiness, and what is made of what the system tells.
macro_rules! ready_method {
    () => {
        crate::net::methods::ready_method!(std::convert::identity);
    };
    ($told:path) => {
        /// Waits until it is ready in one of the ways of `interest`, and says in which.
        ///
        /// The answer may be wrong: an operation that follows may still fail with
        /// [`WouldBlock`](std::io::ErrorKind::WouldBlock). Readiness lasts until such a failure is
        /// seen by one of the `try_` methods, so use these and not the descriptor.
        ///
        /// # Errors
        ///
        /// Fails if the runtime it belongs to is gone.
        ///
        /// # Cancel safety
        ///
        /// Nothing is lost when the future is dropped: readiness that came meanwhile
        /// is found by the next call.
        ///
        /// # Examples
        ///
        /// ```no_run
        /// # use std::io;
        /// use runtime::{io::Interest, net::TcpStream};
        ///
        /// # async fn example(stream: TcpStream, buf: &mut [u8]) -> io::Result<()> {
        /// let ready = stream.ready(Interest::READABLE | Interest::WRITABLE).await?;
        /// if ready.is_readable() {
        ///     match stream.try_read(buf) {
        ///         Err(error) if error.kind() == io::ErrorKind::WouldBlock => {} // wait again
        ///         result => println!("{} bytes", result?),
        ///     }
        /// }
        /// # Ok(())
        /// # }
        /// ```
        pub async fn ready(
            &self,
            interest: crate::io::Interest,
        ) -> std::io::Result<crate::io::Ready> {
            self.io().ready(interest).await.map($told)
        }
    };
}

/// Operations of the caller's own on the descriptor. `$setup` makes a `socket` that receives `hello`.
macro_rules! operation_methods {
    ($setup:expr) => {
        /// Calls `f`, which does some I/O on the descriptor, if it is known to be ready for it.
        ///
        /// If `f` fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock), the readiness named by
        /// `interest` is forgotten, so `f` may answer so only if the system did. `f` must not use
        /// the methods of this type for the transfer. `interest` should name one direction.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if it is not ready, in which
        /// case `f` is not called, and with whatever `f` fails with.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::io::Interest;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// # while socket.ready(Interest::READABLE).await?.is_empty() {}
        /// let mut buf = [0; 16];
        /// let n = socket.try_io(Interest::READABLE, || Ok(rustix::io::read(&socket, &mut buf)?))?;
        /// assert_eq!(&buf[..n], b"hello");
        /// # Ok(())
        /// # }
        /// ```
        pub fn try_io<R>(
            &self,
            interest: crate::io::Interest,
            f: impl FnOnce() -> std::io::Result<R>,
        ) -> std::io::Result<R> {
            self.io().try_io(interest, f)
        }

        /// Waits until it is ready and calls `f`, again and again until that does not answer
        /// [`WouldBlock`](std::io::ErrorKind::WouldBlock).
        ///
        /// `f` is bound by the same rules as in [`try_io`](Self::try_io).
        ///
        /// # Errors
        ///
        /// Fails with what `f` fails with, or if the runtime it belongs to is gone.
        ///
        /// # Cancel safety
        ///
        /// If the future is dropped, `f` has either not been called or has answered `WouldBlock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::io::Interest;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// let mut buf = [0; 16];
        /// let read = || Ok(rustix::io::read(&socket, &mut buf)?); // by a system call of our own
        /// let n = socket.async_io(Interest::READABLE, read).await?;
        /// assert_eq!(&buf[..n], b"hello");
        /// # Ok(())
        /// # }
        /// ```
        pub async fn async_io<R>(
            &self,
            interest: crate::io::Interest,
            f: impl FnMut() -> std::io::Result<R>,
        ) -> std::io::Result<R> {
            self.io().async_io(interest, f).await
        }
    };
}

/// Waiting for one direction, once by name and once by poll.
///
/// The examples begin with `$setup`, which makes `$socket`, and go on with `$then`.
macro_rules! direction_methods {
    ($(#[$docs:meta])+ $wait:ident, $interest:ident, $setup:expr, $socket:literal, $then:literal) => {
        $(#[$docs])+
        ///
        /// # Errors
        ///
        /// Fails if the runtime it belongs to is gone.
        ///
        /// # Cancel safety
        ///
        /// Nothing is lost when the future is dropped: readiness that came meanwhile
        /// is found by the next call.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        #[doc = concat!($socket, ".", stringify!($wait), "().await?;")]
        #[doc = $then]
        /// # Ok(())
        /// # }
        /// ```
        pub async fn $wait(&self) -> std::io::Result<()> {
            self.io().ready(crate::io::Interest::$interest).await.map(drop)
        }
    };
    (
        $(#[$docs:meta])+
        poll $poll:ident, $direction:ident, $setup:expr, $socket:literal, $then:literal
    ) => {
        $(#[$docs])+
        ///
        /// Only the waker of the last call is woken, and a transfer in this direction by a method
        /// that takes a [`Context`](std::task::Context) counts as such a call.
        ///
        /// # Errors
        ///
        /// Fails if the runtime it belongs to is gone.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::future::poll_fn;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        #[doc = concat!("poll_fn(|cx| ", $socket, ".", stringify!($poll), "(cx)).await?;")]
        #[doc = $then]
        /// # Ok(())
        /// # }
        /// ```
        pub fn $poll(
            &self,
            cx: &mut std::task::Context<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            self.io()
                .poll_ready(cx, io_driver::Direction::$direction)
                .map_ok(drop)
        }
    };
}

/// Reading from a stream of bytes. `$setup` makes a `stream` that receives `hello`.
macro_rules! reading_methods {
    ($setup:expr) => {
        crate::net::methods::direction_methods! {
            /// Waits until there is something to read, the end of the stream has come,
            /// or an error is to be seen.
            readable, READABLE, $setup, "stream",
            "let mut buf = [0; 16];\nlet n = stream.try_read(&mut buf)?;\nassert_eq!(&buf[..n], b\"hello\");"
        }

        /// Reads into `buf` what has come in, without waiting.
        ///
        /// Returns 0 at the end of the stream, or if `buf` is empty.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if there is nothing to
        /// read; wait for [`readable`](Self::readable).
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// stream.readable().await?;
        /// let mut buf = [0; 16];
        /// let n = stream.try_read(&mut buf)?;
        /// assert_eq!(&buf[..n], b"hello");
        /// let error = stream.try_read(&mut buf).unwrap_err(); // there is no more
        /// assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
        /// # Ok(())
        /// # }
        /// ```
        pub fn try_read(&self, buf: &mut [u8]) -> std::io::Result<usize> {
            self.io().try_read(buf)
        }

        /// Reads into several buffers in turn what has come in, without waiting.
        ///
        /// Returns 0 at the end of the stream, or if the buffers are empty.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if there is nothing to
        /// read; wait for [`readable`](Self::readable).
        ///
        /// # Examples
        ///
        /// ```
        /// use std::io::IoSliceMut;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// stream.readable().await?;
        /// let (mut head, mut rest) = ([0; 1], [0; 16]);
        /// let mut bufs = [IoSliceMut::new(&mut head), IoSliceMut::new(&mut rest)];
        /// assert_eq!(stream.try_read_vectored(&mut bufs)?, 5);
        /// assert_eq!((&head, &rest[..4]), (b"h", &b"ello"[..]));
        /// # Ok(())
        /// # }
        /// ```
        pub fn try_read_vectored(
            &self,
            bufs: &mut [std::io::IoSliceMut<'_>],
        ) -> std::io::Result<usize> {
            self.io().try_read_vectored(bufs)
        }

        /// Appends to `buf` what has come in, without waiting, and returns how many bytes that was.
        ///
        /// Returns 0 at the end of the stream, or if `buf` cannot take more.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if there is nothing to
        /// read; wait for [`readable`](Self::readable).
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// stream.readable().await?;
        /// let mut buf = Vec::with_capacity(16);
        /// assert_eq!(stream.try_read_buf(&mut buf)?, 5);
        /// assert_eq!(buf, b"hello");
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(feature = "bytes")]
        pub fn try_read_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
            self.io().try_read_buf(buf)
        }
    };
}

/// Writing to a stream of bytes. `$setup` makes a `stream`.
macro_rules! writing_methods {
    ($setup:expr) => {
        crate::net::methods::direction_methods! {
            /// Waits until there is room to write, or an error is to be seen.
            writable, WRITABLE, $setup, "stream",
            "assert_eq!(stream.try_write(b\"hello\")?, 5);"
        }

        /// Writes as much of `buf` as there is room for, without waiting, and returns
        /// how many bytes that was.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if there is no room; wait for
        /// [`writable`](Self::writable).
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// stream.writable().await?;
        /// assert_eq!(stream.try_write(b"hello")?, 5); // there is room for more
        /// # Ok(())
        /// # }
        /// ```
        pub fn try_write(&self, buf: &[u8]) -> std::io::Result<usize> {
            self.io().try_write(buf)
        }

        /// Writes as much of several buffers as there is room for, without waiting, and returns
        /// how many bytes that was.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if there is no room; wait for
        /// [`writable`](Self::writable).
        ///
        /// # Examples
        ///
        /// ```
        /// use std::io::IoSlice;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        /// stream.writable().await?;
        /// let bufs = [IoSlice::new(b"hel"), IoSlice::new(b"lo")];
        /// assert_eq!(stream.try_write_vectored(&bufs)?, 5);
        /// # Ok(())
        /// # }
        /// ```
        pub fn try_write_vectored(&self, bufs: &[std::io::IoSlice<'_>]) -> std::io::Result<usize> {
            self.io().try_write_vectored(bufs)
        }
    };
}

/// The polls that go with [`reading_methods`] where a whole stream is at hand.
macro_rules! poll_read_ready_method {
    ($setup:expr) => {
        crate::net::methods::direction_methods! {
            /// Asks whether there is something to read, and registers the current task to be
            /// woken when there is.
            poll poll_read_ready, Read, $setup, "stream",
            "let mut buf = [0; 16];\nlet n = stream.try_read(&mut buf)?;\nassert_eq!(&buf[..n], b\"hello\");"
        }
    };
}

/// The polls that go with [`writing_methods`] where a whole stream is at hand.
macro_rules! poll_write_ready_method {
    ($setup:expr) => {
        crate::net::methods::direction_methods! {
            /// Asks whether there is room to write, and registers the current task to be
            /// woken when there is.
            poll poll_write_ready, Write, $setup, "stream",
            "assert_eq!(stream.try_write(b\"hello\")?, 5);"
        }
    };
}

pub(super) use {
    direction_methods, operation_methods, poll_read_ready_method, poll_write_ready_method,
    reading_methods, ready_method, writing_methods,
};
