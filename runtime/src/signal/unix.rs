//! Unix signals.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use libc::c_int;

use super::arrivals::SIGNALS;
use super::listener::Listener;

/// Which signal.
///
/// # Examples
///
/// ```
/// use runtime::signal::unix::SignalKind;
///
/// let kind = SignalKind::terminate();
/// assert_eq!(format!("{kind:?}"), "SIGTERM");
/// assert_eq!(kind.as_raw_value(), 15);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignalKind(c_int);

macro_rules! signal_kinds {
    ($($(#[$attribute:meta])* $name:ident = $signal:ident, $meaning:literal;)*) => {
        impl SignalKind {
            $(
                #[doc = concat!("`", stringify!($signal), "`: ", $meaning)]
                ///
                /// # Examples
                ///
                /// ```
                /// use runtime::signal::unix::SignalKind;
                ///
                #[doc = concat!("let kind = SignalKind::", stringify!($name), "();")]
                #[doc = concat!("assert_eq!(format!(\"{kind:?}\"), \"", stringify!($signal), "\");")]
                /// ```
                $(#[$attribute])*
                pub const fn $name() -> Self {
                    SignalKind(libc::$signal)
                }
            )*

            fn name(self) -> Option<&'static str> {
                $(
                    $(#[$attribute])*
                    if self.0 == libc::$signal {
                        return Some(stringify!($signal));
                    }
                )*
                None
            }
        }
    };
}

signal_kinds! {
    alarm = SIGALRM, "a timer of `alarm` has run out.";
    child = SIGCHLD, "a child process has ended, stopped or gone on. It would be ignored otherwise.";
    hangup = SIGHUP, "the terminal is gone; services take it as a request to read their settings again.";
    #[cfg(any(target_os = "macos", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
    info = SIGINFO, "somebody at the terminal asks how it goes. It would be ignored otherwise.";
    interrupt = SIGINT, "the interrupt key of the terminal, control and C.";
    io = SIGIO, "a descriptor has become ready for input or output.";
    pipe = SIGPIPE, "a write to a pipe that nobody reads. Programs of Rust ignore it from the start.";
    quit = SIGQUIT, "the quit key of the terminal, control and backslash.";
    terminate = SIGTERM, "the polite request to end.";
    user_defined1 = SIGUSR1, "for programs to give a meaning to.";
    user_defined2 = SIGUSR2, "for programs to give a meaning to.";
    window_change = SIGWINCH, "the terminal has another size. It would be ignored otherwise.";
}

/// Signals whose handlers could not go on, or that have no handlers.
const FORBIDDEN: [c_int; 5] = [
    libc::SIGKILL,
    libc::SIGSTOP,
    libc::SIGILL,
    libc::SIGFPE,
    libc::SIGSEGV,
];

impl SignalKind {
    /// Makes a kind of the system's number, for signals that have no name here.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::from_raw(15), SignalKind::terminate());
    /// ```
    pub const fn from_raw(signum: c_int) -> Self {
        SignalKind(signum)
    }

    /// Returns the system's number.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::signal::unix::SignalKind;
    ///
    /// assert_eq!(SignalKind::hangup().as_raw_value(), 1);
    /// ```
    pub const fn as_raw_value(&self) -> c_int {
        self.0
    }
}

impl From<c_int> for SignalKind {
    fn from(signum: c_int) -> Self {
        SignalKind(signum)
    }
}

impl From<SignalKind> for c_int {
    fn from(kind: SignalKind) -> Self {
        kind.0
    }
}

impl fmt::Debug for SignalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => f.debug_tuple("SignalKind").field(&self.0).finish(),
        }
    }
}

/// Listens for a signal from now on. One that came just before, and that no listener and no runtime has noticed yet, is told, too:
/// who drops a listener and makes the next one misses little.
///
/// What the signal would do otherwise is replaced for good, even when the listener is dropped.
///
/// # Errors
///
/// `InvalidInput` for a number that is no signal, and for signals that cannot be listened for: `SIGKILL`,
/// `SIGSTOP`, `SIGILL`, `SIGFPE`, `SIGSEGV`. Otherwise the two descriptors cannot be had that the first listener of a
/// process takes; later ones take none, so once it has worked it works again.
///
/// # Panics
///
/// If no runtime is running.
///
/// # Examples
///
/// A service that reads its settings again when it is told to:
///
/// ```no_run
/// use runtime::signal::unix::{SignalKind, signal};
///
/// #[runtime::main]
/// async fn main() -> std::io::Result<()> {
///     let mut hangup = signal(SignalKind::hangup())?;
///     while hangup.recv().await.is_some() {
///         println!("reading the settings");
///     }
///     Ok(())
/// }
/// ```
#[track_caller]
pub fn signal(kind: SignalKind) -> io::Result<Signal> {
    let is_a_number_of_one = (1..SIGNALS as c_int).contains(&kind.0);
    if FORBIDDEN.contains(&kind.0) || !is_a_number_of_one {
        let why = format!("{kind:?} cannot be listened for: choose another signal");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    Ok(Signal {
        kind,
        listener: Listener::new(kind.0)?,
    })
}

/// A stream of the arrivals of one signal; made by [`signal`].
///
/// Signals that arrive before the last one was received are told as one. Any number of streams, of any number of
/// runtimes, hear of each.
///
/// # Examples
///
/// ```no_run
/// use runtime::signal::unix::{Signal, SignalKind, signal};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut quit: Signal = signal(SignalKind::quit())?;
/// let mut terminate: Signal = signal(SignalKind::terminate())?;
/// runtime::select! {
///     _ = quit.recv() => println!("ending at once"),
///     _ = terminate.recv() => println!("ending in good order"),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping it ends the listening, and the signal does nothing from then on"]
pub struct Signal {
    kind: SignalKind,
    listener: Listener,
}

impl Signal {
    /// Waits for the next arrival. Never returns `None`.
    ///
    /// # Panics
    ///
    /// If the runtime on which it was made has shut down, once it has told what arrived before. In a fork of its
    /// process.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses no arrival.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::signal::unix::{SignalKind, signal};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut user1 = signal(SignalKind::user_defined1())?;
    /// while user1.recv().await.is_some() {
    ///     println!("somebody wants to know how it goes");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn recv(&mut self) -> Option<()> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// Polls for the next arrival. The waker of the last call is the one that is woken.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::future::poll_fn;
    /// use runtime::signal::unix::{SignalKind, signal};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut hangup = signal(SignalKind::hangup())?;
    /// poll_fn(|cx| hangup.poll_recv(cx)).await;
    /// println!("reading the settings");
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<()>> {
        match ready!(self.try_poll_recv(cx)) {
            Ok(()) => Poll::Ready(Some(())),
            Err(error) => panic!("nobody can wait for a signal here any more: {error}"),
        }
    }

    /// As [`poll_recv`](Self::poll_recv), with an error once the runtime has shut down.
    pub(crate) fn try_poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.listener.poll_arrival(cx)
    }

    /// Returns which signal it listens for.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::signal::unix::{SignalKind, signal};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let hangup = signal(SignalKind::hangup())?;
    /// assert_eq!(hangup.kind(), SignalKind::hangup());
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> SignalKind {
        self.kind
    }
}

impl fmt::Debug for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signal")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Stream for Signal {
    type Item = ();

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<()>> {
        self.poll_recv(cx)
    }
}
