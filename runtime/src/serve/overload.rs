//! What an acceptor tells of bad times.

use std::fmt;

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// What an acceptor has counted since it was made.
///
/// # Examples
///
/// ```
/// use runtime::net::{TcpListener, TcpStream};
/// use runtime::serve::Acceptor;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1_000);
/// let before = acceptor.counts();
/// let _client = TcpStream::connect(acceptor.local_addr()?).await?;
/// acceptor.accept().await?;
/// assert_eq!(acceptor.counts().accepted - before.accepted, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Connections that were accepted and handed out.
    pub accepted: u64,
    /// Connections that were closed at once because descriptors had run out.
    pub refused: u64,
    /// Connections that were gone before they were accepted.
    pub aborted: u64,
    /// Times that somebody who accepts had to wait because as many connections as allowed were there.
    pub full: u64,
    /// Times that it paused because descriptors or memory had run out.
    pub pauses: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) accepted: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) aborted: AtomicU64,
    pub(super) full: AtomicU64,
    pub(super) pauses: AtomicU64,
}

impl Counters {
    pub(super) fn read(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            accepted: read(&self.accepted),
            refused: read(&self.refused),
            aborted: read(&self.aborted),
            full: read(&self.full),
            pauses: read(&self.pauses),
        }
    }

    pub(super) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// What an acceptor is short of.
///
/// # Examples
///
/// ```
/// use runtime::net::TcpListener;
/// use runtime::serve::{Acceptor, Shortage};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let acceptor = Acceptor::new(listener, 1_000).on_overload(|overload| match &overload.shortage {
///     Shortage::Connections => {} // meant to be so
///     Shortage::Resources(error) => eprintln!("raise `ulimit -n`: {error}"),
///     other => eprintln!("short of {other:?}"),
/// });
/// # drop(acceptor);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Shortage {
    /// As many connections as allowed are there; the next waits in the system's queue.
    Connections,
    /// The system has no descriptor, no memory or no watch for the next.
    Resources(std::io::Error),
}

/// A report of an acceptor in bad times; see [`Acceptor::on_overload`](super::Acceptor::on_overload).
///
/// # Examples
///
/// ```
/// use runtime::net::TcpListener;
/// use runtime::serve::{Acceptor, Overload};
///
/// fn report(overload: &Overload) {
///     eprintln!("{overload}");
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let acceptor = Acceptor::new(listener, 1_000).on_overload(report);
/// # drop(acceptor);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Overload {
    /// What it is short of.
    pub shortage: Shortage,
    /// Connections that are being served.
    pub active: usize,
    /// What has been counted so far.
    pub counts: Counts,
}

impl fmt::Display for Overload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (active, counts) = (self.active, self.counts);
        match &self.shortage {
            Shortage::Connections => write!(
                f,
                "{active} connections are there, as many as allowed: the next waits until one is over"
            )?,
            Shortage::Resources(error) => write!(
                f,
                "no connection can be accepted beside the {active} that are there ({error}): raise \
                 the limit of descriptors, or allow fewer connections"
            )?,
        }
        write!(
            f,
            "; so far {} accepted, {} refused",
            counts.accepted, counts.refused
        )
    }
}
