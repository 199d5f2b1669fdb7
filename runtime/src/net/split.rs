//! The halves of a connected stream, for every type of stream.
//!
//! A stream that is split has `fn io(&self) -> &Evented<_>`, `fn close_write(&self)`, and the two
//! addresses. Borrowed halves are free of cost and bound to one task; owned halves share the stream
//! and may live in different tasks.

/// `ReadHalf` and `WriteHalf` of `$stream`, which holds an `Evented<$mio>`.
macro_rules! borrowed_halves {
    ($stream:ident, $mio:ty, $address:ty) => {
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        /// # let mut stream = stream;
        /// let (mut reader, mut writer) = stream.split();
        /// writer.write_all(b"hello").await?;
        /// # peer.readable().await?;
        /// # let mut buf = [0; 16];
        /// # let n = peer.try_read(&mut buf)?;
        /// # peer.try_write(&buf[..n])?;
        /// let mut answer = [0; 5];
        /// reader.read_exact(&mut answer).await?;
        /// assert_eq!(&answer, b"hello"); // the peer sends back what comes
        /// # Ok(())
        /// # }
        /// ```
        #[doc = concat!("The half of a [`", stringify!($stream), "`] that reads, made by")]
        #[doc = concat!("[`", stringify!($stream), "::split`].")]
        #[derive(Debug)]
        pub struct ReadHalf<'a>(&'a $stream);

        #[doc = concat!("The half of a [`", stringify!($stream), "`] that writes, made by")]
        #[doc = concat!("[`", stringify!($stream), "::split`].")]
        ///
        /// Dropping it leaves the connection as it is; closing it through an I/O trait
        /// closes the writing side.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        /// # let mut stream = stream;
        /// let (mut reader, mut writer) = stream.split();
        /// writer.write_all(b"hello").await?;
        /// writer.shutdown().await?; // the peer reads the end of the stream
        /// # peer.readable().await?;
        /// # let mut buf = [0; 16];
        /// # peer.try_read(&mut buf)?;
        /// # drop(peer);
        /// assert_eq!(reader.read(&mut [0; 16]).await?, 0); // and closes its side, too
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug)]
        pub struct WriteHalf<'a>(&'a $stream);

        pub(super) fn split(stream: &mut $stream) -> (ReadHalf<'_>, WriteHalf<'_>) {
            (ReadHalf(stream), WriteHalf(stream))
        }

        impl WriteHalf<'_> {
            fn close_write(&self) -> std::io::Result<()> {
                self.0.close_write()
            }
        }

        impl AsRef<$stream> for ReadHalf<'_> {
            fn as_ref(&self) -> &$stream {
                self.0
            }
        }

        impl AsRef<$stream> for WriteHalf<'_> {
            fn as_ref(&self) -> &$stream {
                self.0
            }
        }

        crate::net::split::impl_halves!(
            $stream, $mio, $address,
            ReadHalf<'_>: "# let mut stream = stream;\n# let (stream, _writer) = stream.split();",
            WriteHalf<'_>: "# let mut stream = stream;\n# let (_reader, stream) = stream.split();"
        );
    };
}

