//! `JoinSet` and `AbortOnDropHandle`.

use std::collections::HashSet;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};

use runtime::task::{AbortOnDropHandle, JoinSet, LocalSet, yield_now};
use runtime_tests::count::Counter;
use runtime_tests::event::Event;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::reported::{PanicsOnDrop, text};
use runtime_tests::wait::until_true;

use super::waits_forever;

#[test]
fn ten_thousand_tasks_are_all_joined_once() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut set: JoinSet<usize> = (0..5_000).map(|n| async move { n }).collect();
            set.extend((5_000..10_000).map(|n| async move {
                yield_now().await;
                n
            }));
            assert_eq!(set.len(), 10_000);
            let mut seen = HashSet::new();
            while let Some(n) = set.join_next().await {
                assert!(seen.insert(n.unwrap()));
            }
            assert_eq!((seen.len(), set.len()), (10_000, 0));
        });
    });
}

#[test]
fn tasks_are_joined_in_the_order_in_which_they_end() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let events = [0; 3].map(|_| Event::new());
            let mut set = JoinSet::new();
            for (n, event) in events.iter().cloned().enumerate() {
                set.spawn(async move {
                    event.await;
                    n
                });
            }
            for n in [2, 0, 1] {
                assert!(set.try_join_next().is_none());
                events[n].set();
                assert_eq!(set.join_next().await.unwrap().unwrap(), n);
            }
            assert!(set.join_next().await.is_none());
        });
    });
}

/// Not with the number of tasks that wait.
#[test]
fn a_join_polls_no_task_that_has_not_ended() {
    let rt = Flavor::CurrentThread.build();
    rt.block_on(async {
        let polls = Counter::new();
        let mut set = JoinSet::new();
        for _ in 0..100 {
            let polls = polls.clone();
            set.spawn(std::future::poll_fn(move |_cx| {
                polls.raise();
                Poll::<()>::Pending
            }));
        }
        for n in 0..10 {
            set.spawn(async move { assert!(n < 10) });
            set.join_next().await.unwrap().unwrap();
        }
        assert_eq!(polls.get(), 100);
    });
}

#[test]
fn ids_are_those_of_the_tasks_that_ended() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut set = JoinSet::new();
            let own = |n: u32| async move { (n, runtime::task::id()) };
            let mut ids = HashSet::new();
            for n in 0..10 {
                ids.insert(set.spawn(own(n)).id());
            }
            let failing = set.spawn(async { panic!("boom") });
            let aborted = set.spawn(pending());
            aborted.abort();
            while let Some(joined) = set.join_next_with_id().await {
                match joined {
                    Ok((id, (_, own))) => assert!(id == own && ids.remove(&id)),
                    Err(error) if error.is_panic() => assert_eq!(error.id(), failing.id()),
                    Err(error) => assert_eq!(error.id(), aborted.id()),
                }
            }
            assert!(ids.is_empty());
            let single = set.spawn(own(1));
            until_true(|| single.is_finished()).await;
            let mut joined = None;
            until_true(|| {
                joined = set.try_join_next_with_id();
                joined.is_some()
            })
            .await;
            assert_eq!(joined.unwrap().unwrap().0, single.id());
        });
    });
}

#[test]
fn dropping_the_set_aborts_its_tasks() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let mut set = JoinSet::new();
            for _ in 0..100 {
                set.spawn(waits_forever(&started, &dropped));
            }
            until_true(|| started.get() == 100).await;
            drop(set);
            until_true(|| dropped.get() == 100).await;
        });
    });
}

#[test]
fn dropping_a_join_half_way_loses_no_task() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let event = Event::new();
            let mut set = JoinSet::new();
            let waits = event.clone();
            set.spawn(async move {
                waits.await;
                7
            });
            for _ in 0..3 {
                let lost = futures_lite::future::poll_once(set.join_next()).await;
                assert!(lost.is_none());
            }
            event.set();
            assert_eq!(set.join_next().await.unwrap().unwrap(), 7);
        });
    });
}

