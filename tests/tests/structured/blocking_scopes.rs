//! `Handle::scope`: tasks borrow, and none is left when it returns, by whatever way.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use runtime::runtime::{Handle, LocalRuntime, Runtime};
use runtime::task::{block_in_place, spawn_blocking, yield_now};
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::event::Event;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait::until_true;
use runtime_tests::watchdog::Watchdog;

use super::counted_pending;

#[test]
fn tasks_borrow_and_change_what_is_outside() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let words = vec!["one".to_string(), "two".to_string(), "three".to_string()];
        let mut lengths = vec![0; words.len()];
        let mut ended = false;
        let returned = rt.handle().scope(|scope| {
            for (length, word) in lengths.iter_mut().zip(&words) {
                drop(scope.spawn(async move {
                    yield_now().await;
                    *length = word.len();
                }));
            }
            ended = true;
            7
        });
        assert_eq!((lengths, ended, returned), (vec![3, 3, 5], true, 7));
    });
}

#[test]
fn outputs_borrow_too() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let words = ["one".to_string(), "three".to_string()];
        let longest = rt.handle().scope(|scope| {
            let tasks: Vec<_> = words
                .iter()
                .map(|word| scope.spawn(async move { word.as_str() }))
                .collect();
            let words = tasks.into_iter().map(|task| scope.block_on(task).unwrap());
            words.max_by_key(|word| word.len())
        });
        assert_eq!(longest, Some("three"));
    });
}

/// Looks at what it borrows when it is dropped.
struct Looks<'a>(&'a Mutex<Vec<u32>>);

impl Drop for Looks<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().push(7);
    }
}

#[test]
fn an_output_that_nobody_awaits_is_dropped_before_the_end() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..50 {
            let seen = Mutex::new(Vec::new());
            rt.handle().scope(|scope| {
                for _ in 0..4 {
                    drop(scope.spawn(async { Looks(&seen) }));
                }
                let kept = scope.spawn(async { Looks(&seen) });
                std::mem::forget(kept);
            });
            assert_eq!(seen.into_inner().unwrap(), [7; 4]);
        }
    });
}

#[test]
fn tasks_spawn_siblings_and_are_waited_for() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let ended = Counter::new();
        rt.handle().scope(|scope| {
            let ended = &ended;
            drop(scope.spawn(async move {
                for n in 0..5 {
                    yield_now().await;
                    let nested = scope.spawn(async move {
                        drop(scope.spawn(async move { ended.raise() }));
                        n
                    });
                    assert_eq!(nested.await.unwrap(), n);
                }
                ended.raise();
            }));
        });
        assert_eq!(ended.get(), 6);
    });
}

#[test]
fn a_panic_of_the_closure_cancels_the_tasks_before_it_goes_on() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            let dropped = Counter::new();
            let panics = || {
                rt.handle().scope(|scope| {
                    for _ in 0..10 {
                        drop(scope.spawn(counted_pending(&dropped)));
                    }
                    panic!("boom");
                });
            };
            assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
            // Those that were never polled hold nothing yet.
            assert!(dropped.get() <= 10);
            let data = vec![1; 1000];
            let panics = || {
                rt.handle().scope(|scope| {
                    let polled = scope.spawn(async {
                        let _looks = OnDrop(|| assert_eq!(data.len(), 1000));
                        yield_now().await;
                    });
                    scope.block_on(polled).unwrap();
                    let _left = scope.spawn(async {
                        let _looks = OnDrop(|| assert_eq!(data.len(), 1000));
                        pending::<()>().await;
                    });
                    panic!("boom");
                });
            };
            assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
            drop(data);
        }
    });
}

