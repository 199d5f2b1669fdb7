//! The mutex and its guards.

use std::cell::RefCell;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::ops::DerefMut;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;

use futures_lite::future::{block_on, poll_once};
use runtime::sync::{MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard};
use runtime::task::{spawn_blocking, yield_now};
use runtime_tests::cancel::in_every_order;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::panic_of;

use super::{assert_refused_to_block, assert_spends_its_budget};

#[test]
fn whoever_has_the_lock_has_the_value() {
    let mut mutex = Mutex::from(1);
    let mut guard = block_on(mutex.lock());
    *guard += 1;
    assert!(std::ptr::eq(MutexGuard::mutex(&guard), &mutex));
    assert!(mutex.try_lock().is_err());
    drop(guard);
    assert_eq!(*mutex.try_lock().unwrap(), 2);
    *mutex.get_mut() += 1;
    assert_eq!(mutex.into_inner(), 3);
    assert_eq!(Mutex::<u8>::default().into_inner(), 0);
}

#[test]
fn an_owned_guard_keeps_the_mutex_alive() {
    let mutex = Arc::new(Mutex::new(String::from("a")));
    let weak = Arc::downgrade(&mutex);
    let guard = block_on(mutex.clone().lock_owned());
    assert!(Arc::ptr_eq(OwnedMutexGuard::mutex(&guard), &mutex));
    assert!(mutex.clone().try_lock_owned().is_err());
    drop(mutex);
    let mut last = OwnedMutexGuard::map(guard, |text| text.as_mut_str());
    last.make_ascii_uppercase();
    assert_eq!(&*last, "A");
    drop(last);
    assert!(weak.upgrade().is_none());
}

#[test]
fn a_static_mutex_is_shared_by_all_runtimes() {
    static NAMES: Mutex<Vec<u32>> = Mutex::const_new(Vec::new());
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            NAMES.lock().await.clear();
            let tasks: Vec<_> = (0..20)
                .map(|n| {
                    runtime::spawn(async move {
                        for _ in 0..100 {
                            let mut names = NAMES.lock().await;
                            let before = names.len();
                            yield_now().await;
                            assert_eq!(names.len(), before, "somebody else got in");
                            names.push(n);
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            assert_eq!(NAMES.lock().await.len(), 2_000);
        });
    });
}

#[test]
fn a_mutex_of_an_unsized_value_is_locked_like_any_other() {
    let mutex: Arc<Mutex<[u8]>> = Arc::new(Mutex::new([1, 2, 3]));
    block_on(mutex.lock())[0] = 7;
    let guard = block_on(mutex.clone().lock_owned());
    let last = OwnedMutexGuard::map(guard, |values| values.last_mut().unwrap());
    assert_eq!(*last, 3);
    drop(last);
    let displayed: &Mutex<dyn Display> = &Mutex::new(5);
    assert_eq!(block_on(displayed.lock()).to_string(), "5");
}

#[test]
fn the_lock_is_handed_out_in_the_order_of_the_requests() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let order = Arc::new(Mutex::new(Vec::new()));
            let first = order.lock().await;
            let tasks = (0..50).map(|n| {
                let mut lock = Box::pin(order.clone().lock_owned());
                let polled = lock.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert!(polled.is_pending());
                runtime::spawn(async move { lock.await.push(n) })
            });
            let tasks: Vec<_> = tasks.collect();
            // Behind all tasks, which may be through before this thread goes on: so the lock is never free.
            let mut last = Box::pin(order.clone().lock_owned());
            let polled = last.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
            assert!(order.try_lock().is_err());
            drop(first);
            assert!(
                order.try_lock().is_err(),
                "one that does not wait overtakes"
            );
            drop(last.await);
            for task in tasks {
                task.await.unwrap();
            }
            assert!(order.lock().await.iter().copied().eq(0..50));
        });
    });
}

/// One who locks in a loop gives way to another each time.
#[test]
fn nobody_is_starved_by_one_who_locks_in_a_loop() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mutex = Arc::new(Mutex::new(false));
            let greedy = runtime::spawn({
                let mutex = mutex.clone();
                async move {
                    while !*mutex.lock().await {
                        let _guard = mutex.lock().await;
                        yield_now().await;
                    }
                }
            });
            for _ in 0..100 {
                drop(mutex.lock().await);
            }
            *mutex.lock().await = true;
            greedy.await.unwrap();
        });
    });
}

#[test]
fn a_panic_unlocks_and_poisons_nothing() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mutex = Arc::new(Mutex::new(1));
            let there = mutex.clone();
            let panics = runtime::spawn(async move {
                let _guard = there.lock().await;
                std::panic::resume_unwind(Box::new(()));
            });
            assert!(panics.await.unwrap_err().is_panic());
            assert_eq!(*mutex.lock().await, 1);
            let guard = mutex.lock().await;
            panic_of(|| MutexGuard::map(guard, |_| -> &mut u8 { panic!("in map") }));
            assert!(mutex.try_lock().is_ok());
        });
    });
}