#[test]
fn the_waker_of_the_last_poll_is_woken_and_no_earlier_one() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let _guard = rt.enter();
        let event = Event::new();
        let mut set = JoinSet::new();
        set.spawn(event.clone());
        let (first, last) = (Counter::new(), Counter::new());
        for counter in [&first, &last] {
            let waker = Waker::from(Arc::new(counter.clone()));
            let polled = set.poll_join_next(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
        }
        event.set();
        rt.block_on(until_true(|| last.get() == 1));
        assert_eq!(first.get(), 0);
        let polled = set.poll_join_next(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Ready(Some(Ok(())))));
        let polled = set.poll_join_next(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Ready(None)));
    });
}

#[test]
fn shutdown_waits_until_every_task_has_gone() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let mut set = JoinSet::new();
            for _ in 0..20 {
                set.spawn(waits_forever(&started, &dropped));
            }
            set.spawn(async { panic!("is ignored") });
            set.shutdown().await;
            assert_eq!(dropped.get(), 20);
            assert!(set.is_empty());
        });
    });
}

#[test]
fn aborted_tasks_stay_in_the_set_until_they_are_joined() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut set = JoinSet::new();
            for _ in 0..5 {
                set.spawn(pending::<()>());
            }
            set.abort_all();
            assert_eq!(set.len(), 5);
            for left in (0..5).rev() {
                assert!(set.join_next().await.unwrap().unwrap_err().is_cancelled());
                assert_eq!(set.len(), left);
            }
        });
    });
}

#[test]
fn detached_tasks_go_on_and_their_places_are_used_again() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (event, ended) = (Event::new(), Counter::new());
            let mut set = JoinSet::new();
            let (waits, ends) = (event.clone(), ended.clone());
            set.spawn(async move {
                waits.await;
                ends.raise();
                1
            });
            set.detach_all();
            assert!(set.is_empty() && set.join_next().await.is_none());
            set.spawn(pending());
            event.set();
            until_true(|| ended.get() == 1).await;
            assert!(set.try_join_next().is_none());
            set.spawn(async { 2 });
            assert_eq!(set.join_next().await.unwrap().unwrap(), 2);
            drop(set);
        });
    });
}

#[test]
fn join_all_gives_every_output_and_passes_a_panic_on() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let set: JoinSet<u32> = {
            let _guard = rt.enter();
            (0..10).map(|n| async move { n }).collect()
        };
        let mut outputs = rt.block_on(set.join_all());
        outputs.sort_unstable();
        assert_eq!(outputs, (0..10).collect::<Vec<_>>());

        let (started, dropped) = (Counter::new(), Counter::new());
        let joined = catch_unwind(AssertUnwindSafe(|| {
            rt.block_on(async {
                let mut set = JoinSet::new();
                set.spawn(waits_forever(&started, &dropped));
                until_true(|| started.get() == 1).await;
                set.spawn(async { resume_unwind(Box::new("quietly")) });
                set.join_all().await
            })
        }));
        assert_eq!(text(&*joined.unwrap_err()), "quietly");
        rt.block_on(until_true(|| dropped.get() == 1));
    });
}

#[test]
fn a_task_whose_output_panics_when_dropped_spoils_no_other() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let ended = Counter::new();
        rt.block_on(async {
            let mut set = JoinSet::new();
            for _ in 0..10 {
                let ended = ended.clone();
                set.spawn(async move {
                    ended.raise();
                    PanicsOnDrop(3)
                });
            }
            until_true(|| ended.get() == 10).await;
            drop(set);
            let alive = runtime::spawn(async { 1 });
            assert_eq!(alive.await.unwrap(), 1);
        });
    });
}

