//! What belongs to a runtime, to one task, and to time.

use std::cell::Cell;
use std::future::{Pending, Ready};
use std::rc::Rc;

use runtime::runtime::{
    Builder, EnterGuard, Handle, Id as RuntimeId, LocalRuntime, Runtime, RuntimeFlavor,
    RuntimeMetrics, StallReport, TryCurrentError, UnhandledPanic,
};
use runtime::task::coop::{Coop, RestoreOnPending, Unconstrained};
use runtime::task::{AbortHandle, Builder as TaskBuilder, Id, JoinError, JoinHandle};
use runtime::time::error::Elapsed;
use runtime::time::{Instant, Interval, MissedTickBehavior, Sleep, Timeout};

table! {
    Runtime:                    1 1 1 1 1;
    LocalRuntime:               0 0 1 1 1;
    Handle:                     1 1 1 1 1;
    Builder:                    1 1 1 0 0;
    EnterGuard<'static>:        0 1 1 0 0;
    RuntimeMetrics:             1 1 1 1 1;
    RuntimeId:                  1 1 1 1 1;
    RuntimeFlavor:              1 1 1 1 1;
    TryCurrentError:            1 1 1 1 1;
    UnhandledPanic:             1 1 1 1 1;
    StallReport:                1 1 1 1 1;
    JoinHandle<u8>:             1 1 1 1 1;
    JoinHandle<Cell<u8>>:       1 1 1 1 1;
    JoinHandle<Rc<u8>>:         0 0 1 1 1;
    AbortHandle:                1 1 1 1 1;
    JoinError:                  1 1 1 0 0;
    Id:                         1 1 1 1 1;
    TaskBuilder<'static>:       1 1 1 1 1;
    RestoreOnPending:           0 0 1 1 0;
    Coop<Ready<u8>>:            1 1 1 1 1;
    Unconstrained<Ready<Rc<u8>>>: 0 0 1 1 1;
    Sleep:                      1 1 0 0 0;
    Timeout<Pending<u8>>:       1 1 0 0 0;
    Timeout<Ready<Rc<u8>>>:     0 0 0 0 0;
    Interval:                   1 1 1 0 0;
    MissedTickBehavior:         1 1 1 1 1;
    Elapsed:                    1 1 1 1 1;
    Instant:                    1 1 1 1 1;
}

fn is_send<T: Send>(_: &T) {}

#[test]
fn the_futures_of_async_functions_may_be_sent() {
    let rt = runtime_tests::flavor::Flavor::CurrentThread.build();
    let _guard = rt.enter();
    is_send(&runtime::task::yield_now());
    is_send(&runtime::task::consume_budget());
    let mut interval = runtime::time::interval(runtime::time::Duration::MAX);
    is_send(&interval.tick());
}

#[test]
fn errors_are_errors_that_threads_share() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<JoinError>();
    is_error::<TryCurrentError>();
    is_error::<Elapsed>();
}
