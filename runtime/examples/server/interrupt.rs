//! Ctrl-C (and SIGTERM) as something to await.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use runtime::io::unix::AsyncFd;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// Waits for the first interrupt; the second one ends the process at once.
#[derive(Debug)]
pub(crate) struct Interrupt {
    /// The signal handler writes a byte to the other end.
    wakeups: AsyncFd<UnixStream>,
}

impl Interrupt {
    /// Takes over both signals, so that none is missed from here on.
    pub(crate) fn listen() -> io::Result<Self> {
        let (wakeups, handler_end) = UnixStream::pair()?;
        wakeups.set_nonblocking(true)?;
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // Handlers run in this order: the first signal finds the flag down, and
            // raises it for the second.
            flag::register_conditional_default(signal, Arc::clone(&interrupted))?;
            flag::register(signal, Arc::clone(&interrupted))?;
            low_level::pipe::register(signal, handler_end.try_clone()?)?;
        }
        Ok(Self {
            wakeups: AsyncFd::new(wakeups)?,
        })
    }

    pub(crate) async fn received(&self) -> io::Result<()> {
        self.wakeups.readable().await.map(drop)
    }
}
