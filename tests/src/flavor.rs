//! The runtimes that a test runs on: both schedulers, and more workers than cores.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use runtime::runtime::{Builder, Runtime};

use crate::reported::text;
use crate::watchdog::Watchdog;

/// A scheduler, and how many workers it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// The thread in `block_on` runs the tasks.
    CurrentThread,
    /// So many workers run them.
    MultiThread(usize),
}

use Flavor::{CurrentThread, MultiThread};

/// Every scheduler and number of workers that a test should stand.
pub const EVERY_FLAVOR: [Flavor; 5] = [
    CurrentThread,
    MultiThread(1),
    MultiThread(2),
    MultiThread(4),
    MultiThread(9),
];

/// Those with threads of their own, which go on while nobody is in `block_on`.
pub const MULTI_THREAD: [Flavor; 4] = [
    MultiThread(1),
    MultiThread(2),
    MultiThread(4),
    MultiThread(9),
];

impl Flavor {
    /// A builder of this flavor, to be changed further.
    pub fn builder(self) -> Builder {
        match self {
            CurrentThread => Builder::new_current_thread(),
            MultiThread(workers) => {
                let mut builder = Builder::new_multi_thread();
                builder.worker_threads(workers);
                builder
            }
        }
    }

    /// A runtime of this flavor with default settings.
    #[must_use]
    pub fn build(self) -> Runtime {
        self.builder().build().unwrap()
    }
}

impl fmt::Display for Flavor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CurrentThread => f.write_str("a current-thread runtime"),
            MultiThread(workers) => write!(f, "a runtime of {workers} workers"),
        }
    }
}

/// Runs `test` once for each of [`EVERY_FLAVOR`]; one that hangs ends the process with a message.
#[track_caller]
pub fn on_every_flavor(test: impl FnMut(Flavor)) {
    on_each(&EVERY_FLAVOR, test);
}

/// Runs `test` once for each of [`MULTI_THREAD`]; one that hangs ends the process with a message.
#[track_caller]
pub fn on_multi_thread(test: impl FnMut(Flavor)) {
    on_each(&MULTI_THREAD, test);
}

#[track_caller]
fn on_each(flavors: &[Flavor], mut test: impl FnMut(Flavor)) {
    for &flavor in flavors {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let outcome = catch_unwind(AssertUnwindSafe(|| test(flavor)));
        if let Err(payload) = outcome {
            let said = text(&*payload).to_owned();
            // Some payloads of ours panic when dropped, and libtest would wait for ever.
            std::mem::forget(payload);
            panic!("on {flavor}: {said}");
        }
    }
}