/// Spawning goes on in the tasks while the closure panics.
#[test]
fn tasks_that_spawn_meet_the_cancellation() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for round in 0..100 {
            let alive = Arc::new(());
            let panics = || {
                rt.handle().scope(|scope| {
                    for _ in 0..3 {
                        let alive = alive.clone();
                        drop(scope.spawn(async move {
                            loop {
                                let held = alive.clone();
                                drop(scope.spawn(async move {
                                    let _held = held;
                                    pending::<()>().await;
                                }));
                                yield_now().await;
                            }
                        }));
                    }
                    for _ in 0..round % 10 {
                        scope.block_on(yield_now());
                    }
                    panic!("boom");
                });
            };
            assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
            assert_eq!(Arc::strong_count(&alive), 1);
        }
    });
}

#[test]
fn a_shutdown_drops_the_futures_and_ends_the_scope() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let (started, dropped) = (Counter::new(), Counter::new());
        let starts = started.clone();
        let shutdown = thread::spawn(move || {
            runtime_tests::wait::until("the tasks run", || starts.get() == 5);
            drop(rt);
        });
        let cancelled = handle.scope(|scope| {
            let spawn = || {
                scope.spawn(async {
                    started.raise();
                    counted_pending(&dropped).await;
                })
            };
            let tasks = [0; 5].map(|_| spawn());
            scope.block_on(async {
                let mut cancelled = 0;
                for task in tasks {
                    cancelled += usize::from(task.await.unwrap_err().is_cancelled());
                }
                cancelled
            })
        });
        assert_eq!((cancelled, dropped.get()), (5, 5));
        shutdown.join().unwrap();

        let refused = handle.scope(|scope| {
            let refused = scope.spawn(async { started.raise() });
            scope.block_on(refused).unwrap_err()
        });
        assert!(refused.is_cancelled());
        assert_eq!(started.get(), 5);
    });
}

/// Each round the shutdown comes at another moment.
#[test]
fn a_shutdown_meets_every_part_of_a_scope() {
    on_every_flavor(|flavor| {
        for _ in 0..30 {
            let rt = flavor.build();
            let handle = rt.handle().clone();
            let barrier = Arc::new(Barrier::new(2));
            let meets = barrier.clone();
            let shutdown = thread::spawn(move || {
                meets.wait();
                drop(rt);
            });
            let data = vec![1; 100];
            barrier.wait();
            handle.scope(|scope| {
                for _ in 0..20 {
                    drop(scope.spawn(async {
                        let _looks = OnDrop(|| assert_eq!(data.len(), 100));
                        for _ in 0..3 {
                            yield_now().await;
                        }
                    }));
                }
            });
            drop(data);
            shutdown.join().unwrap();
        }
    });
}

#[test]
fn an_aborted_task_is_waited_for() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let dropped = Counter::new();
        rt.handle().scope(|scope| {
            let waits = scope.spawn(counted_pending(&dropped));
            scope.block_on(yield_now());
            waits.abort();
            drop(waits);
            let aborted = scope.spawn(pending::<()>());
            aborted.abort();
            assert!(scope.block_on(aborted).unwrap_err().is_cancelled());
        });
        assert!(dropped.get() <= 1);
    });
}

/// Its thread has hardly any thread-locals left, and the wait must not need them.
#[test]
fn a_thread_that_ends_may_use_it() {
    struct Scopes(Handle, Arc<Counter>);
    impl Drop for Scopes {
        fn drop(&mut self) {
            let data = vec![7; 1000];
            let panics = || {
                self.0.scope(|scope| {
                    let polled = scope.spawn(async {
                        yield_now().await;
                        data.len()
                    });
                    assert_eq!(scope.block_on(polled).unwrap(), 1000);
                    let _left = scope.spawn(async {
                        let _looks = OnDrop(|| assert_eq!(data, [7; 1000]));
                        pending::<()>().await;
                    });
                    self.1.raise();
                    panic!("boom");
                });
            };
            assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
            self.1.raise();
        }
    }
    thread_local! {
        static DROPPED_LAST: RefCell<Option<Scopes>> = const { RefCell::new(None) };
    }
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let reached = Arc::new(Counter::new());
        let scopes = Scopes(rt.handle().clone(), reached.clone());
        // A join waits for the thread-locals, too.
        let ends = thread::spawn(move || {
            let handle = scopes.0.clone();
            DROPPED_LAST.set(Some(scopes));
            // What is made later is gone earlier.
            handle.block_on(yield_now());
        });
        ends.join().unwrap();
        assert_eq!(reached.get(), 2);
    });
}