/// `OwnedReadHalf`, `OwnedWriteHalf` and `ReuniteError` of `$stream`.
macro_rules! owned_halves {
    ($stream:ident, $mio:ty, $address:ty) => {
        #[doc = concat!("The half of a [`", stringify!($stream), "`] that reads, made by")]
        #[doc = concat!("[`", stringify!($stream), "::into_split`].")]
        ///
        /// Dropping it leaves the connection as it is.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        /// let (mut reader, mut writer) = stream.into_split();
        /// let task = runtime::spawn(async move {
        ///     let mut answer = [0; 5];
        ///     reader.read_exact(&mut answer).await.map(|_| answer)
        /// });
        /// writer.write_all(b"hello").await?;
        /// # peer.readable().await?;
        /// # let mut buf = [0; 16];
        /// # let n = peer.try_read(&mut buf)?;
        /// # peer.try_write(&buf[..n])?;
        /// assert_eq!(&task.await.unwrap()?, b"hello"); // the peer sends back what comes
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug)]
        pub struct OwnedReadHalf {
            stream: crate::primitive::sync::Arc<$stream>,
        }

        #[doc = concat!("The half of a [`", stringify!($stream), "`] that writes, made by")]
        #[doc = concat!("[`", stringify!($stream), "::into_split`].")]
        ///
        /// Dropping it closes the writing side of the connection: the peer reads the end of the
        /// stream. To drop it without that, call [`forget`](Self::forget).
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        /// # let mut peer = peer;
        /// let (_reader, mut writer) = stream.into_split();
        /// runtime::spawn(async move { writer.write_all(b"hello").await }); // drops it after that
        /// let mut text = String::new();
        /// peer.read_to_string(&mut text).await?; // up to the end
        /// assert_eq!(text, "hello");
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug)]
        pub struct OwnedWriteHalf {
            stream: crate::primitive::sync::Arc<$stream>,
            closes_on_drop: bool,
        }

        /// The error of putting together two halves that come from different streams.
        /// It holds both.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        /// let (reader, _writer) = stream.into_split();
        /// let (_other_reader, other_writer) = peer.into_split();
        /// let error = reader.reunite(other_writer).unwrap_err();
        /// println!("{error}");
        /// # Ok(())
        /// # }
        /// ```
        #[derive(Debug)]
        pub struct ReuniteError(pub OwnedReadHalf, pub OwnedWriteHalf);

        pub(super) fn split_owned(stream: $stream) -> (OwnedReadHalf, OwnedWriteHalf) {
            let stream = crate::primitive::sync::Arc::new(stream);
            let write = OwnedWriteHalf {
                stream: stream.clone(),
                closes_on_drop: true,
            };
            (OwnedReadHalf { stream }, write)
        }

        fn reunite(read: OwnedReadHalf, write: OwnedWriteHalf) -> Result<$stream, ReuniteError> {
            if !crate::primitive::sync::Arc::ptr_eq(&read.stream, &write.stream) {
                return Err(ReuniteError(read, write));
            }
            write.forget();
            let stream = crate::primitive::sync::Arc::try_unwrap(read.stream);
            Ok(stream.expect("a stream has only two halves"))
        }

        impl OwnedReadHalf {
            /// Puts the two halves together again.
            ///
            /// # Errors
            ///
            /// Gives both halves back if they are not of one stream.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::stream_and_peer!($stream)]
            /// # let addr = stream.local_addr()?;
            /// let (reader, writer) = stream.into_split();
            /// let stream = reader.reunite(writer).unwrap();
            /// # assert_eq!(format!("{addr:?}"), format!("{:?}", stream.local_addr()?));
            /// # Ok(())
            /// # }
            /// ```
            pub fn reunite(self, other: OwnedWriteHalf) -> Result<$stream, ReuniteError> {
                reunite(self, other)
            }
        }

        impl OwnedWriteHalf {
            /// Puts the two halves together again.
            ///
            /// # Errors
            ///
            /// Gives both halves back if they are not of one stream.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::stream_and_peer!($stream)]
            /// # let addr = stream.local_addr()?;
            /// let (reader, writer) = stream.into_split();
            /// let stream = writer.reunite(reader).unwrap();
            /// # assert_eq!(format!("{addr:?}"), format!("{:?}", stream.local_addr()?));
            /// # Ok(())
            /// # }
            /// ```
            pub fn reunite(self, other: OwnedReadHalf) -> Result<$stream, ReuniteError> {
                reunite(other, self)
            }

            /// Drops the half without closing the writing side of the connection.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::stream_and_peer!($stream)]
            /// let (reader, writer) = stream.into_split();
            /// writer.forget();
            /// // the peer can tell no difference, and goes on sending
            /// # peer.writable().await?;
            /// # peer.try_write(b"hello")?;
            /// reader.readable().await?;
            /// assert_eq!(reader.try_read(&mut [0; 16])?, 5);
            /// # Ok(())
            /// # }
            /// ```
            pub fn forget(mut self) {
                self.closes_on_drop = false;
            }

            fn close_write(&mut self) -> std::io::Result<()> {
                self.stream.close_write()?;
                self.closes_on_drop = false;
                Ok(())
            }
        }

        impl Drop for OwnedWriteHalf {
            fn drop(&mut self) {
                if self.closes_on_drop {
                    // A failure means that the connection is gone, and then there is nothing to
                    // close.
                    let _ = self.stream.close_write();
                }
            }
        }

        impl AsRef<$stream> for OwnedReadHalf {
            fn as_ref(&self) -> &$stream {
                &self.stream
            }
        }

        impl AsRef<$stream> for OwnedWriteHalf {
            fn as_ref(&self) -> &$stream {
                &self.stream
            }
        }

        impl std::fmt::Display for ReuniteError {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(
                    "the two halves are not of one stream: reunite those of one `into_split`",
                )
            }
        }

        impl std::error::Error for ReuniteError {}

        crate::net::split::impl_halves!(
            $stream, $mio, $address,
            OwnedReadHalf: "# let (stream, _writer) = stream.into_split();",
            OwnedWriteHalf: "# let (_reader, stream) = stream.into_split();"
        );
    };
}

