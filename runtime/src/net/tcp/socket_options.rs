//! Options of a TCP socket that does not listen and is not connected yet.

use std::io;
use std::time::Duration;

use super::TcpSocket;
use crate::net::ip_options::ip_options;

/// # Socket options
///
/// The listener or the connection that the socket becomes keeps them. Sizes are in bytes.
impl TcpSocket {
    /// Chooses whether the system asks an idle peer from time to time if it is still
    /// there (`SO_KEEPALIVE`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_keepalive(true)?;
    /// assert!(socket.keepalive()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_keepalive(&self, keepalive: bool) -> io::Result<()> {
        self.socket.set_keepalive(keepalive)
    }

    /// Tells whether the system asks an idle peer if it is still there (`SO_KEEPALIVE`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert!(!TcpSocket::new_v4()?.keepalive()?); // unless it is asked for
    /// # Ok(())
    /// # }
    /// ```
    pub fn keepalive(&self) -> io::Result<bool> {
        self.socket.keepalive()
    }

    /// Chooses whether the address may be one that an earlier connection has left in
    /// `TIME_WAIT` (`SO_REUSEADDR`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_reuseaddr(true)?; // a server that starts anew gets its port back
    /// socket.bind("127.0.0.1:0".parse().unwrap())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_reuseaddr(&self, reuseaddr: bool) -> io::Result<()> {
        self.socket.set_reuse_address(reuseaddr)
    }

    /// Tells whether the address may be in `TIME_WAIT` (`SO_REUSEADDR`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_reuseaddr(true)?;
    /// assert!(socket.reuseaddr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reuseaddr(&self) -> io::Result<bool> {
        self.socket.reuse_address()
    }

    /// Chooses whether several sockets may be bound to one address; on Linux the system
    /// then spreads connections over those that listen (`SO_REUSEPORT`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let (one, other) = (TcpSocket::new_v4()?, TcpSocket::new_v4()?);
    /// one.set_reuseport(true)?;
    /// other.set_reuseport(true)?;
    /// one.bind("127.0.0.1:0".parse().unwrap())?;
    /// other.bind(one.local_addr()?)?; // the same port
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_reuseport(&self, reuseport: bool) -> io::Result<()> {
        self.socket.set_reuse_port(reuseport)
    }

    /// Tells whether several sockets may be bound to one address (`SO_REUSEPORT`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert!(!TcpSocket::new_v4()?.reuseport()?); // unless it is asked for
    /// # Ok(())
    /// # }
    /// ```
    pub fn reuseport(&self) -> io::Result<bool> {
        self.socket.reuse_port()
    }

    /// Sets the size of the system's buffer for what is sent (`SO_SNDBUF`). Linux doubles
    /// the number.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_send_buffer_size(16 * 1024)?;
    /// assert!(socket.send_buffer_size()? >= 16 * 1024);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_send_buffer_size(&self, size: u32) -> io::Result<()> {
        self.socket.set_send_buffer_size(size as usize)
    }

    /// Returns the size of the system's buffer for what is sent (`SO_SNDBUF`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert_ne!(TcpSocket::new_v4()?.send_buffer_size()?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn send_buffer_size(&self) -> io::Result<u32> {
        self.socket.send_buffer_size().map(saturated)
    }

    /// Sets the size of the system's buffer for what is received (`SO_RCVBUF`). Linux doubles
    /// the number.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_recv_buffer_size(16 * 1024)?;
    /// assert!(socket.recv_buffer_size()? >= 16 * 1024);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_recv_buffer_size(&self, size: u32) -> io::Result<()> {
        self.socket.set_recv_buffer_size(size as usize)
    }

    /// Returns the size of the system's buffer for what is received (`SO_RCVBUF`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert_ne!(TcpSocket::new_v4()?.recv_buffer_size()?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn recv_buffer_size(&self) -> io::Result<u32> {
        self.socket.recv_buffer_size().map(saturated)
    }

    /// Sets how long closing the connection waits for unsent data (`SO_LINGER`). The
    /// system counts in seconds.
    ///
    /// Deprecated as in tokio: dropping the stream then blocks the thread. Close the writing side
    /// and read to the end instead, or drop the connection with
    /// [`set_zero_linger`](Self::set_zero_linger).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// # #[allow(deprecated)]
    /// socket.set_linger(Some(Duration::from_secs(5)))?;
    /// assert_eq!(socket.linger()?, Some(Duration::from_secs(5)));
    /// # Ok(())
    /// # }
    /// ```
    #[deprecated = "`SO_LINGER` causes the socket to block the thread on drop"]
    pub fn set_linger(&self, dur: Option<Duration>) -> io::Result<()> {
        self.socket.set_linger(dur)
    }

    /// Makes closing the connection abort it: unsent data is thrown away and the
    /// peer sees a reset.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_zero_linger()?;
    /// assert_eq!(socket.linger()?, Some(Duration::ZERO));
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_zero_linger(&self) -> io::Result<()> {
        self.socket.set_linger(Some(Duration::ZERO))
    }

    /// Returns how long closing the connection waits for unsent data (`SO_LINGER`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert_eq!(TcpSocket::new_v4()?.linger()?, None); // closing does not wait
    /// # Ok(())
    /// # }
    /// ```
    pub fn linger(&self) -> io::Result<Option<Duration>> {
        self.socket.linger()
    }

    /// Chooses whether small writes are sent at once, rather than gathered while an answer is
    /// awaited (`TCP_NODELAY`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_nodelay(true)?; // of use for short requests
    /// assert!(socket.nodelay()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.socket.set_tcp_nodelay(nodelay)
    }

    /// Tells whether small writes are sent at once (`TCP_NODELAY`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert!(!TcpSocket::new_v4()?.nodelay()?); // unless it is asked for
    /// # Ok(())
    /// # }
    /// ```
    pub fn nodelay(&self) -> io::Result<bool> {
        self.socket.tcp_nodelay()
    }

    ip_options!(TcpSocket);
}

fn saturated(size: usize) -> u32 {
    size.try_into().unwrap_or(u32::MAX)
}