#[test]
fn a_stuck_poll_is_waited_for_though_the_runtime_is_not() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let begun = Arc::new(Barrier::new(3));
        let begins = [begun.clone(), begun.clone()];
        let (end, may_end) = channel::<()>();
        let over = Counter::new();
        let is_over = over.clone();
        let scoped = thread::spawn(move || {
            let data = vec![1; 100];
            let may_end = Mutex::new(may_end);
            let panics = || {
                handle.scope(|scope| {
                    let (data, may_end, begins) = (&data, &may_end, &begins);
                    drop(scope.spawn(async move {
                        begins[0].wait();
                        may_end.lock().unwrap().recv().unwrap();
                        data.len()
                    }));
                    begins[1].wait();
                    panic!("boom");
                });
            };
            assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
            is_over.raise();
        });
        begun.wait();
        rt.shutdown_timeout(std::time::Duration::from_millis(20));
        assert_eq!(over.get(), 0);
        end.send(()).unwrap();
        scoped.join().unwrap();
    });
}

/// A waker may outlive its task, and the scope.
#[test]
fn a_late_wake_finds_no_future() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let waker = Mutex::new(None::<Waker>);
        let panics = || {
            rt.handle().scope(|scope| {
                let (polled, waker) = (Event::new(), &waker);
                let sets = polled.clone();
                drop(scope.spawn(poll_fn(move |cx| {
                    *waker.lock().unwrap() = Some(cx.waker().clone());
                    sets.set();
                    Poll::<()>::Pending
                })));
                scope.block_on(polled);
                panic!("boom");
            });
        };
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        waker.into_inner().unwrap().unwrap().wake();
        rt.block_on(yield_now());
    });
}

#[test]
fn scopes_nest() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let numbers = [1, 2, 3];
        let sum = rt.handle().scope(|outer| {
            let first = outer.spawn(async { numbers[0] });
            let rest: i32 = rt.handle().scope(|inner| {
                let tasks = [1, 2].map(|n| {
                    let numbers = &numbers;
                    inner.spawn(async move { numbers[n] })
                });
                tasks.map(|task| inner.block_on(task).unwrap()).iter().sum()
            });
            outer.block_on(first).unwrap() + rest
        });
        assert_eq!(sum, 6);
    });
}

#[test]
fn threads_for_blocking_may_use_it() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let scoped = move || {
            let number = 7;
            handle.scope(|scope| {
                let task = scope.spawn(async { number });
                scope.block_on(task).unwrap()
            })
        };
        let on_a_thread = scoped.clone();
        let sum = rt.block_on(async move { spawn_blocking(on_a_thread).await.unwrap() });
        assert_eq!(sum, 7);
        if flavor != Flavor::CurrentThread {
            let task = rt.spawn(async move { block_in_place(scoped) });
            assert_eq!(rt.block_on(task).unwrap(), 7);
        }
    });
}

#[test]
fn on_a_current_thread_runtime_the_thread_drives_unless_another_does() {
    let _watchdog = Watchdog::start("");
    let rt = Arc::new(Flavor::CurrentThread.build());
    let (stop, stopped) = (Event::new(), Event::new());
    let (waits, driver) = (stop.clone(), rt.clone());
    let driving = stopped.clone();
    let other = thread::spawn(move || {
        driver.block_on(async move {
            driving.set();
            waits.await;
        });
    });
    futures_lite::future::block_on(stopped);
    let data = 7;
    for _ in 0..10 {
        let (ran_on, seen) = rt.handle().scope(|scope| {
            let task = scope.spawn(async { (thread::current().id(), data) });
            scope.block_on(task).unwrap()
        });
        assert_eq!((ran_on, seen), (other.thread().id(), 7));
    }
    stop.set();
    other.join().unwrap();
    let ran_on = rt.handle().scope(|scope| {
        let task = scope.spawn(async { thread::current().id() });
        scope.block_on(task).unwrap()
    });
    assert_eq!(ran_on, thread::current().id());
}

