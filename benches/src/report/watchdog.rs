//! Ending a measurement that hangs.

use std::process;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

const GLANCE: Duration = Duration::from_secs(1);

/// Ends the process when one thing that it watches takes too long.
///
/// It looks once a second by itself: being told of something new wakes no thread.
#[derive(Debug)]
pub(super) struct Watchdog {
    watched: Arc<Mutex<Watched>>,
}

#[derive(Debug)]
struct Watched {
    what: String,
    since: Instant,
}

impl Watchdog {
    /// Starts to watch the first thing; whatever is watched has `limit` to end.
    pub(super) fn watch(what: String, limit: Duration) -> Self {
        let since = Instant::now();
        let watched = Arc::new(Mutex::new(Watched { what, since }));
        let seen = Arc::downgrade(&watched);
        thread::spawn(move || guard(&seen, limit));
        Self { watched }
    }

    /// Watches something else from now on.
    pub(super) fn turn_to(&self, what: String) {
        let since = Instant::now();
        *self.watched.lock().unwrap_or_else(PoisonError::into_inner) = Watched { what, since };
    }
}

fn guard(seen: &Weak<Mutex<Watched>>, limit: Duration) {
    loop {
        thread::sleep(GLANCE);
        let Some(watched) = seen.upgrade() else {
            return;
        };
        let watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.since.elapsed() > limit {
            eprintln!("{} hangs: it has not ended in {limit:?}", watched.what);
            process::exit(3);
        }
    }
}
