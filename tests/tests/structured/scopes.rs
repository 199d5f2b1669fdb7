//! `task::scope`: none of its tasks outlives it.

use std::future::pending;
use std::sync::mpsc::channel;

use futures_lite::future::poll_once;
use runtime::runtime::Runtime;
use runtime::task::{Scope, ScopedJoinHandle, scope, yield_now};
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::event::Event;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::wait::until_true;

use super::waits_forever;

#[test]
fn tasks_give_their_outputs() {
    on_every_flavor(|flavor| {
        let sum = flavor.build().block_on(scope(|scope| async move {
            let tasks: Vec<_> = (1..=100).map(|n| scope.spawn(async move { n })).collect();
            let mut sum = 0;
            for task in tasks {
                sum += task.await.unwrap();
            }
            sum
        }));
        assert_eq!(sum, 5050);
    });
}

#[test]
fn leaving_aborts_the_tasks_and_waits_for_their_end() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let task = || waits_forever(&started, &dropped);
            scope(|scope| {
                for _ in 0..20 {
                    drop(scope.spawn(task()));
                }
                let started = &started;
                async move { until_true(|| started.get() == 20).await }
            })
            .await;
            assert_eq!(dropped.get(), 20);
        });
    });
}

/// One of them has not been polled when the scope is left.
#[test]
fn tasks_spawn_siblings_which_end_with_the_scope() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let dropped = Counter::new();
            let on_drops: Vec<_> = (0..8).map(|_| dropped.on_drop()).collect();
            fn spawn(scope: Scope, mut held: Vec<runtime_tests::count::CountsDrop>) {
                if let Some(on_drop) = held.pop() {
                    let next = scope.clone();
                    drop(scope.spawn(async move {
                        let _on_drop = on_drop;
                        spawn(next, held);
                        pending::<()>().await;
                    }));
                }
            }
            scope(|scope| async move {
                spawn(scope, on_drops);
                yield_now().await;
            })
            .await;
            assert_eq!(dropped.get(), 8);
        });
    });
}

#[test]
fn a_scope_that_has_ended_spawns_nothing() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let escaped = scope(|scope| async move { scope.clone() }).await;
            let (started, dropped) = (Counter::new(), Counter::new());
            let task: ScopedJoinHandle<'static, ()> =
                escaped.spawn(waits_forever(&started, &dropped));
            assert!(task.is_finished());
            assert_eq!((started.get(), dropped.get()), (0, 1));
            task.abort();
            let id = task.id();
            let error = task.await.unwrap_err();
            assert!(error.is_cancelled() && error.id() == id);
        });
    });
}

#[test]
fn dropping_it_half_way_aborts_its_tasks() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let task = waits_forever(&started, &dropped);
            let body = |scope: Scope| async move {
                drop(scope.spawn(task));
                pending::<()>().await;
            };
            let mut half_way = Box::pin(scope(body));
            while started.get() == 0 {
                assert!(poll_once(half_way.as_mut()).await.is_none());
                yield_now().await;
            }
            drop(half_way);
            until_true(|| dropped.get() == 1).await;
        });
    });
}

#[test]
fn handles_abort_and_may_leave_the_scope() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let handles = scope(|scope| async move {
                let aborted = scope.spawn(pending::<()>());
                aborted.abort();
                assert!(aborted.await.unwrap_err().is_cancelled());
                let ended = scope.spawn(async { runtime::task::id() });
                until_true(|| ended.is_finished()).await;
                (ended, scope.spawn(pending::<()>()))
            });
            let (ended, left) = handles.await;
            let id = ended.id();
            assert_eq!(ended.await.unwrap(), id);
            assert!(left.await.unwrap_err().is_cancelled());
        });
    });
}

#[test]
fn scopes_nest_and_a_spawned_one_ends_with_the_outer() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let (starts, task) = (started.clone(), waits_forever(&started, &dropped));
            scope(|outer| async move {
                let inner = scope(move |inner| async move {
                    drop(inner.spawn(task));
                    pending::<()>().await;
                });
                drop(outer.spawn(inner));
                until_true(|| starts.get() == 1).await;
            })
            .await;
            // The inner scope was dropped, and has aborted its own.
            until_true(|| dropped.get() == 1).await;
        });
    });
}

#[test]
fn it_waits_for_tasks_of_other_runtimes() {
    on_every_flavor(|flavor| {
        let (rt, other) = (flavor.build(), Runtime::new().unwrap());
        let (started, dropped) = (Counter::new(), Counter::new());
        rt.block_on(scope(|scope| {
            drop(scope.spawn_on(waits_forever(&started, &dropped), other.handle()));
            let seven = scope.spawn_on(async { 7 }, other.handle());
            async move { assert_eq!(seven.await.unwrap(), 7) }
        }));
        assert_eq!(dropped.get(), 1);
    });
}

#[test]
fn a_poll_under_way_is_waited_for() {
    let rt = Flavor::MultiThread(2).build();
    let (begin, begun) = channel();
    let (end, may_end) = channel::<()>();
    let dropped = Counter::new();
    let on_drop = dropped.on_drop();
    let leaving = Event::new();
    let left = rt.spawn({
        let (leaving, dropped) = (leaving.clone(), dropped.clone());
        async move {
            scope(|scope| async move {
                drop(scope.spawn(async move {
                    let _on_drop = on_drop;
                    begin.send(()).unwrap();
                    may_end.recv().unwrap();
                }));
                leaving.await;
            })
            .await;
            assert_eq!(dropped.get(), 1);
        }
    });
    begun.recv().unwrap();
    leaving.set();
    for _ in 0..100 {
        assert!(!left.is_finished());
        std::thread::yield_now();
    }
    end.send(()).unwrap();
    rt.block_on(left).unwrap();
}

#[test]
fn it_ends_with_its_runtime() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (tell, told) = channel();
        let on_drop = OnDrop(move || tell.send(()).unwrap());
        let scoped = rt.spawn(scope(|scope| async move {
            drop(scope.spawn(async move {
                let _on_drop = on_drop;
                pending::<()>().await;
            }));
            pending::<()>().await;
        }));
        rt.block_on(yield_now());
        drop(rt);
        // Without a poll the body has not run, and the closure has been dropped.
        assert!(told.recv().is_ok() && scoped.is_finished());
    });
}
