//! `task_local!`.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use futures_lite::FutureExt;
use futures_lite::future::poll_once;
use runtime::task::{self, yield_now};
use runtime_tests::count::OnDrop;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::panic_of;

runtime::task_local! {
    static NUMBER: u32;
    /// Documented, and public.
    pub static NAME: String
}

runtime::task_local! {}

#[test]
fn each_task_sees_its_own_value_wherever_it_runs() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let tasks: Vec<_> = (0..50)
                .map(|n| {
                    task::spawn(NUMBER.scope(n, async move {
                        for _ in 0..10 {
                            assert_eq!(NUMBER.get(), n);
                            yield_now().await;
                        }
                    }))
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            assert!(NUMBER.try_get().is_err());
        });
    });
}

#[test]
fn a_spawned_task_is_outside() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let inside = rt.block_on(NUMBER.scope(1, async {
            task::spawn(async { NUMBER.try_get().is_err() }).await
        }));
        assert!(inside.unwrap());
    });
}

#[test]
fn scopes_nest_and_keys_are_apart() {
    futures_lite::future::block_on(NUMBER.scope(1, async {
        NAME.scope("a".into(), async {
            NUMBER
                .scope(2, async {
                    assert_eq!((NUMBER.get(), NAME.get()), (2, "a".into()));
                    yield_now().await;
                    NUMBER.sync_scope(3, || assert_eq!(NUMBER.with(|n| *n), 3));
                    assert_eq!(NUMBER.get(), 2);
                })
                .await;
            assert_eq!(NUMBER.get(), 1);
        })
        .await;
        assert!(NAME.try_with(String::len).is_err());
    }));
}

#[test]
fn the_value_is_there_while_the_future_is_dropped() {
    let seen = std::cell::Cell::new(0);
    let look = || OnDrop(|| seen.set(seen.get() + NUMBER.get()));
    drop(NUMBER.scope(1, {
        let look = look();
        async move { drop(look) }
    }));
    assert_eq!(seen.get(), 1);
    let look = look();
    let mut half_way = Box::pin(NUMBER.scope(10, async move {
        let _look = look;
        pending::<()>().await;
    }));
    futures_lite::future::block_on(poll_once(half_way.as_mut()));
    drop(half_way);
    assert_eq!(seen.get(), 11);
}

#[test]
fn a_panic_inside_leaves_the_outer_value() {
    futures_lite::future::block_on(NUMBER.scope(1, async {
        let inner = NUMBER.scope(2, async { panic!("boom") });
        let inner: Result<(), _> = AssertUnwindSafe(inner).catch_unwind().await;
        assert!(inner.is_err());
        let inner = catch_unwind(|| NUMBER.sync_scope(3, || panic!("boom")));
        assert!(inner.is_err());
        let inner = catch_unwind(|| NUMBER.with(|_| panic!("boom")));
        assert!(inner.is_err());
        assert_eq!(NUMBER.get(), 1);
    }));
    assert!(NUMBER.try_get().is_err());
}

#[test]
fn a_future_that_is_dropped_inside_another_scope_sees_its_own_value() {
    let seen = std::cell::Cell::new(0);
    let on_drop = OnDrop(|| seen.set(NUMBER.get()));
    let other = NUMBER.scope(5, async move {
        let _on_drop = on_drop;
    });
    NUMBER.sync_scope(1, || {
        drop(other);
        assert_eq!((seen.get(), NUMBER.get()), (5, 1));
    });
}

/// Where its scope cannot be entered, a future is dropped outside.
#[test]
fn a_future_that_is_dropped_while_the_value_is_borrowed_sees_the_borrowed() {
    let seen = std::cell::Cell::new(0);
    let on_drop = OnDrop(|| seen.set(NUMBER.get()));
    let other = NUMBER.scope(5, async move {
        let _on_drop = on_drop;
    });
    NUMBER.sync_scope(1, || NUMBER.with(|_| drop(other)));
    assert_eq!(seen.get(), 1);
}

#[test]
fn the_value_is_taken_before_or_after_the_end() {
    let mut future = pin!(NAME.scope("a".into(), async { NAME.try_get().is_ok() }));
    assert!(futures_lite::future::block_on(future.as_mut()));
    assert_eq!(future.as_mut().take_value().as_deref(), Some("a"));
    assert_eq!(future.as_mut().take_value(), None);

    let mut future = pin!(NAME.scope("b".into(), async { NAME.try_get().is_ok() }));
    assert_eq!(future.as_mut().take_value().as_deref(), Some("b"));
    assert!(!futures_lite::future::block_on(future.as_mut()));
}

const BORROWED: &str = "a task-local value cannot be hidden while it is borrowed: enter the scope \
                        outside `with`";
const UNSET: &str = "no task-local value is set here: use it inside `LocalKey::scope`";

#[test]
fn misuse_panics_where_it_happens() {
    let report = panic_of(|| NUMBER.get());
    assert_eq!((report.message.as_str(), report.line), (UNSET, line!() - 1));
    let report = panic_of(|| NUMBER.with(|_| ()));
    assert_eq!((report.message.as_str(), report.line), (UNSET, line!() - 1));
    assert_eq!(NUMBER.try_get().unwrap_err().to_string(), UNSET);

    let report = NUMBER.sync_scope(1, || {
        NUMBER.with(|_| panic_of(|| NUMBER.sync_scope(2, || ())))
    });
    assert_eq!(report.message, BORROWED);
    assert_eq!((report.file.as_str(), report.line), (file!(), line!() - 3));

    let inner = NUMBER.scope(2, async {});
    let report = NUMBER.sync_scope(1, || {
        NUMBER.with(|_| panic_of(|| futures_lite::future::block_on(inner)))
    });
    assert_eq!(report.message, BORROWED);
}

#[test]
fn in_a_destructor_of_a_thread_local_there_is_no_value() {
    struct Asks;
    impl Drop for Asks {
        fn drop(&mut self) {
            assert!(NUMBER.try_get().is_err());
            let scoped = catch_unwind(|| NUMBER.sync_scope(1, || NUMBER.get()));
            assert!(scoped.is_err() || scoped.unwrap() == 1);
            drop(NUMBER.scope(1, async {}));
        }
    }
    thread_local! {
        static ASKS: Asks = const { Asks };
    }
    let thread = std::thread::spawn(|| {
        ASKS.with(|_| ());
        NUMBER.sync_scope(1, || ());
    });
    thread.join().unwrap();
}
