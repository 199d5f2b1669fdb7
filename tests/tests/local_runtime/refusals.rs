//! What a local runtime refuses, where it says so, and with which remedy.

use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::{Report, panic_of};

use super::*;

const NOT_LOCAL: &str = "`spawn_local` called from outside of a `task::LocalSet` or \
                         `runtime::LocalRuntime`: call it inside `LocalSet::run_until`, `LocalRuntime::block_on` or \
                         `#[runtime::main(flavor = \"local\")]`";

const NOT_HOME: &str = "this is not the thread of the local runtime that it has entered: use `spawn` with a future \
                        that is `Send`, or call `spawn_local` on the thread that built the runtime";

/// Calls `spawn_local`, which must panic, and checks that the panic is blamed on the call.
#[track_caller]
fn refusal() -> String {
    let spawn_here = || spawn_local(pending::<Rc<()>>());
    let line = line!() - 1;
    let Report {
        message,
        file,
        line: blamed,
    } = panic_of(spawn_here);
    assert_eq!((file.as_str(), blamed), (file!(), line));
    message
}

#[test]
fn spawn_local_needs_a_runtime() {
    assert_eq!(refusal(), NOT_LOCAL);
}

#[test]
fn spawn_local_needs_a_local_runtime() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async { assert_eq!(refusal(), NOT_LOCAL) });
        let task = rt.spawn(async { refusal() });
        assert_eq!(rt.block_on(task).unwrap(), NOT_LOCAL);
    });
}

#[test]
fn spawn_local_asks_the_innermost_runtime() {
    let (outer, inner) = (local(), runtime::Runtime::new().unwrap());
    outer.block_on(async {
        let _guard = inner.enter();
        assert_eq!(refusal(), NOT_LOCAL);
    });
}

#[test]
fn spawn_local_does_not_work_on_a_thread_that_has_entered_the_runtime_by_a_handle() {
    let rt = local();
    let handle = rt.handle().clone();
    let elsewhere = thread::spawn(move || {
        let entered = {
            let _guard = handle.enter();
            refusal()
        };
        [entered, handle.block_on(async { refusal() })]
    });
    assert_eq!(elsewhere.join().unwrap(), [NOT_HOME, NOT_HOME]);
    assert_eq!(rt.metrics().num_alive_tasks(), 0);
}

#[test]
fn spawn_local_does_not_work_on_the_threads_for_blocking_closures() {
    let rt = local();
    let blocking = rt.spawn_blocking(refusal);
    assert_eq!(rt.block_on(blocking).unwrap(), NOT_HOME);
}

#[test]
fn spawn_local_does_not_work_on_a_thread_that_follows_the_runtimes_own() {
    let leaking = thread::spawn(|| {
        let rt = local();
        let handle = rt.handle().clone();
        std::mem::forget(rt);
        handle
    });
    let handle = leaking.join().unwrap();
    let next = thread::spawn(move || {
        let _guard = handle.enter();
        refusal()
    });
    assert_eq!(next.join().unwrap(), NOT_HOME);
}

#[test]
fn a_refused_future_is_dropped_where_it_was_made() {
    let record = Record::default();
    let resident = Resident::new(&record);
    panic_of(|| spawn_local(resident));
    record.assert_lived_at(here());
}

#[test]
fn block_on_does_not_nest() {
    let (outer, inner) = (local(), local());
    let report = outer.block_on(async { panic_of(|| inner.block_on(async {})) });
    assert_eq!((report.file.as_str(), report.line), (file!(), line!() - 1));
    assert!(
        report
            .message
            .starts_with("this thread already runs async code")
    );
}

#[test]
fn a_local_runtime_has_one_thread() {
    let error = Builder::new_multi_thread()
        .build_local(LocalOptions::default())
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "a local runtime has one thread: use `new_current_thread`"
    );
}

#[test]
fn what_would_leave_the_thread_does_not_compile() {
    trybuild::TestCases::new().compile_fail("ui/local_runtime/*.rs");
}