/// What borrowed and owned halves have in common: their methods, and the I/O traits.
///
/// `$read_half` and `$write_half` turn the `stream` of an example into either half.
macro_rules! impl_halves {
    (
        $stream:ident, $mio:ty, $address:ty,
        $reader:ty: $read_half:literal, $writer:ty: $write_half:literal
    ) => {
        impl $reader {
            crate::net::methods::ready_method!();
            crate::net::methods::reading_methods!(concat!(
                crate::net::examples::receiving!($stream),
                "\n",
                $read_half
            ));
            crate::net::split::half_methods!($stream, $mio, $address, $read_half);
        }

        impl $writer {
            crate::net::methods::ready_method!();
            crate::net::methods::writing_methods!(concat!(
                crate::net::examples::stream_and_peer!($stream),
                "\n",
                $write_half
            ));
            crate::net::split::half_methods!($stream, $mio, $address, $write_half);
        }

        crate::io::evented_stream::impl_reading!($reader);
        crate::io::evented_stream::impl_writing!($writer);
    };
}

/// The methods of either half.
macro_rules! half_methods {
    ($stream:ident, $mio:ty, $address:ty, $half:literal) => {
        /// Returns the address of the other end of the connection.
        ///
        /// # Errors
        ///
        /// Fails with [`NotConnected`](std::io::ErrorKind::NotConnected) if the
        /// connection is gone.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        #[doc = $half]
        /// println!("connected to {:?}", stream.peer_addr()?);
        /// # Ok(())
        /// # }
        /// ```
        pub fn peer_addr(&self) -> std::io::Result<$address> {
            AsRef::<$stream>::as_ref(self).peer_addr()
        }

        /// Returns the address of this end of the connection.
        ///
        /// # Errors
        ///
        /// Fails with the system's error.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::stream_and_peer!($stream)]
        #[doc = $half]
        /// println!("connected from {:?}", stream.local_addr()?);
        /// # Ok(())
        /// # }
        /// ```
        pub fn local_addr(&self) -> std::io::Result<$address> {
            AsRef::<$stream>::as_ref(self).local_addr()
        }

        fn io(&self) -> &crate::io::Evented<$mio> {
            AsRef::<$stream>::as_ref(self).io()
        }
    };
}

pub(super) use {borrowed_halves, half_methods, impl_halves, owned_halves};
