//! Addresses of Unix sockets.

use std::fmt;
use std::io;
use std::os::unix::net;
use std::path::Path;

use socket2::SockAddr;

/// The address of a Unix socket: a path, nothing at all, or, on Linux, an abstract name.
///
/// A socket that is not bound is unnamed, as are both ends of a pair.
///
/// # Examples
///
/// ```
/// use runtime::net::UnixListener;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-socket-addr", std::process::id()));
/// let listener = UnixListener::bind(&path)?;
/// assert_eq!(listener.local_addr()?.as_pathname(), Some(path.as_path()));
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SocketAddr(net::SocketAddr);

impl SocketAddr {
    /// Tells whether the socket has no name.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, _peer) = UnixStream::pair()?;
    /// assert!(stream.local_addr()?.is_unnamed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_unnamed(&self) -> bool {
        self.0.is_unnamed()
    }

    /// Returns the path, if the address is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-socket-addr-as-pathname", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// assert_eq!(listener.local_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_pathname(&self) -> Option<&Path> {
        self.0.as_pathname()
    }

    /// Returns the name in the abstract namespace, without the null byte before it, if the address
    /// is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # if cfg!(target_os = "linux") {
    /// let name = format!("example-{}", std::process::id());
    /// let listener = UnixListener::bind(format!("\0{name}"))?;
    /// assert_eq!(listener.local_addr()?.as_abstract_name(), Some(name.as_bytes()));
    /// # }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn as_abstract_name(&self) -> Option<&[u8]> {
        abstract_names::get(&self.0)
    }

    pub(super) fn as_std(&self) -> &net::SocketAddr {
        &self.0
    }
}

impl fmt::Debug for SocketAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<net::SocketAddr> for SocketAddr {
    fn from(address: net::SocketAddr) -> SocketAddr {
        SocketAddr(address)
    }
}

impl From<SocketAddr> for net::SocketAddr {
    fn from(address: SocketAddr) -> net::SocketAddr {
        address.0
    }
}

/// The address that a path stands for. On Linux a path that begins with a null byte is a name in
/// the abstract namespace.
pub(super) fn of_path(path: &Path) -> io::Result<net::SocketAddr> {
    match abstract_names::in_path(path) {
        Some(name) => abstract_names::make(name),
        None => net::SocketAddr::from_pathname(path),
    }
}

/// The address of a socket without a name.
pub(super) fn unnamed() -> SocketAddr {
    let unnamed = net::SocketAddr::from_pathname("");
    SocketAddr(unnamed.expect("the empty path stands for no name"))
}

/// The address that the system names.
pub(super) fn of_the_system(address: SockAddr) -> io::Result<SocketAddr> {
    if let Some(path) = address.as_pathname() {
        return net::SocketAddr::from_pathname(path).map(SocketAddr);
    }
    match address.as_abstract_namespace() {
        Some(name) => abstract_names::make(name).map(SocketAddr),
        None => Ok(unnamed()),
    }
}

/// [`of_path`] in socket2's form, which sockets take that are there already.
pub(super) fn for_the_system(path: &Path) -> io::Result<SockAddr> {
    SockAddr::unix(path)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod abstract_names {
    use std::io;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::SocketAddr;
    use std::path::Path;

    #[cfg(target_os = "android")]
    use std::os::android::net::SocketAddrExt;
    #[cfg(target_os = "linux")]
    use std::os::linux::net::SocketAddrExt;

    pub(super) fn get(address: &SocketAddr) -> Option<&[u8]> {
        address.as_abstract_name()
    }

    pub(super) fn in_path(path: &Path) -> Option<&[u8]> {
        path.as_os_str().as_bytes().strip_prefix(b"\0")
    }

    pub(super) fn make(name: &[u8]) -> io::Result<SocketAddr> {
        SocketAddr::from_abstract_name(name)
    }
}

/// Elsewhere there are no such names.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod abstract_names {
    use std::io;
    use std::os::unix::net::SocketAddr;
    use std::path::Path;

    pub(super) fn in_path(_: &Path) -> Option<&[u8]> {
        None
    }

    pub(super) fn make(_: &[u8]) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
