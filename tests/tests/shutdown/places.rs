//! Where a runtime is dropped: in its own task, in another runtime, on a blocking thread, in the
//! destructor of a thread-local.

use std::cell::RefCell;
use std::future::pending;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use runtime::runtime::{Handle, Runtime, StallReport};
use runtime::task::block_in_place;
use runtime::time::Duration;
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait;

fn spawn_pending(rt: &Runtime, dropped: &Counter) {
    let token = dropped.on_drop();
    rt.spawn(async move {
        let _token = token;
        pending::<()>().await;
    });
}

#[test]
fn in_a_task_of_its_own() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let (dropped, place) = (Counter::new(), Arc::new(Mutex::new(None::<Runtime>)));
        spawn_pending(&rt, &dropped);
        let (takes, token) = (place.clone(), dropped.on_drop());
        let handle = rt.handle().clone();
        *place.lock().unwrap() = Some(rt);
        let task = handle.spawn(async move {
            let _token = token;
            drop(takes.lock().unwrap().take());
            7
        });
        let outcome = Flavor::CurrentThread.build().block_on(task);
        assert_eq!(outcome.unwrap(), 7, "the poll under way ends as usual");
        wait::until("all futures are dropped", || dropped.get() == 2);
    });
}

/// The worker would wait for itself.
#[test]
fn in_block_in_place_of_its_own() {
    on_multi_thread(|flavor| {
        for all_block in [false, true] {
            let rt = Arc::new(flavor.build());
            let dropped = Counter::new();
            spawn_pending(&rt, &dropped);
            let handle = rt.handle().clone();
            let stuck = match all_block {
                // Then a spare runs the task.
                true => block_in_place_in(&handle, handle.metrics().num_workers()),
                false => Vec::new(),
            };
            let (token, started) = (dropped.on_drop(), Counter::new());
            let (last, says) = (rt.clone(), started.clone());
            let (go_on, told) = channel::<()>();
            let task = handle.spawn(async move {
                let _token = token;
                says.raise();
                block_in_place(move || {
                    let _ = told.recv();
                    drop(last);
                });
                7
            });
            wait::until("the task blocks", || started.get() == 1);
            drop(rt);
            drop(go_on);
            let outcome = Flavor::CurrentThread.build().block_on(task);
            assert_eq!(outcome.unwrap(), 7, "the poll under way ends as usual");
            drop(stuck);
            wait::until("all futures are dropped", || dropped.get() == 2);
        }
    });
}

/// Blocks `count` tasks in place until the senders are dropped.
fn block_in_place_in(handle: &Handle, count: usize) -> Vec<Sender<()>> {
    let block = |_| {
        let (begin, begun) = channel();
        let (release, released) = channel::<()>();
        drop(handle.spawn(async move {
            block_in_place(move || {
                begin.send(()).unwrap();
                let _ = released.recv();
            });
        }));
        begun.recv().unwrap();
        release
    };
    (0..count).map(block).collect()
}

#[test]
fn in_block_in_place_of_another() {
    on_multi_thread(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let dropped = Counter::new();
        spawn_pending(&inner, &dropped);
        let task = outer.spawn(async move { block_in_place(move || drop(Arc::new(inner))) });
        outer.block_on(task).unwrap();
        assert_eq!(dropped.get(), 1, "it may block, and waits for the end");
    });
}

/// The thread that reports would wait for itself.
#[test]
fn in_the_report_of_a_stuck_task() {
    on_multi_thread(|flavor| {
        let place = Arc::new(Mutex::new(None::<Runtime>));
        let (takes, done) = (place.clone(), Counter::new());
        let says = done.clone();
        let report = move |_: &StallReport| {
            if let Some(rt) = takes.lock().unwrap().take() {
                drop(rt);
                says.raise();
            }
        };
        let rt = flavor
            .builder()
            .stall_threshold(Duration::from_millis(20))
            .on_stall(report)
            .build()
            .unwrap();
        let (go_on, told) = channel::<()>();
        let stuck = rt.spawn(async move { told.recv() });
        *place.lock().unwrap() = Some(rt);
        wait::until("the runtime is dropped", || done.get() == 1);
        drop(go_on);
        let outcome = Flavor::CurrentThread.build().block_on(stuck);
        assert!(
            outcome.unwrap().is_err(),
            "the poll under way ends as usual"
        );
    });
}

