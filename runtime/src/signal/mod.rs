//! Signals of the operating system, as things to wait for.
//!
//! - [`ctrl_c`] waits for the interrupt key; [`shutdown_requested`] for that or the polite request to
//!   end that service managers send.
//! - [`unix::signal`] listens for any signal.
//!
//! The first listener for a signal replaces what the signal would do otherwise, mostly end the process,
//! and that does not come back when the listener is dropped. Any number of
//! listeners, on any number of runtimes, hear of each signal.
//!
//! # Examples
//!
//! A server that ends when it is told to, and lets finish what is under way; `serve` has the whole of it:
//!
//! ```no_run
//! use runtime::{serve::Shutdown, signal::shutdown_requested, time::Duration};
//!
//! #[runtime::main]
//! async fn main() -> std::io::Result<()> {
//!     let shutdown = Shutdown::new();
//!     shutdown.spawn("server", std::future::pending::<()>());
//!     let signal = shutdown_requested().await?;
//!     println!("ending after {signal:?}");
//!     shutdown.finish(Duration::from_secs(10)).await;
//!     Ok(())
//! }
//! ```

mod arrivals;
pub(crate) mod bell;
mod ear;
mod listener;
pub mod unix;
mod wire;

use std::future::poll_fn;
use std::io;
use std::task::Poll;

use unix::{SignalKind, signal};

/// Waits for the interrupt key, control and C.
///
/// # Errors
///
/// As of [`unix::signal`].
///
/// # Panics
///
/// If no runtime is running.
///
/// # Cancel safety
///
/// From its first poll on, a signal no longer ends the process, even if the future is dropped; one that
/// arrives between two calls is not heard of. To miss none, keep a [`unix::Signal`].
///
/// # Examples
///
/// ```no_run
/// #[runtime::main]
/// async fn main() -> std::io::Result<()> {
///     println!("until control and C");
///     runtime::signal::ctrl_c().await
/// }
/// ```
pub async fn ctrl_c() -> io::Result<()> {
    signal(SignalKind::interrupt())?.recv().await;
    Ok(())
}

/// Waits until somebody asks the process to end: by control and C, or by `SIGTERM` as `kill`, systemd and
/// container engines do. Returns which.
///
/// # Errors
///
/// As of [`unix::signal`].
///
/// # Panics
///
/// If no runtime is running.
///
/// # Cancel safety
///
/// As of [`ctrl_c`].
///
/// # Examples
///
/// ```no_run
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let signal = runtime::signal::shutdown_requested().await?;
/// println!("ending after {signal:?}");
/// # Ok(())
/// # }
/// ```
pub async fn shutdown_requested() -> io::Result<SignalKind> {
    let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
    let [mut interrupt, mut terminate] = [signal(kinds[0])?, signal(kinds[1])?];
    Ok(poll_fn(|cx| {
        let signals = [&mut interrupt, &mut terminate];
        let heard = signals.map(|signal| signal.poll_recv(cx).is_ready());
        match heard.iter().position(|&heard| heard) {
            Some(which) => Poll::Ready(kinds[which]),
            None => Poll::Pending,
        }
    })
    .await)
}
