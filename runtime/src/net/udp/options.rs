//! Options of a UDP socket.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::UdpSocket;
use crate::net::ip_options::ip_options;

/// # Socket options
///
/// These methods neither wait nor need a runtime. Each fails with the system's error.
impl UdpSocket {
    /// Tells whether the socket may send to broadcast addresses (`SO_BROADCAST`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert!(!socket.broadcast()?); // unless it is asked for
    /// # Ok(())
    /// # }
    /// ```
    pub fn broadcast(&self) -> io::Result<bool> {
        self.io.get_ref().broadcast()
    }

    /// Chooses whether the socket may send to broadcast addresses (`SO_BROADCAST`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_broadcast(true)?;
    /// assert!(socket.broadcast()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_broadcast(&self, on: bool) -> io::Result<()> {
        self.io.get_ref().set_broadcast(on)
    }

    /// Tells whether what an IPv4 socket sends to a group comes back to members on
    /// this host (`IP_MULTICAST_LOOP`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert!(socket.multicast_loop_v4()?); // unless it is switched off
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicast_loop_v4(&self) -> io::Result<bool> {
        self.io.get_ref().multicast_loop_v4()
    }

    /// Chooses whether what an IPv4 socket sends to a group comes back to members on
    /// this host (`IP_MULTICAST_LOOP`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_multicast_loop_v4(false)?;
    /// assert!(!socket.multicast_loop_v4()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_multicast_loop_v4(&self, on: bool) -> io::Result<()> {
        self.io.get_ref().set_multicast_loop_v4(on)
    }

    /// Returns how many hops far an IPv4 socket sends to groups (`IP_MULTICAST_TTL`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_eq!(socket.multicast_ttl_v4()?, 1); // the local network alone
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicast_ttl_v4(&self) -> io::Result<u32> {
        self.io.get_ref().multicast_ttl_v4()
    }

    /// Sets how many hops far an IPv4 socket sends to groups (`IP_MULTICAST_TTL`). It begins
    /// with 1, which stays in the local network.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_multicast_ttl_v4(4)?;
    /// assert_eq!(socket.multicast_ttl_v4()?, 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_multicast_ttl_v4(&self, ttl: u32) -> io::Result<()> {
        self.io.get_ref().set_multicast_ttl_v4(ttl)
    }

    /// Tells whether what an IPv6 socket sends to a group comes back to members on
    /// this host (`IPV6_MULTICAST_LOOP`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("[::1]:0").await?;
    /// assert!(socket.multicast_loop_v6()?); // unless it is switched off
    /// # Ok(())
    /// # }
    /// ```
    pub fn multicast_loop_v6(&self) -> io::Result<bool> {
        self.io.get_ref().multicast_loop_v6()
    }

    /// Chooses whether what an IPv6 socket sends to a group comes back to members on
    /// this host (`IPV6_MULTICAST_LOOP`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("[::1]:0").await?;
    /// socket.set_multicast_loop_v6(false)?;
    /// assert!(!socket.multicast_loop_v6()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_multicast_loop_v6(&self, on: bool) -> io::Result<()> {
        self.io.get_ref().set_multicast_loop_v6(on)
    }

    /// Returns the time to live of the packets that the socket sends, in hops (`IP_TTL`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// println!("packets go over at most {} routers", socket.ttl()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ttl(&self) -> io::Result<u32> {
        self.io.get_ref().ttl()
    }

    /// Sets the time to live of the packets that the socket sends, in hops (`IP_TTL`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// socket.set_ttl(10)?;
    /// assert_eq!(socket.ttl()?, 10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        self.io.get_ref().set_ttl(ttl)
    }

    /// Lets the socket receive what is sent to the group `multiaddr` (`IP_ADD_MEMBERSHIP`), on the
    /// interface with the address `interface`; `0.0.0.0` leaves the choice to the system.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::net::Ipv4Addr;
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("0.0.0.0:5353").await?;
    /// socket.join_multicast_v4(Ipv4Addr::new(224, 0, 0, 251), Ipv4Addr::UNSPECIFIED)?;
    /// let (_length, sender) = socket.recv_from(&mut [0; 1500]).await?;
    /// println!("{sender} asks the group");
    /// # Ok(())
    /// # }
    /// ```
    pub fn join_multicast_v4(&self, multiaddr: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
        self.io.get_ref().join_multicast_v4(&multiaddr, &interface)
    }

    /// Lets the socket receive what is sent to the group `multiaddr` (`IPV6_ADD_MEMBERSHIP`), on
    /// the interface with this index; 0 leaves the choice to the system.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::net::Ipv6Addr;
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("[::]:5353").await?;
    /// let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb);
    /// socket.join_multicast_v6(&group, 0)?;
    /// let (_length, sender) = socket.recv_from(&mut [0; 1500]).await?;
    /// println!("{sender} asks the group");
    /// # Ok(())
    /// # }
    /// ```
    pub fn join_multicast_v6(&self, multiaddr: &Ipv6Addr, interface: u32) -> io::Result<()> {
        self.io.get_ref().join_multicast_v6(multiaddr, interface)
    }

    /// Ends what [`join_multicast_v4`](Self::join_multicast_v4) began (`IP_DROP_MEMBERSHIP`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::net::Ipv4Addr;
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("0.0.0.0:5353").await?;
    /// let group = Ipv4Addr::new(224, 0, 0, 251);
    /// socket.join_multicast_v4(group, Ipv4Addr::UNSPECIFIED)?;
    /// socket.leave_multicast_v4(group, Ipv4Addr::UNSPECIFIED)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn leave_multicast_v4(&self, multiaddr: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
        self.io.get_ref().leave_multicast_v4(&multiaddr, &interface)
    }

    /// Ends what [`join_multicast_v6`](Self::join_multicast_v6) began (`IPV6_DROP_MEMBERSHIP`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::net::Ipv6Addr;
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("[::]:5353").await?;
    /// let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0xfb);
    /// socket.join_multicast_v6(&group, 0)?;
    /// socket.leave_multicast_v6(&group, 0)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn leave_multicast_v6(&self, multiaddr: &Ipv6Addr, interface: u32) -> io::Result<()> {
        self.io.get_ref().leave_multicast_v6(multiaddr, interface)
    }

    ip_options!(UdpSocket);
}