/// It would wait for a worker that waits for it.
#[test]
fn on_a_blocking_thread_that_a_worker_waits_for() {
    on_multi_thread(|flavor| {
        let rt = Arc::new(flavor.build());
        let (handle, last) = (rt.handle().clone(), rt.clone());
        let (go_on, told) = channel::<()>();
        let closure = rt.spawn_blocking(move || {
            let _ = told.recv();
            drop(last);
            7
        });
        let (begin, begun) = channel();
        let task = rt.spawn(async move {
            block_in_place(|| {
                begin.send(()).unwrap();
                handle.block_on(closure).unwrap()
            })
        });
        begun.recv().unwrap();
        drop(rt);
        drop(go_on);
        let outcome = Flavor::CurrentThread.build().block_on(task);
        assert_eq!(outcome.unwrap(), 7);
    });
}

#[test]
fn in_block_on_of_another_and_of_its_own() {
    on_every_flavor(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let dropped = Counter::new();
        spawn_pending(&inner, &dropped);
        outer.block_on(async move { drop(inner) });
        wait::until("the future is dropped", || dropped.get() == 1);

        let rt = flavor.build();
        spawn_pending(&rt, &dropped);
        let handle = rt.handle().clone();
        let after = handle.block_on(async move {
            drop(rt);
            7
        });
        assert_eq!(after, 7);
        wait::until("the future is dropped", || dropped.get() == 2);
    });
}

#[test]
fn in_a_task_of_another() {
    on_every_flavor(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let dropped = Counter::new();
        spawn_pending(&inner, &dropped);
        outer
            .block_on(outer.spawn(async move { drop(inner) }))
            .unwrap();
        wait::until("the future is dropped", || dropped.get() == 1);
    });
}

#[test]
fn on_a_blocking_thread_of_its_own_and_of_another() {
    on_every_flavor(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let dropped = Counter::new();
        spawn_pending(&inner, &dropped);
        outer
            .block_on(outer.spawn_blocking(move || drop(inner)))
            .unwrap();
        assert_eq!(dropped.get(), 1, "a blocking thread waits for the end");

        let rt = flavor.build();
        spawn_pending(&rt, &dropped);
        let handle = rt.handle().clone();
        let closure = handle.spawn_blocking(move || drop(rt));
        outer.block_on(closure).unwrap();
        wait::until("the future is dropped", || dropped.get() == 2);
    });
}

type Act = Box<dyn FnMut() + Send>;

thread_local! {
    static KEPT: RefCell<Option<Runtime>> = const { RefCell::new(None) };
    static LAST_ACT: RefCell<Option<OnDrop<Act>>> = const { RefCell::new(None) };
}

/// The thread-local is made before the runtime's own, and after them: destructors run in either
/// order.
#[test]
fn in_the_destructor_of_a_thread_local() {
    on_every_flavor(|flavor| {
        for used_before in [false, true] {
            let dropped = Counter::new();
            let counts = dropped.clone();
            let run = move || {
                if !used_before {
                    KEPT.with(|_| {});
                }
                let rt = flavor.build();
                spawn_pending(&rt, &counts);
                rt.block_on(async { runtime::spawn(async {}).await })
                    .unwrap();
                KEPT.set(Some(rt));
            };
            thread::spawn(run).join().unwrap();
            assert_eq!(dropped.get(), 1, "on {flavor}, used before: {used_before}");
        }
    });
}

#[test]
fn in_the_destructor_of_a_worker_s_thread_local() {
    on_multi_thread(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let dropped = Counter::new();
        spawn_pending(&inner, &dropped);
        outer
            .block_on(outer.spawn(async move { KEPT.set(Some(inner)) }))
            .unwrap();
        drop(outer);
        assert_eq!(dropped.get(), 1, "on {flavor}");
    });
}

/// The destructor runs when the runtime's own thread-locals may be gone.
#[test]
fn a_handle_is_of_use_in_the_destructor_of_a_thread_local() {
    on_every_flavor(|flavor| {
        for used_before in [false, true] {
            let rt = flavor.build();
            let (handle, done) = (rt.handle().clone(), Counter::new());
            let says = done.clone();
            let act: Act = Box::new(move || {
                let _ = runtime::runtime::Handle::try_current();
                let task = handle.spawn(async { 7 });
                let _later = handle.spawn_blocking(|| {});
                let _entered = handle.enter();
                task.abort();
                drop(task);
                assert_eq!(handle.block_on(async { 8 }), 8);
                says.raise();
            });
            let run = move || {
                if !used_before {
                    LAST_ACT.with(|_| {});
                }
                Flavor::CurrentThread
                    .build()
                    .block_on(async { runtime::spawn(async {}).await })
                    .unwrap();
                LAST_ACT.set(Some(OnDrop(act)));
            };
            thread::spawn(run).join().unwrap();
            assert_eq!(done.get(), 1, "on {flavor}, used before: {used_before}");
        }
    });
}
