//! Sending a datagram to whom one names.

use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use io_driver::Direction;

use super::UdpSocket;
use crate::io::Interest;
use crate::net::addr::{self, ToSocketAddrs};

/// # Sending to an address
impl UdpSocket {
    /// Sends `buf` as one datagram to the first of the given addresses, and returns
    /// how many bytes that was.
    ///
    /// Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, with the resolver's error if a name is unknown, with
    /// [`io::ErrorKind::InvalidInput`] if there is no address at all, or if the socket's
    /// runtime is gone.
    ///
    /// # Panics
    ///
    /// Panics if a name must be looked up and no runtime is running.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, nothing has been sent.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sender = UdpSocket::bind("127.0.0.1:0").await?;
    /// let receiver = UdpSocket::bind("127.0.0.1:0").await?;
    /// sender.send_to(b"hello", receiver.local_addr()?).await?;
    /// let mut buf = [0; 16];
    /// assert_eq!(receiver.recv_from(&mut buf).await?, (5, sender.local_addr()?));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send_to<A: ToSocketAddrs>(&self, buf: &[u8], addr: A) -> io::Result<usize> {
        let mut addresses = addr::resolve(addr).await?;
        let target = addresses.next().ok_or_else(addr::no_address)?;
        let send = || self.io.get_ref().send_to(buf, target);
        self.io.async_io(Interest::WRITABLE, send).await
    }

    /// Sends `buf` as one datagram to `target`, or registers the current task to be woken
    /// when there is room.
    ///
    /// Only the waker of the last call in this direction is woken.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, or if the socket's runtime is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sender = UdpSocket::bind("127.0.0.1:0").await?;
    /// let receiver = UdpSocket::bind("127.0.0.1:0").await?;
    /// let target = receiver.local_addr()?;
    /// assert_eq!(poll_fn(|cx| sender.poll_send_to(cx, b"hello", target)).await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_send_to(
        &self,
        cx: &mut Context<'_>,
        buf: &[u8],
        target: SocketAddr,
    ) -> Poll<io::Result<usize>> {
        let send = || self.io.get_ref().send_to(buf, target);
        self.io.poll_io(cx, Direction::Write, send)
    }

    /// Sends `buf` as one datagram to `target`, without waiting.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if there is no room; wait for
    /// [`writable`](Self::writable).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sender = UdpSocket::bind("127.0.0.1:0").await?;
    /// let receiver = UdpSocket::bind("127.0.0.1:0").await?;
    /// sender.writable().await?;
    /// assert_eq!(sender.try_send_to(b"hello", receiver.local_addr()?)?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_send_to(&self, buf: &[u8], target: SocketAddr) -> io::Result<usize> {
        let send = || self.io.get_ref().send_to(buf, target);
        self.io.try_io(Interest::WRITABLE, send)
    }
}
