//! Turns what users pass as an address into socket addresses, asking the system's
//! resolver only for names.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::{option, vec};

use socket2::SockAddr;

use crate::raw_task::Meta;
use crate::scheduler::{AtShutdown, context, shutting_down};

/// What can be turned into one or more socket addresses.
///
/// Everything that [`TcpListener::bind`](super::TcpListener::bind),
/// [`TcpStream::connect`](super::TcpStream::connect) and [`lookup_host`] take implements this
/// trait. It has no methods of its own and cannot be implemented elsewhere.
///
/// - [`SocketAddr`], [`SocketAddrV4`], [`SocketAddrV6`], `&[SocketAddr]`: used as they are.
/// - `(IpAddr, u16)`, `(Ipv4Addr, u16)`, `(Ipv6Addr, u16)`: an address and a port.
/// - `(&str, u16)`, `(String, u16)`: a host and a port. The host is an IP address or a name.
/// - `str`, `String`: `"host:port"`, as in `"127.0.0.1:80"`, `"[::1]:80"` or `"example.com:80"`.
///
/// An IP address is recognised at once. A name is looked up by the system's resolver on the
/// blocking pool, since that call may take seconds; its answer may hold several addresses.
///
/// # Examples
///
/// ```
/// use std::net::Ipv4Addr;
/// use runtime::net::{ToSocketAddrs, UdpSocket};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// async fn bind(addr: impl ToSocketAddrs) -> std::io::Result<UdpSocket> {
///     UdpSocket::bind(addr).await
/// }
///
/// bind("127.0.0.1:0").await?; // as text
/// bind(("127.0.0.1", 0)).await?; // as a host and a port
/// bind((Ipv4Addr::LOCALHOST, 0)).await?; // as an address and a port
/// # Ok(())
/// # }
/// ```
pub trait ToSocketAddrs: sealed::AsQuery {}

mod sealed {
    pub trait AsQuery {
        fn as_query(&self) -> super::Query;
    }
}

/// Looks a name up and returns the addresses it stands for.
///
/// The look-up runs on the blocking pool; an address that needs none is returned at once.
///
/// # Errors
///
/// Fails if the name is malformed or unknown, if the resolver fails, if the system gives the
/// runtime no thread for the look-up, or if the runtime is shutting down.
///
/// # Panics
///
/// Panics if a name must be looked up and no runtime is running.
///
/// # Cancel safety
///
/// Nothing is lost when the future is dropped; a look-up that has started runs to its end on the
/// pool and its answer is discarded.
///
/// # Examples
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// for address in runtime::net::lookup_host("localhost:3000").await? {
///     println!("{address}");
/// }
/// # Ok(())
/// # }
/// ```
pub async fn lookup_host<T: ToSocketAddrs>(
    host: T,
) -> io::Result<impl Iterator<Item = SocketAddr>> {
    resolve(host).await
}

/// Resolves `address`, which is not kept while the look-up is under way.
pub(super) fn resolve(
    address: impl ToSocketAddrs,
) -> impl Future<Output = io::Result<Addresses>> + Send + 'static {
    address.as_query().answer()
}

/// Tries each of the addresses that `address` stands for, until one serves.
///
/// Fails with the error of the last one.
///
/// Not an `AsyncFnMut`: where one borrows, the compiler does not see that a task's future can be sent.
pub(super) async fn first<T, F>(
    address: impl ToSocketAddrs,
    mut attempt: impl FnMut(SocketAddr) -> F,
) -> io::Result<T>
where
    F: Future<Output = io::Result<T>>,
{
    let mut failure = None;
    for address in resolve(address).await? {
        match attempt(address).await {
            Ok(success) => return Ok(success),
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.unwrap_or_else(no_address))
}

/// As [`first`], with attempts that do not wait.
///
/// An attempt may borrow here: of the future of an async closure that borrows, the compiler finds no proof that it
/// is `Send`.
pub(super) async fn first_at_once<T>(
    address: impl ToSocketAddrs,
    mut attempt: impl FnMut(SocketAddr) -> io::Result<T>,
) -> io::Result<T> {
    let mut failure = None;
    for address in resolve(address).await? {
        match attempt(address) {
            Ok(success) => return Ok(success),
            Err(error) => failure = Some(error),
        }
    }
    Err(failure.unwrap_or_else(no_address))
}

/// The address that the system names, of a socket that speaks IPv4 or IPv6.
pub(super) fn of_the_internet(address: SockAddr) -> io::Result<SocketAddr> {
    address.as_socket().ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "the socket speaks neither IPv4 nor IPv6",
        )
    })
}

/// The error of an argument that stands for no address.
pub(super) fn no_address() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "the address stands for no socket address",
    )
}

