//! How long to pause in bad times, and how often to tell of them.

use crate::primitive::sync::Mutex;
use crate::time::{Duration, Instant};

/// The first pause after resources have run out; each further one in a row is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Between two reports at least.
const REPORT_INTERVAL: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct BadTimes(Mutex<Books>);

#[derive(Debug)]
struct Books {
    next_pause: Duration,
    last_report: Option<Instant>,
}

impl BadTimes {
    pub(super) fn new() -> Self {
        BadTimes(Mutex::new(Books {
            next_pause: FIRST_PAUSE,
            last_report: None,
        }))
    }

    pub(super) fn are_over(&self) {
        self.0.lock().next_pause = FIRST_PAUSE;
    }

    pub(super) fn next_pause(&self) -> Duration {
        let mut books = self.0.lock();
        let after = (2 * books.next_pause).min(LONGEST_PAUSE);
        std::mem::replace(&mut books.next_pause, after)
    }

    /// Whether a report is due; if so, it counts as made. Whoever makes it holds no lock.
    pub(super) fn is_report_due(&self) -> bool {
        let now = Instant::now();
        let mut books = self.0.lock();
        let is_due = books
            .last_report
            .is_none_or(|last| now - last >= REPORT_INTERVAL);
        if is_due {
            books.last_report = Some(now);
        }
        is_due
    }
}