#[test]
fn tasks_of_every_kind_are_joined() {
    on_every_flavor(|flavor| {
        let (rt, other) = (flavor.build(), runtime::Runtime::new().unwrap());
        let tasks = LocalSet::new();
        let joined = tasks.block_on(&rt, async {
            let mut set = JoinSet::new();
            set.spawn(async { 1 });
            set.spawn_on(async { 2 }, other.handle());
            set.spawn_local(async { *Rc::new(3) });
            set.spawn_local_on(async { *Rc::new(4) }, &tasks);
            set.spawn_blocking(|| 5);
            set.spawn_blocking_on(|| 6, other.handle());
            set.build_task().name("a").spawn(async { 7 }).unwrap();
            let named = set.build_task().name("b");
            named.spawn_on(async { 8 }, other.handle()).unwrap();
            let named = set.build_task().name("c");
            named.spawn_local(async { *Rc::new(9) }).unwrap();
            let named = set.build_task().name("d");
            named.spawn_local_on(async { 10 }, &tasks).unwrap();
            set.build_task().name("e").spawn_blocking(|| 11).unwrap();
            let named = set.build_task().name("f");
            named.spawn_blocking_on(|| 12, other.handle()).unwrap();
            let mut joined = set.join_all().await;
            joined.sort_unstable();
            joined
        });
        assert_eq!(joined, (1..=12).collect::<Vec<_>>());
    });
}

/// The task's end and the drop of the set meet at the set's list.
#[test]
fn tasks_end_while_their_set_is_dropped() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for round in 0..200 {
            rt.block_on(async {
                let dropped = Counter::new();
                let mut set = JoinSet::new();
                for n in 0..8 {
                    let on_drop = dropped.on_drop();
                    set.spawn(async move {
                        for _ in 0..n {
                            yield_now().await;
                        }
                        on_drop
                    });
                }
                for _ in 0..round % 8 {
                    set.join_next().await.unwrap().unwrap();
                }
                drop(set);
                until_true(|| dropped.get() == 8).await;
            });
        }
    });
}

#[test]
fn a_set_of_a_runtime_that_has_ended_says_cancelled() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let mut set = JoinSet::new();
        set.spawn_on(pending::<()>(), rt.handle());
        let handle = rt.handle().clone();
        drop(rt);
        set.spawn_on(pending::<()>(), &handle);
        for _ in 0..2 {
            let joined = futures_lite::future::block_on(set.join_next());
            assert!(joined.unwrap().unwrap_err().is_cancelled());
        }
    });
}

#[test]
fn what_ended_before_a_detach_does_not_change_the_order_after_it() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut set = JoinSet::new();
            for n in 0..3 {
                let early = set.spawn(async move { n });
                until_true(|| early.is_finished()).await;
            }
            set.detach_all();
            let events = [0; 3].map(|_| Event::new());
            let mut tasks = Vec::new();
            for (n, event) in events.iter().cloned().enumerate() {
                tasks.push(set.spawn(async move {
                    event.await;
                    n
                }));
            }
            for n in [2, 0, 1] {
                events[n].set();
                until_true(|| tasks[n].is_finished()).await;
            }
            assert_eq!(set.join_all().await, [2, 0, 1]);
        });
    });
}

#[test]
fn who_waits_across_a_detach_hears_of_tasks_spawned_after_it() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let _guard = rt.enter();
        let (before, after, heard) = (Event::new(), Event::new(), Counter::new());
        let mut set = JoinSet::new();
        let detached = set.spawn(before.clone());
        let waker = Waker::from(Arc::new(heard.clone()));
        let polled = set.poll_join_next(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        set.detach_all();
        set.spawn(after.clone());
        before.set();
        rt.block_on(until_true(|| detached.is_finished()));
        assert_eq!(heard.get(), 0);
        after.set();
        rt.block_on(until_true(|| heard.get() == 1));
    });
}

#[test]
fn an_abort_on_drop_handle_ends_its_task_unless_it_is_detached() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let spawn = || runtime::spawn(waits_forever(&started, &dropped));
            let handle = AbortOnDropHandle::new(spawn());
            let detached = AbortOnDropHandle::new(spawn()).detach();
            let id = handle.abort_handle().id();
            until_true(|| started.get() == 2).await;
            assert!(!handle.is_finished() && !handle.abort_handle().is_finished());
            assert_eq!(handle.as_ref().id(), id);
            drop(handle);
            until_true(|| dropped.get() == 1).await;
            assert!(!detached.is_finished());
            detached.abort();
            assert!(detached.await.unwrap_err().is_cancelled());

            let (send, receive) = channel();
            let output = AbortOnDropHandle::new(runtime::spawn(async move { send.send(1) }));
            output.await.unwrap().unwrap();
            assert_eq!(receive.recv(), Ok(1));
        });
    });
}
