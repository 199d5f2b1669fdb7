//! The runtimes whose thread in `block_on` runs the tasks.

use std::future::Future;
use std::pin::Pin;

use runtime::runtime::{Builder, LocalOptions};
use runtime::task::LocalSet;
use runtime_tests::watchdog::Watchdog;

/// A test's own future, made anew for each runtime.
type Root = Pin<Box<dyn Future<Output = ()>>>;

/// Runs what `root` makes as the root of a current-thread and of a local runtime, and of a set in one.
#[track_caller]
pub(crate) fn on_one_thread(root: impl Fn() -> Root) {
    on_one_thread_of(61, root);
}

/// As [`on_one_thread`], with so many polls between two looks at timers and sockets.
#[track_caller]
pub(crate) fn on_one_thread_of(event_interval: u32, root: impl Fn() -> Root) {
    let builder = || {
        let mut builder = Builder::new_current_thread();
        builder.event_interval(event_interval);
        builder
    };
    let _watchdog = Watchdog::start("on a current-thread runtime");
    builder().build().unwrap().block_on(root());
    let _watchdog = Watchdog::start("on a local runtime");
    let local = builder().build_local(LocalOptions::default()).unwrap();
    local.block_on(root());
    let _watchdog = Watchdog::start("in a set");
    let rt = builder().build().unwrap();
    LocalSet::new().block_on(&rt, root());
}
