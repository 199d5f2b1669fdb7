//! What converts to socket addresses, where there are no sockets: a bound that libraries write.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// Converts to one or more socket addresses, or names a host that has to be looked up.
///
/// Names of hosts are among them with feature `net`, as in tokio.
///
/// ```
/// use tokio::net::ToSocketAddrs;
///
/// fn takes(_: impl ToSocketAddrs) {}
///
/// takes(std::net::SocketAddr::from(([127, 0, 0, 1], 80)));
/// ```
pub trait ToSocketAddrs: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! converts {
    ($($source:ty),*) => { $(
        impl ToSocketAddrs for $source {}
        impl sealed::Sealed for $source {}
    )* };
}

converts!(SocketAddr, SocketAddrV4, SocketAddrV6, &[SocketAddr]);
converts!((IpAddr, u16), (Ipv4Addr, u16), (Ipv6Addr, u16));

impl<T: ToSocketAddrs + ?Sized> ToSocketAddrs for &T {}
impl<T: ToSocketAddrs + ?Sized> sealed::Sealed for &T {}
