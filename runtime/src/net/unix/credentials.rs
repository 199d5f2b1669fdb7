//! Who is at the other end of a Unix stream.

use std::io;
use std::os::fd::BorrowedFd;

/// A user's number.
///
/// # Examples
///
/// ```
/// use runtime::net::{UnixStream, unix::uid_t};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (stream, _peer) = UnixStream::pair()?;
/// let user: uid_t = stream.peer_cred()?.uid();
/// println!("user {user}");
/// # Ok(())
/// # }
/// ```
#[allow(non_camel_case_types, reason = "the system's name")]
pub type uid_t = u32;

/// A group's number.
///
/// # Examples
///
/// ```
/// use runtime::net::{UnixStream, unix::gid_t};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (stream, _peer) = UnixStream::pair()?;
/// let group: gid_t = stream.peer_cred()?.gid();
/// println!("group {group}");
/// # Ok(())
/// # }
/// ```
#[allow(non_camel_case_types, reason = "the system's name")]
pub type gid_t = u32;

/// A process's number.
///
/// # Examples
///
/// ```
/// use runtime::net::{UnixStream, unix::pid_t};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (stream, _peer) = UnixStream::pair()?;
/// let process: Option<pid_t> = stream.peer_cred()?.pid();
/// println!("process {process:?}");
/// # Ok(())
/// # }
/// ```
#[allow(non_camel_case_types, reason = "the system's name")]
pub type pid_t = i32;

/// The credentials of a process, as they were when it connected, or listened.
///
/// # Examples
///
/// ```
/// use runtime::net::UnixStream;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (stream, peer) = UnixStream::pair()?;
/// assert_eq!(stream.peer_cred()?, peer.peer_cred()?); // this process made both
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UCred {
    pid: Option<pid_t>,
    uid: uid_t,
    gid: gid_t,
}

impl UCred {
    /// Returns the number of the effective user.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, _peer) = UnixStream::pair()?;
    /// let is_root = stream.peer_cred()?.uid() == 0;
    /// println!("may do everything: {is_root}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn uid(&self) -> uid_t {
        self.uid
    }

    /// Returns the number of the effective group.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, _peer) = UnixStream::pair()?;
    /// println!("group {}", stream.peer_cred()?.gid());
    /// # Ok(())
    /// # }
    /// ```
    pub fn gid(&self) -> gid_t {
        self.gid
    }

    /// Returns the number of the process, where the system tells it: on Linux, Android,
    /// macOS, iOS and FreeBSD.
    ///
    /// On Linux and Android it is zero if the process has no number here, because it is in another PID
    /// namespace (outside of this container), or if there is no peer.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, _peer) = UnixStream::pair()?;
    /// if let Some(process) = stream.peer_cred()?.pid() {
    ///     assert_eq!(process as u32, std::process::id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pid(&self) -> Option<pid_t> {
        self.pid
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn of_peer(socket: BorrowedFd<'_>) -> io::Result<UCred> {
    let mut peer = libc::ucred {
        pid: 0,
        uid: 0,
        gid: 0,
    };
    // SAFETY: the option's value is a `ucred`, three numbers of which any will do.
    unsafe { option(socket, libc::SOL_SOCKET, libc::SO_PEERCRED, &mut peer) }?;
    Ok(UCred {
        pid: Some(peer.pid),
        uid: peer.uid,
        gid: peer.gid,
    })
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn of_peer(socket: BorrowedFd<'_>) -> io::Result<UCred> {
    use std::os::fd::AsRawFd;

    let (mut uid, mut gid) = (0, 0);
    // SAFETY: the descriptor is open while it is borrowed, and both results outlive the call.
    let failed = unsafe { libc::getpeereid(socket.as_raw_fd(), &mut uid, &mut gid) } != 0;
    if failed {
        return Err(io::Error::last_os_error());
    }
    let pid = peer_pid(socket)?;
    Ok(UCred { pid, uid, gid })
}

#[cfg(any(target_os = "macos", target_os = "ios"))]
fn peer_pid(socket: BorrowedFd<'_>) -> io::Result<Option<pid_t>> {
    let mut pid: pid_t = 0;
    // SAFETY: the option's value is one `pid_t`.
    unsafe { option(socket, libc::SOL_LOCAL, libc::LOCAL_PEERPID, &mut pid) }?;
    Ok(Some(pid))
}

#[cfg(target_os = "freebsd")]
fn peer_pid(socket: BorrowedFd<'_>) -> io::Result<Option<pid_t>> {
    /// `SOL_LOCAL` of `<sys/un.h>`, which libc does not have.
    const SOL_LOCAL: libc::c_int = 0;
    // SAFETY: all zeroes are a valid `xucred`: numbers, and a pointer that nobody follows.
    let mut peer: libc::xucred = unsafe { std::mem::zeroed() };
    // SAFETY: the option's value is an `xucred`.
    unsafe { option(socket, SOL_LOCAL, libc::LOCAL_PEERCRED, &mut peer) }?;
    // SAFETY: the union holds the number of a process; before FreeBSD 13 it holds the null pointer
    // there, which reads as zero.
    let pid = unsafe { peer.cr_pid__c_anonymous_union.cr_pid };
    Ok((pid != 0).then_some(pid))
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd"
)))]
fn peer_pid(_: BorrowedFd<'_>) -> io::Result<Option<pid_t>> {
    Ok(None)
}

/// Reads an option of a Unix socket into `value`.
///
/// # Safety
///
/// Whatever the system writes for this option is a valid `T`.
#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd"
))]
unsafe fn option<T>(
    socket: BorrowedFd<'_>,
    level: libc::c_int,
    name: libc::c_int,
    value: &mut T,
) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    let mut length = size_of::<T>() as libc::socklen_t;
    let value = std::ptr::from_mut(value).cast();
    // SAFETY: the descriptor is open while it is borrowed; the system writes no more than `length`
    // bytes to `value`, which is as large; the caller vouches for their meaning.
    match unsafe { libc::getsockopt(socket.as_raw_fd(), level, name, value, &mut length) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