/// What an argument asks for.
#[derive(Debug)]
pub enum Query {
    Known(Addresses),
    Name(Name),
}

/// A name that only the resolver knows.
#[derive(Debug)]
pub enum Name {
    /// `host:port` in one string.
    WithPort(String),
    Host(String, u16),
}

/// The addresses found, in the order in which they are to be tried.
#[derive(Debug)]
pub enum Addresses {
    One(option::IntoIter<SocketAddr>),
    Many(vec::IntoIter<SocketAddr>),
}

impl Query {
    fn one(address: impl Into<SocketAddr>) -> Query {
        Query::Known(Addresses::One(Some(address.into()).into_iter()))
    }

    fn host(host: &str, port: u16) -> Query {
        match host.parse::<IpAddr>() {
            Ok(ip) => Query::one((ip, port)),
            Err(_) => Query::Name(Name::Host(host.to_owned(), port)),
        }
    }

    async fn answer(self) -> io::Result<Addresses> {
        let name = match self {
            Query::Known(addresses) => return Ok(addresses),
            Query::Name(name) => name,
        };
        let look_up = move || name.look_up();
        let answer =
            context::current().try_spawn_blocking(look_up, Meta::here(None), AtShutdown::Cancel)?;
        match answer.await {
            Ok(answer) => answer,
            Err(_) => Err(shutting_down()),
        }
    }
}

impl Name {
    fn look_up(self) -> io::Result<Addresses> {
        use std::net::ToSocketAddrs as _;
        let addresses = match self {
            Name::WithPort(name) => name.to_socket_addrs(),
            Name::Host(host, port) => (host, port).to_socket_addrs(),
        }?;
        Ok(Addresses::Many(addresses))
    }
}

impl Iterator for Addresses {
    type Item = SocketAddr;

    fn next(&mut self) -> Option<SocketAddr> {
        match self {
            Addresses::One(address) => address.next(),
            Addresses::Many(addresses) => addresses.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Addresses::One(address) => address.size_hint(),
            Addresses::Many(addresses) => addresses.size_hint(),
        }
    }
}

impl<T: ToSocketAddrs + ?Sized> ToSocketAddrs for &T {}
impl<T: ToSocketAddrs + ?Sized> sealed::AsQuery for &T {
    fn as_query(&self) -> Query {
        (**self).as_query()
    }
}

impl ToSocketAddrs for SocketAddr {}
impl sealed::AsQuery for SocketAddr {
    fn as_query(&self) -> Query {
        Query::one(*self)
    }
}

impl ToSocketAddrs for SocketAddrV4 {}
impl sealed::AsQuery for SocketAddrV4 {
    fn as_query(&self) -> Query {
        Query::one(*self)
    }
}

impl ToSocketAddrs for SocketAddrV6 {}
impl sealed::AsQuery for SocketAddrV6 {
    fn as_query(&self) -> Query {
        Query::one(*self)
    }
}

impl ToSocketAddrs for (IpAddr, u16) {}
impl sealed::AsQuery for (IpAddr, u16) {
    fn as_query(&self) -> Query {
        Query::one(*self)
    }
}

impl ToSocketAddrs for (Ipv4Addr, u16) {}
impl sealed::AsQuery for (Ipv4Addr, u16) {
    fn as_query(&self) -> Query {
        Query::one(*self)
    }
}

impl ToSocketAddrs for (Ipv6Addr, u16) {}
impl sealed::AsQuery for (Ipv6Addr, u16) {
    fn as_query(&self) -> Query {
        Query::one(*self)
    }
}

impl ToSocketAddrs for &[SocketAddr] {}
impl sealed::AsQuery for &[SocketAddr] {
    fn as_query(&self) -> Query {
        Query::Known(Addresses::Many(Vec::from(*self).into_iter()))
    }
}

impl ToSocketAddrs for (&str, u16) {}
impl sealed::AsQuery for (&str, u16) {
    fn as_query(&self) -> Query {
        Query::host(self.0, self.1)
    }
}

impl ToSocketAddrs for (String, u16) {}
impl sealed::AsQuery for (String, u16) {
    fn as_query(&self) -> Query {
        Query::host(&self.0, self.1)
    }
}

impl ToSocketAddrs for str {}
impl sealed::AsQuery for str {
    fn as_query(&self) -> Query {
        match self.parse::<SocketAddr>() {
            Ok(address) => Query::one(address),
            Err(_) => Query::Name(Name::WithPort(self.to_owned())),
        }
    }
}

impl ToSocketAddrs for String {}
impl sealed::AsQuery for String {
    fn as_query(&self) -> Query {
        self.as_str().as_query()
    }
}