#[test]
fn a_local_runtime_runs_scoped_tasks_at_home_only() {
    let _watchdog = Watchdog::start("");
    let rt = LocalRuntime::new().unwrap();
    let home = thread::current().id();
    let handle = rt.handle().clone();
    let scoped = move || {
        handle.scope(|scope| {
            let task = scope.spawn(async { thread::current().id() });
            scope.block_on(task).unwrap()
        })
    };
    assert_eq!(scoped(), home);
    let elsewhere = rt.spawn_blocking(scoped);
    assert_eq!(rt.block_on(elsewhere).unwrap(), home);
}

/// It goes with the future of a task that this thread runs, amid the drive.
#[test]
fn a_runtime_that_a_scoped_task_drops_ends_the_scope() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let dropped = Counter::new();
        handle.scope(|scope| {
            drop(scope.spawn(counted_pending(&dropped)));
            drop(scope.spawn(async move {
                yield_now().await;
                drop(rt);
                yield_now().await;
            }));
        });
        assert!(dropped.get() <= 1);
    });
}

/// What is queued then would keep the runtime, and be kept by it.
#[cfg(target_os = "linux")]
#[test]
fn a_runtime_that_ends_while_a_scope_drives_it_is_freed() {
    runtime_tests::alone::run(|| {
        let before = runtime_tests::process::descriptors();
        let rt = Flavor::CurrentThread.build();
        let handle = rt.handle().clone();
        handle.scope(|scope| {
            drop(scope.spawn(async move {
                for _ in 0..5 {
                    drop(scope.spawn(async {
                        loop {
                            yield_now().await;
                        }
                    }));
                }
                yield_now().await;
                drop(rt);
            }));
        });
        drop(handle);
        assert_eq!(runtime_tests::process::descriptors(), before);
    });
}

#[test]
fn a_runtime_that_a_cancelled_task_holds_ends_with_the_scope() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let panics = || {
            handle.scope(|scope| {
                drop(scope.spawn(async move {
                    let _rt = rt;
                    pending::<()>().await;
                }));
                panic!("boom");
            });
        };
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    });
}

/// Timers, sockets and spawned tasks are those of the runtime, in the tasks and in their drops.
#[test]
fn tasks_are_inside_the_runtime() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let id = rt.handle().id();
        let seen = Mutex::new(Vec::new());
        let note = || seen.lock().unwrap().push(runtime::Handle::current().id());
        let panics = || {
            rt.handle().scope(|scope| {
                let naps = scope.spawn(async {
                    runtime::time::sleep(std::time::Duration::from_millis(1)).await;
                    note();
                });
                scope.block_on(naps).unwrap();
                let on_drop = OnDrop(note);
                drop(scope.spawn(async move {
                    let _on_drop = on_drop;
                    pending::<()>().await;
                }));
                panic!("boom");
            });
        };
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert_eq!(*seen.lock().unwrap(), [id, id]);
    });
}

#[test]
fn many_tasks_end_in_many_orders() {
    on_every_flavor(|flavor| {
        let rt: Runtime = flavor.build();
        for _ in 0..20 {
            let numbers: Vec<usize> = (0..200).collect();
            let sum = Mutex::new(0);
            rt.handle().scope(|scope| {
                for n in &numbers {
                    let sum = &sum;
                    drop(scope.spawn(async move {
                        for _ in 0..n % 4 {
                            yield_now().await;
                        }
                        *sum.lock().unwrap() += n;
                    }));
                }
                scope.block_on(until_true(|| *sum.lock().unwrap() > 0));
            });
            assert_eq!(sum.into_inner().unwrap(), 199 * 100);
        }
    });
}
