//! Ends a test that hangs, and says which one it was.

use std::io::Write;
use std::panic::Location;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::alone;

/// Longer than any test takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Acts if it lives for a minute.
#[derive(Debug)]
#[must_use = "it watches until it is dropped"]
pub struct Watchdog {
    _called_off_when_dropped: Option<Sender<()>>,
}

impl Watchdog {
    /// Aborts the process in the end: a thread that hangs cannot be made to panic. `what` is for
    /// the message.
    ///
    /// A process that runs one test [`alone`] is watched by its parent instead.
    #[track_caller]
    pub fn start(what: impl Into<String>) -> Watchdog {
        if alone::is_child() {
            return Watchdog {
                _called_off_when_dropped: None,
            };
        }
        let (what, here) = (what.into(), Location::caller());
        let test = thread::current().name().unwrap_or("a test").to_owned();
        Watchdog::start_with(move || {
            // Not `eprintln`, which libtest would keep for itself.
            let _ = writeln!(std::io::stderr(), "{test} hangs {what}: see {here}");
            std::process::abort();
        })
    }

    /// Calls `act` in the end.
    pub fn start_with(act: impl FnOnce() + Send + 'static) -> Watchdog {
        let (called_off, watched) = channel();
        thread::spawn(move || {
            if watched.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                act();
            }
        });
        Watchdog {
            _called_off_when_dropped: Some(called_off),
        }
    }
}
