//! Who is told of a panic in a scope, of either kind.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::task::Poll;

use runtime::runtime::{Builder, UnhandledPanic};
use runtime::task::{scope, yield_now};
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::reported::{PanicsOnDrop, text};
use runtime_tests::wait::until_true;

use super::waits_forever;

fn caught<R>(f: impl FnOnce() -> R) -> Result<R, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(f))
}

fn message<R>(f: impl FnOnce() -> R) -> String {
    let payload = caught(f).map(drop).unwrap_err();
    text(&*payload).to_owned()
}

async fn boom() {
    panic!("boom");
}

#[test]
fn a_panic_that_nobody_reads_is_passed_on_after_the_last_task() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (started, dropped) = (Counter::new(), Counter::new());
        let body = || {
            let waits = waits_forever(&started, &dropped);
            let (started, panics) = (&started, Counter::new());
            scope(move |scope| async move {
                drop(scope.spawn(waits));
                let panicking = panics.clone();
                drop(scope.spawn(async move {
                    panicking.raise();
                    panic!("boom");
                }));
                until_true(|| started.get() == 1 && panics.get() == 1).await;
            })
        };
        assert_eq!(message(|| rt.block_on(body())), "boom");
        assert_eq!(dropped.get(), 1);

        let ended = Counter::new();
        let blocking = || {
            rt.handle().scope(|scope| {
                drop(scope.spawn(boom()));
                drop(scope.spawn(async {
                    yield_now().await;
                    ended.raise();
                }));
            });
        };
        assert_eq!(message(blocking), "boom");
        assert_eq!(ended.get(), 1);
    });
}

#[test]
fn a_panic_that_is_read_is_not_passed_on() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let error = rt.block_on(scope(|scope| async move {
            let panics = scope.spawn(boom());
            let id = panics.id();
            let error = panics.await.unwrap_err();
            assert_eq!(error.id(), id);
            error
        }));
        assert_eq!(text(&*error.into_panic()), "boom");

        let error = rt.handle().scope(|scope| {
            let panics = scope.spawn(boom());
            scope.block_on(panics).unwrap_err()
        });
        assert_eq!(text(&*error.into_panic()), "boom");
    });
}

#[test]
fn a_panic_in_a_handle_that_has_left_is_not_passed_on() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (handle,) = rt.block_on(scope(|scope| async move {
            let panics = scope.spawn(boom());
            until_true(|| panics.is_finished()).await;
            (panics,)
        }));
        let error = rt.block_on(handle).unwrap_err();
        assert!(error.is_panic());
    });
}

#[test]
fn the_own_panic_goes_before_those_of_tasks_and_comes_after_their_end() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (started, dropped) = (Counter::new(), Counter::new());
        let body = |scope: runtime::task::Scope| {
            drop(scope.spawn(waits_forever(&started, &dropped)));
            let panics = scope.spawn(async { panic!("of a task") });
            let started = &started;
            async move {
                until_true(|| started.get() == 1 && panics.is_finished()).await;
                panic!("its own");
            }
        };
        assert_eq!(message(|| rt.block_on(scope(body))), "its own");
        assert_eq!(dropped.get(), 1);

        let closure = |scope: runtime::task::Scope| {
            drop(scope.spawn(waits_forever(&started, &dropped)));
            if dropped.get() == 1 {
                panic!("of the closure");
            }
            std::future::ready(())
        };
        assert_eq!(message(|| rt.block_on(scope(closure))), "of the closure");
        assert_eq!(dropped.get(), 2);
    });
}

/// The first is passed on; what the others carry is dropped, and may panic at that.
#[test]
fn of_several_panics_one_is_passed_on() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let payload = caught(|| {
            rt.handle().scope(|scope| {
                for _ in 0..10 {
                    drop(scope.spawn(async { panic_any(PanicsOnDrop(2)) }));
                }
            });
        });
        let payload = payload.unwrap_err();
        assert!(payload.is::<PanicsOnDrop>());
        std::mem::forget(payload);
        assert_eq!(
            rt.block_on(async { runtime::spawn(async { 1 }).await.unwrap() }),
            1
        );
    });
}

#[test]
fn a_future_that_panics_when_dropped_lets_the_scope_end() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let others = Counter::new();
        rt.handle().scope(|scope| {
            let held = (OnDrop(|| panic!("in a drop")), others.on_drop());
            drop(scope.spawn(poll_fn(move |_cx| {
                let _held = &held;
                Poll::Ready(())
            })));
        });
        assert_eq!(others.get(), 1);

        let closure = || {
            rt.handle().scope(|scope| {
                let on_drop = OnDrop(|| panic!("in a drop"));
                let counted = others.on_drop();
                drop(scope.spawn(async move {
                    let _held = (counted, on_drop);
                    std::future::pending::<()>().await;
                }));
                panic!("its own");
            });
        };
        assert_eq!(message(closure), "its own");
        assert_eq!(others.get(), 2);

        rt.block_on(scope(|scope| {
            let (on_drop, counted) = (OnDrop(|| panic!("in a drop")), others.on_drop());
            drop(scope.spawn(async move {
                let _held = (on_drop, counted);
                std::future::pending::<()>().await;
            }));
            yield_now()
        }));
        assert_eq!(others.get(), 3);
    });
}

/// An output that nobody awaits dies in the scope, also if its drop panics.
#[test]
fn an_output_that_panics_when_dropped_lets_the_scope_end() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let dropped = Counter::new();
        rt.handle().scope(|scope| {
            for _ in 0..5 {
                let counted = dropped.on_drop();
                drop(scope.spawn(async { (PanicsOnDrop(2), counted) }));
            }
        });
        assert_eq!(dropped.get(), 5);
    });
}

fn shuts_down_on_panics() -> runtime::runtime::Runtime {
    let mut builder = Builder::new_current_thread();
    builder.unhandled_panic(UnhandledPanic::ShutdownRuntime);
    builder.build().unwrap()
}

#[test]
fn a_panic_of_a_scoped_task_shuts_no_runtime_down() {
    let rt = shuts_down_on_panics();
    rt.block_on(scope(|scope| async move {
        let panics = scope.spawn(boom());
        assert!(panics.await.unwrap_err().is_panic());
    }));
    assert_eq!(
        rt.block_on(async { runtime::spawn(async { 1 }).await.unwrap() }),
        1
    );
}

/// The thread that waits drives the runtime, which ends by a panic.
#[test]
fn a_runtime_that_shuts_down_on_a_panic_ends_a_scope_that_drives_it() {
    let rt = shuts_down_on_panics();
    let (started, dropped) = (Counter::new(), Counter::new());
    let panicked = message(|| {
        rt.handle().scope(|scope| {
            drop(scope.spawn(waits_forever(&started, &dropped)));
            let starts = started.clone();
            drop(rt.spawn(async move {
                until_true(|| starts.get() == 1).await;
                panic!("of another task");
            }));
        });
    });
    assert!(panicked.starts_with("a task has panicked"), "{panicked}");
    assert_eq!(dropped.get(), 1);
}

/// A panic on the way in: nothing has been spawned.
#[test]
fn a_closure_that_panics_at_once_passes_through() {
    let rt = Flavor::MultiThread(2).build();
    let blocking = || rt.handle().scope(|_| -> () { panic!("at once") });
    assert_eq!(message(blocking), "at once");
    let body = |_| -> std::future::Ready<()> { panic!("at once") };
    assert_eq!(message(|| rt.block_on(scope(body))), "at once");
}