/// Maps a guard of a pair to its second half, fails to map it further, and changes it.
macro_rules! check_mapping {
    ($guard:expr, $first:ident, $second:ident) => {
        let guard = $first::try_map($guard, |_| None::<&mut u8>).unwrap_err();
        let guard = $first::try_map(guard, |pair| Some(pair)).unwrap();
        let guard = $second::map(guard, |pair| &mut pair.1);
        let guard = $second::try_map(guard, |_| None::<&mut u8>).unwrap_err();
        let mut guard = $second::try_map(guard, |half| Some(half)).unwrap();
        *guard += 1;
    };
}

#[test]
fn guards_of_parts_hold_the_lock() {
    let mutex = Arc::new(Mutex::new((1, 2)));
    {
        check_mapping!(block_on(mutex.lock()), MutexGuard, MappedMutexGuard);
        assert!(mutex.try_lock().is_err());
    }
    {
        let guard = block_on(mutex.clone().lock_owned());
        check_mapping!(guard, OwnedMutexGuard, OwnedMappedMutexGuard);
        assert!(mutex.try_lock().is_err());
    }
    assert_eq!(*mutex.try_lock().unwrap(), (1, 4));
}

#[test]
fn guards_print_as_their_values() {
    fn check<T: ?Sized + Debug + Display>(guard: impl DerefMut<Target = T> + Debug + Display) {
        assert_eq!(
            format!("{guard:?} {guard}"),
            format!("{:?} {}", &*guard, &*guard)
        );
        assert_eq!(format!("{guard:>4}"), "   x");
    }
    let mutex = Arc::new(Mutex::new("x"));
    assert_eq!(format!("{mutex:?}"), "Mutex { data: \"x\" }");
    let guard = mutex.try_lock().unwrap();
    assert_eq!(format!("{mutex:?}"), "Mutex { data: <locked> }");
    let error = mutex.try_lock().unwrap_err();
    assert!(error.to_string().contains("held"), "{error}");
    check(guard);
    check(MutexGuard::map(mutex.try_lock().unwrap(), |it| it));
    check(mutex.clone().try_lock_owned().unwrap());
    let guard = mutex.clone().try_lock_owned().unwrap();
    check(OwnedMutexGuard::map(guard, |it| it));
}

#[test]
fn a_dropped_request_loses_no_lock() {
    in_every_order(|order| {
        let mutex = Arc::new(Mutex::new(0));
        let held = RefCell::new(mutex.try_lock().ok());
        let unlock = || drop(held.take());
        let victim = async { *mutex.lock().await += 1 };
        let rival = async { *mutex.clone().lock_owned().await += 1 };
        let ended = order.run(victim, rival, &[&unlock]);
        assert!(ended.rival.is_some(), "the rival is not woken");
        let expected = 1 + i32::from(ended.victim.is_some());
        assert_eq!(*mutex.try_lock().unwrap(), expected);
    });
    in_every_order(|order| {
        let mutex = Arc::new(Mutex::new(0));
        let held = RefCell::new(mutex.try_lock().ok());
        let unlock = || drop(held.take());
        let victim = async { *mutex.clone().lock_owned().await += 1 };
        let rival = async { *mutex.lock().await += 1 };
        let ended = order.run(victim, rival, &[&unlock]);
        assert!(ended.rival.is_some(), "the rival is not woken");
        assert!(mutex.try_lock().is_ok());
    });
}

#[test]
fn threads_and_tasks_lock_the_same_mutex() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let mutex = Arc::new(Mutex::new(0));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let mutex = mutex.clone();
                thread::spawn(move || {
                    for _ in 0..500 {
                        *mutex.blocking_lock() += 1;
                        *mutex.clone().blocking_lock_owned() += 1;
                    }
                })
            })
            .collect();
        rt.block_on(async {
            let tasks: Vec<_> = (0..4)
                .map(|_| {
                    let mutex = mutex.clone();
                    runtime::spawn(async move {
                        for _ in 0..500 {
                            *mutex.lock().await += 1;
                            drop(poll_once(mutex.lock()).await);
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
        });
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(*mutex.try_lock().unwrap(), 4_000);
    });
}

#[test]
fn async_code_is_not_blocked() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mutex = Arc::new(Mutex::new(1));
            let here = line!() + 1;
            let report = panic_of(|| mutex.blocking_lock());
            assert_refused_to_block(&report, file!(), here, "lock().await");
            let here = line!() + 1;
            let report = panic_of(|| mutex.clone().blocking_lock_owned());
            assert_refused_to_block(&report, file!(), here, "lock_owned().await");
            let there = mutex.clone();
            spawn_blocking(move || *there.blocking_lock() += 1)
                .await
                .unwrap();
            assert_eq!(*mutex.lock().await, 2);
        });
    });
}

#[test]
fn one_that_always_gets_the_lock_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let mutex = Mutex::new(());
        loop {
            drop(mutex.lock().await);
        }
    });
}

#[test]
fn a_forgotten_request_does_no_harm() {
    let mutex = Mutex::new(1);
    let guard = mutex.try_lock().unwrap();
    let mut first = Box::pin(mutex.lock());
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    std::mem::forget(first);
    let mut second = pin!(mutex.lock());
    assert!(
        second
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    drop(guard);
    assert!(
        second
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending(),
        "it is not its turn"
    );
}
