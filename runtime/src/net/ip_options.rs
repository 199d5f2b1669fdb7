//! Options of the Internet protocol, for every type of socket that speaks it.

/// The options that TCP and UDP sockets have alike, through socket2.
macro_rules! ip_options {
    ($socket:ident) => {
        /// Returns the traffic class of the packets that an IPv6 socket sends (`IPV6_TCLASS`).
        ///
        /// # Errors
        ///
        /// Fails with the system's error.
        ///
        /// # Examples
        ///
        /// ```no_run
        /// use runtime::net::TcpSocket;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        /// let socket = TcpSocket::new_v6()?;
        /// socket.set_tclass_v6(0x20)?;
        /// assert_eq!(socket.tclass_v6()?, 0x20);
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(not(target_os = "ios"))]
        pub fn tclass_v6(&self) -> std::io::Result<u32> {
            socket2::SockRef::from(self).tclass_v6()
        }

        /// Sets the traffic class of the packets that an IPv6 socket sends (`IPV6_TCLASS`).
        ///
        /// # Errors
        ///
        /// Fails with the system's error.
        ///
        /// # Examples
        ///
        /// ```no_run
        /// use runtime::net::TcpSocket;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        /// let socket = TcpSocket::new_v6()?;
        /// socket.set_tclass_v6(0x20)?; // low priority
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(not(target_os = "ios"))]
        pub fn set_tclass_v6(&self, tclass: u32) -> std::io::Result<()> {
            socket2::SockRef::from(self).set_tclass_v6(tclass)
        }

        /// Returns the type of service of the packets that an IPv4 socket sends (`IP_TOS`).
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
        #[doc = crate::net::examples::socket!($socket)]
        /// socket.set_tos_v4(0x10)?;
        /// assert_eq!(socket.tos_v4()?, 0x10);
        /// # Ok(())
        /// # }
        /// ```
        pub fn tos_v4(&self) -> std::io::Result<u32> {
            socket2::SockRef::from(self).tos_v4()
        }

        /// Sets the type of service of the packets that an IPv4 socket sends (`IP_TOS`).
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
        #[doc = crate::net::examples::socket!($socket)]
        /// socket.set_tos_v4(0x10)?; // low delay
        /// assert_eq!(socket.tos_v4()?, 0x10);
        /// # Ok(())
        /// # }
        /// ```
        pub fn set_tos_v4(&self, tos: u32) -> std::io::Result<()> {
            socket2::SockRef::from(self).set_tos_v4(tos)
        }

        /// The old name of [`tos_v4`](Self::tos_v4).
        ///
        /// # Errors
        ///
        /// As for [`tos_v4`](Self::tos_v4).
        #[deprecated = "renamed `tos_v4`, since it is for IPv4 alone"]
        #[doc(hidden)]
        pub fn tos(&self) -> std::io::Result<u32> {
            self.tos_v4()
        }

        /// The old name of [`set_tos_v4`](Self::set_tos_v4).
        ///
        /// # Errors
        ///
        /// As for [`set_tos_v4`](Self::set_tos_v4).
        #[deprecated = "renamed `set_tos_v4`, since it is for IPv4 alone"]
        #[doc(hidden)]
        pub fn set_tos(&self, tos: u32) -> std::io::Result<()> {
            self.set_tos_v4(tos)
        }

        /// Returns the name of the network interface that the socket is bound
        /// to (`SO_BINDTODEVICE`).
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
        #[doc = crate::net::examples::socket!($socket)]
        /// assert_eq!(socket.device()?, None); // any interface
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(any(target_os = "android", target_os = "linux"))]
        pub fn device(&self) -> std::io::Result<Option<Vec<u8>>> {
            socket2::SockRef::from(self).device()
        }

        /// Lets the socket take part in what passes through one network interface
        /// alone (`SO_BINDTODEVICE`); `None` ends that.
        ///
        /// # Errors
        ///
        /// Fails with the system's error, for example if there is no such interface.
        ///
        /// # Examples
        ///
        /// ```no_run
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::socket!($socket)]
        /// socket.bind_device(Some(b"eth0"))?;
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(any(target_os = "android", target_os = "linux"))]
        pub fn bind_device(&self, interface: Option<&[u8]>) -> std::io::Result<()> {
            socket2::SockRef::from(self).bind_device(interface)
        }
    };
}

pub(super) use ip_options;
