//! The way of a socket to the standard library and back, for every type of socket.

/// Conversions between `$socket`, which holds an `Evented<$mio>` in its field `io`, and `$std`;
/// and the traits that show its descriptor.
macro_rules! std_conversions {
    ($socket:ident, $std:ty, $mio:ty, $interest:expr) => {
        impl $socket {
            #[track_caller]
            pub(in crate::net) fn from_mio(socket: $mio) -> std::io::Result<$socket> {
                Ok($socket {
                    io: crate::io::Evented::new(socket, $interest)?,
                })
            }

            /// Takes over a socket of the standard library, and puts it into non-blocking mode.
            ///
            /// # Errors
            ///
            /// Fails if the mode cannot be set or the socket cannot be registered with the runtime.
            ///
            /// # Panics
            ///
            /// Panics outside a runtime.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::socket!($socket)]
            /// let inherited = socket.into_std()?; // or any other of the standard library, in either mode
            /// # inherited.set_nonblocking(false)?;
            #[doc = concat!("let socket = runtime::net::", stringify!($socket), "::from_std(inherited)?;")]
            /// # let _ = socket;
            /// # Ok(())
            /// # }
            /// ```
            #[track_caller]
            pub fn from_std(socket: $std) -> std::io::Result<$socket> {
                socket.set_nonblocking(true)?;
                $socket::from_mio(<$mio>::from_std(socket))
            }

            /// Gives the socket back to the standard library. It stays in non-blocking mode.
            ///
            /// # Errors
            ///
            /// Fails if the socket cannot be taken out of the runtime's reactor.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::socket!($socket)]
            /// let socket = socket.into_std()?;
            /// socket.set_nonblocking(false)?; // as the standard library made it
            /// # Ok(())
            /// # }
            /// ```
            pub fn into_std(self) -> std::io::Result<$std> {
                self.io.into_inner().map(Into::into)
            }

            /// Returns the error that the system holds for this socket, if any, and clears it
            /// (`SO_ERROR`).
            ///
            /// # Errors
            ///
            /// Fails with the system's error if the option cannot be read.
            ///
            /// # Examples
            ///
            /// ```
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = crate::net::examples::socket!($socket)]
            /// assert!(socket.take_error()?.is_none());
            /// # Ok(())
            /// # }
            /// ```
            pub fn take_error(&self) -> std::io::Result<Option<std::io::Error>> {
                self.io.get_ref().take_error()
            }
        }

        #[doc = concat!("As [`", stringify!($socket), "::from_std`].")]
        impl TryFrom<$std> for $socket {
            type Error = std::io::Error;

            #[track_caller]
            fn try_from(socket: $std) -> std::io::Result<$socket> {
                $socket::from_std(socket)
            }
        }

        #[doc = concat!("As [`", stringify!($socket), "::into_std`].")]
        impl TryFrom<$socket> for $std {
            type Error = std::io::Error;

            fn try_from(socket: $socket) -> std::io::Result<$std> {
                socket.into_std()
            }
        }

        #[doc = concat!("As [`", stringify!($socket), "::into_std`].")]
        impl TryFrom<$socket> for std::os::fd::OwnedFd {
            type Error = std::io::Error;

            fn try_from(socket: $socket) -> std::io::Result<std::os::fd::OwnedFd> {
                socket.into_std().map(Into::into)
            }
        }

        impl std::fmt::Debug for $socket {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.io.get_ref().fmt(f)
            }
        }

        crate::net::conversions::shows_its_descriptor!($socket, |socket| socket.io.get_ref());
    };
}

/// `AsFd` and `AsRawFd` of a type whose descriptor `$owner` has.
macro_rules! shows_its_descriptor {
    ($socket:ident, |$this:ident| $owner:expr) => {
        impl std::os::fd::AsFd for $socket {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                let $this = self;
                $owner.as_fd()
            }
        }

        impl std::os::fd::AsRawFd for $socket {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                let $this = self;
                $owner.as_raw_fd()
            }
        }
    };
}

pub(super) use {shows_its_descriptor, std_conversions};
