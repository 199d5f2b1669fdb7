//! Misuse: the panic names the caller's line, and what must not compile does not.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;

use runtime::task::{JoinMap, JoinSet, LocalSet, Scope, scope, spawn_local};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::{Report, panic_of};

const NO_RUNTIME: &str = "no runtime is running";
const NOT_LOCAL: &str =
    "`spawn_local` called from outside of a `task::LocalSet` or `runtime::LocalRuntime`";
const IN_ASYNC_CODE: &str = "this thread runs async code, and `Handle::scope` would block it: use \
                             `task::scope`, or do it on a thread of `spawn_blocking`";

#[track_caller]
fn assert_blames(report: &Report, message: &str, line: u32) {
    assert!(report.message.starts_with(message), "{report:?}");
    assert_eq!((report.file.as_str(), report.line), (file!(), line));
}

#[test]
fn spawning_outside_a_runtime_is_blamed_on_the_caller() {
    let mut set = JoinSet::new();
    let report = panic_of(|| set.spawn(async {}));
    assert_blames(&report, NO_RUNTIME, line!() - 1);
    let report = panic_of(|| set.spawn_blocking(|| ()));
    assert_blames(&report, NO_RUNTIME, line!() - 1);
    let report = panic_of(|| set.spawn_local(async {}));
    assert_blames(&report, NOT_LOCAL, line!() - 1);
    let report = panic_of(|| set.build_task().name("a").spawn(async {}));
    assert_blames(&report, NO_RUNTIME, line!() - 1);
    let report = panic_of(|| set.build_task().spawn_local(async {}));
    assert_blames(&report, NOT_LOCAL, line!() - 1);
    let report = panic_of(|| set.build_task().spawn_blocking(|| ()));
    assert_blames(&report, NO_RUNTIME, line!() - 1);
    assert!(set.is_empty());

    let mut map = JoinMap::new();
    let report = panic_of(|| map.spawn(1, async {}));
    assert_blames(&report, NO_RUNTIME, line!() - 1);
    let report = panic_of(|| map.spawn_blocking(1, || ()));
    assert_blames(&report, NO_RUNTIME, line!() - 1);
    let report = panic_of(|| map.spawn_local(1, async {}));
    assert_blames(&report, NOT_LOCAL, line!() - 1);
    assert!(map.is_empty());

    let spawn = |scope: Scope| async move { panic_of(|| scope.spawn(async {})) };
    let report = futures_lite::future::block_on(scope(spawn));
    assert_blames(&report, NO_RUNTIME, line!() - 2);
}

#[test]
fn spawn_local_outside_its_set_is_blamed_on_the_caller() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        rt.block_on(async {
            let report = panic_of(|| spawn_local(async {}));
            assert_blames(&report, NOT_LOCAL, line!() - 1);
        });
        let spawned = tasks.block_on(&rt, async {
            runtime::spawn(async { panic_of(|| spawn_local(async {})) }).await
        });
        assert_blames(&spawned.unwrap(), NOT_LOCAL, line!() - 2);
    });
}

#[test]
fn a_blocking_scope_in_async_code_is_refused_before_it_begins() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let called = Cell::new(false);
        rt.block_on(async {
            let report = panic_of(|| handle.scope(|_| called.set(true)));
            assert_blames(&report, IN_ASYNC_CODE, line!() - 1);
        });
        let handle = handle.clone();
        let task = rt.spawn(async move {
            let report = panic_of(|| handle.scope(|scope| drop(scope.spawn(pending::<()>()))));
            assert_blames(&report, IN_ASYNC_CODE, line!() - 1);
            runtime::Handle::current().metrics().num_alive_tasks()
        });
        assert_eq!(rt.block_on(task).unwrap(), 1, "only the one that asks");
        assert!(!called.get());
    });
}

#[test]
fn blocking_in_a_scoped_task_is_blamed_on_the_caller() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let report = rt.handle().scope(|scope| {
            let task = scope.spawn(async { panic_of(|| scope.block_on(async {})) });
            scope.block_on(task).unwrap()
        });
        assert_blames(&report, "this thread already runs async code", line!() - 3);
    });
}

#[test]
fn a_set_awaited_in_async_code_blocks_nothing() {
    let (rt, tasks) = (runtime::Runtime::new().unwrap(), LocalSet::new());
    let report = rt.block_on(async { panic_of(|| tasks.block_on(&rt, async {})) });
    assert_blames(&report, "this thread already runs async code", line!() - 1);
    assert_eq!(tasks.block_on(&rt, async { *Rc::new(1) }), 1);
}

#[test]
fn what_would_not_be_sound_does_not_compile() {
    trybuild::TestCases::new().compile_fail("ui/structured/*.rs");
}
