//! Misuse: the panic names the caller's line, and what must not compile does not.

use std::rc::Rc;

use runtime::task::{JoinMap, JoinSet, LocalSet, spawn_local};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::{Report, panic_of};

const NO_RUNTIME: &str = "no runtime is running";
const NOT_LOCAL: &str = "no local runtime is running";

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
