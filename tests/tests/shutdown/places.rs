//! Where a runtime is dropped: in its own task, in another runtime, on a blocking thread, in the
//! destructor of a thread-local.

use std::cell::RefCell;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::thread;

use runtime::runtime::Runtime;
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
