//! Standard input.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::pooled_reads::PooledReads;
use crate::io::Interest;
use crate::io::cooperative::poll_with_budget;
use crate::io::families::impl_families;
use crate::io::unix::AsyncFd;
use crate::io::{AsyncRead, ReadBuf};
use crate::primitive::sync::Mutex;
use crate::util::system::bytes::read;
use crate::util::system::readiness::{Look, look};
use crate::util::system::uninterrupted;

/// The most bytes that one read moves.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// The standard input of the process, made by [`stdin`](fn@stdin).
///
/// Pipes, terminals and sockets are watched by the reactor of the runtime in which the value was
/// first read from, as a socket is. A read that waits then holds no thread: it can be dropped,
/// and neither a shutdown of the runtime nor the end of the process waits for it, though
/// tokio's do. Regular files and whatever else the system cannot watch are read on the blocking pool,
/// and so is everything if no descriptor is left at the first read, as watching takes one.
///
/// The bytes are those of the descriptor: what [`std::io::stdin`] has already read into its
/// own buffer is not among them.
///
/// If another process reads from the same pipe or terminal, it may take the bytes between the look
/// and the read; the read then blocks its worker until more arrive.
///
/// # Cancel safety
///
/// A dropped read has taken nothing; on the blocking pool, the next read of the same value
/// gets the bytes.
///
/// # Examples
///
/// ```no_run
/// use runtime::io::{AsyncReadExt, Stdin};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut input: Stdin = runtime::io::stdin();
/// let mut text = String::new();
/// input.read_to_string(&mut text).await?;
/// println!("{} lines", text.lines().count());
/// # Ok(())
/// # }
/// ```
pub struct Stdin {
    handle: io::Stdin,
    way: Way,
}

/// How bytes are come by.
enum Way {
    /// Nobody has read yet.
    Unknown,
    /// A duplicate: one descriptor can be watched only once.
    Watched(AsyncFd<File>),
    Pooled(PooledReads),
}

/// Returns a handle to the standard input of the process.
///
/// # Panics
///
/// Reading panics outside a runtime.
///
/// # Examples
///
/// ```no_run
/// use runtime::io::{AsyncBufReadExt, BufReader};
///
/// #[runtime::main]
/// async fn main() -> std::io::Result<()> {
///     let mut lines = BufReader::new(runtime::io::stdin()).lines();
///     while let Some(line) = lines.next_line().await? {
///         println!("{}", line.to_uppercase());
///     }
///     Ok(())
/// }
/// ```
pub fn stdin() -> Stdin {
    Stdin {
        handle: io::stdin(),
        way: Way::Unknown,
    }
}

impl Way {
    /// Finds out what standard input is.
    #[track_caller]
    fn to(fd: BorrowedFd<'_>) -> io::Result<Way> {
        let file = match fd.try_clone_to_owned() {
            Ok(duplicate) => File::from(duplicate),
            Err(error) if is_closed(&error) => return Err(error),
            // No descriptor is left.
            Err(_) => return Ok(Way::Pooled(PooledReads::default())),
        };
        match AsyncFd::try_with_interest(file, Interest::READABLE) {
            Ok(file) => Ok(Way::Watched(file)),
            // The system cannot watch it.
            Err(_) => Ok(Way::Pooled(PooledReads::default())),
        }
    }
}

/// Whether there is no standard input at all.
fn is_closed(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::EBADF)
}

impl AsyncRead for Stdin {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let this = self.get_mut();
        if let Way::Unknown = this.way {
            this.way = Way::to(this.handle.as_fd())?;
        }
        match &mut this.way {
            Way::Unknown => unreachable!("it has just been found out"),
            Way::Watched(file) => poll_watched(file, cx, buf),
            Way::Pooled(reads) => poll_with_budget(cx, |cx| reads.poll_read(cx, buf)),
        }
    }
}

fn poll_watched(
    file: &AsyncFd<File>,
    cx: &mut Context<'_>,
    buf: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let wanted = buf.remaining().min(MOST_BYTES);
    let free = buf.initialize_unfilled_to(wanted);
    let read = loop {
        let mut guard = ready!(file.poll_read_ready(cx))?;
        if let Ok(read) = guard.try_io(|file| read_without_blocking(file.as_fd(), &mut *free)) {
            break read?;
        }
    };
    buf.advance(read);
    Poll::Ready(Ok(()))
}

/// Reads from a descriptor in blocking mode if there is something to read.
fn read_without_blocking(fd: BorrowedFd<'_>, buf: &mut [u8]) -> io::Result<usize> {
    /// Makes the look and the read one step for all readers of this process.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock();
    if look(&mut [Look::for_reading(&fd)])? == 0 {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    uninterrupted(|| read(fd, buf))
}

impl_families!(read Stdin);

impl AsFd for Stdin {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.handle.as_fd()
    }
}

impl AsRawFd for Stdin {
    fn as_raw_fd(&self) -> RawFd {
        self.handle.as_raw_fd()
    }
}

impl fmt::Debug for Stdin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdin").finish_non_exhaustive()
    }
}
