//! The semaphore.

use std::cell::Cell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures_lite::future::{block_on, poll_once};
use runtime::sync::{Semaphore, SemaphorePermit, TryAcquireError};
use runtime::task::{spawn_blocking, yield_now};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::panic_of;

use super::{assert_refused_to_block, assert_spends_its_budget};

/// Polls once, as if the task were never woken.
fn is_ready<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
    future
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_ready()
}

#[test]
fn permits_are_counted_and_come_back() {
    let semaphore = Semaphore::new(5);
    let one = block_on(semaphore.acquire()).unwrap();
    let three = block_on(semaphore.acquire_many(3)).unwrap();
    assert_eq!((one.num_permits(), three.num_permits()), (1, 3));
    assert_eq!(semaphore.available_permits(), 1);
    assert_eq!(
        semaphore.try_acquire_many(2).unwrap_err(),
        TryAcquireError::NoPermits
    );
    assert!(std::ptr::eq(one.semaphore(), &semaphore));
    drop(three);
    assert_eq!(semaphore.available_permits(), 4);
    one.forget();
    assert_eq!(semaphore.available_permits(), 4);
    semaphore.add_permits(2);
    assert_eq!(semaphore.forget_permits(100), 6);
    assert_eq!(semaphore.available_permits(), 0);
}

#[test]
fn owned_permits_keep_the_semaphore_alive() {
    let semaphore = Arc::new(Semaphore::new(4));
    let one = semaphore.clone().try_acquire_owned().unwrap();
    let two = block_on(semaphore.clone().acquire_many_owned(2)).unwrap();
    assert!(Arc::ptr_eq(one.semaphore(), &semaphore));
    let full = semaphore.clone().try_acquire_many_owned(2);
    assert_eq!(full.unwrap_err(), TryAcquireError::NoPermits);
    let weak = Arc::downgrade(&semaphore);
    drop((semaphore, one));
    assert_eq!(weak.upgrade().unwrap().available_permits(), 2);
    two.forget();
    assert!(weak.upgrade().is_none(), "a forgotten permit lets go of it");
}

#[test]
fn nothing_can_be_asked_for() {
    let semaphore = Semaphore::new(0);
    let mut waiting = pin!(semaphore.acquire());
    assert!(!is_ready(waiting.as_mut()));
    assert_eq!(semaphore.try_acquire_many(0).unwrap().num_permits(), 0);
    assert_eq!(
        block_on(semaphore.acquire_many(0)).unwrap().num_permits(),
        0
    );
    semaphore.add_permits(0);
    assert!(!is_ready(waiting));
}

#[test]
fn permits_are_merged_and_split() {
    let semaphore = Semaphore::new(5);
    let mut all = semaphore.try_acquire_many(3).unwrap();
    all.merge(semaphore.try_acquire_many(2).unwrap());
    assert_eq!((all.num_permits(), semaphore.available_permits()), (5, 0));
    assert!(all.split(6).is_none());
    let two = all.split(2).unwrap();
    assert_eq!((all.num_permits(), two.num_permits()), (3, 2));
    drop(all);
    assert_eq!(semaphore.available_permits(), 3);
    drop(two);
    assert_eq!(semaphore.available_permits(), 5);

    let semaphore = Arc::new(semaphore);
    let mut all = semaphore.clone().try_acquire_many_owned(5).unwrap();
    let none = all.split(0).unwrap();
    let mut two = all.split(2).unwrap();
    two.merge(none);
    drop(all);
    assert_eq!((two.num_permits(), semaphore.available_permits()), (2, 3));
}

#[test]
fn permits_of_two_semaphores_are_not_merged() {
    let (one, other) = (Semaphore::new(1), Semaphore::new(1));
    let mut permit = one.try_acquire().unwrap();
    let foreign = other.try_acquire().unwrap();
    let here = line!() + 1;
    let report = panic_of(|| permit.merge(foreign));
    assert_eq!((report.file.as_str(), report.line), (file!(), here));
    drop(permit);
    let rest = [one, other].map(|semaphore| semaphore.available_permits());
    assert_eq!(rest, [1, 1], "both came back");
}

#[test]
fn too_many_permits_are_refused_where_they_are_added() {
    let most = Semaphore::new(Semaphore::MAX_PERMITS);
    let none = Semaphore::new(0);
    let waiting = pin!(none.acquire());
    let refused = |line, add: &dyn Fn()| {
        let report = panic_of(add);
        assert_eq!((report.file.as_str(), report.line), (file!(), line));
        assert!(report.message.contains("MAX_PERMITS"), "{report:?}");
    };
    const MANY: usize = Semaphore::MAX_PERMITS + 1;
    refused(line!(), &|| drop(Semaphore::new(MANY)));
    refused(line!(), &|| drop(Semaphore::const_new(MANY)));
    refused(line!(), &|| none.add_permits(MANY));
    refused(line!(), &|| most.add_permits(1));
    assert_eq!(most.available_permits(), Semaphore::MAX_PERMITS);
    assert!(!is_ready(waiting));
    most.forget_permits(1);
    most.add_permits(1);
}

#[test]
fn permits_are_given_out_in_the_order_of_the_requests() {
    let semaphore = Semaphore::new(0);
    let mut many = pin!(semaphore.acquire_many(3));
    let mut one = pin!(semaphore.acquire());
    assert!(!is_ready(many.as_mut()) && !is_ready(one.as_mut()));
    semaphore.add_permits(2);
    assert!(!is_ready(one.as_mut()), "a small request overtakes");
    assert!(
        semaphore.try_acquire().is_err(),
        "one that does not wait overtakes"
    );
    assert_eq!(
        (semaphore.available_permits(), semaphore.forget_permits(1)),
        (0, 0)
    );
    semaphore.add_permits(2);
    assert!(
        !is_ready(pin!(semaphore.acquire())),
        "one that comes late overtakes"
    );
    assert!(is_ready(one) && is_ready(many));
}

#[test]
fn after_closing_nothing_is_acquired() {
    let semaphore = Arc::new(Semaphore::new(2));
    let held = semaphore.try_acquire().unwrap();
    let mut collecting = pin!(semaphore.acquire_many(2));
    let mut waiting = pin!(semaphore.clone().acquire_owned());
    assert!(!is_ready(collecting.as_mut()) && !is_ready(waiting.as_mut()));
    assert!(!semaphore.is_closed());
    semaphore.close();
    assert!(block_on(collecting).is_err());
    assert!(block_on(waiting).is_err());
    semaphore.close();
    drop(held);
    semaphore.forget_permits(1);
    semaphore.add_permits(1);
    assert!(semaphore.is_closed(), "it opens again");
    assert_eq!(semaphore.available_permits(), 2);
    assert_eq!(
        semaphore.try_acquire().unwrap_err(),
        TryAcquireError::Closed
    );
    let error = block_on(semaphore.acquire()).unwrap_err();
    assert_eq!(error.to_string(), "semaphore closed");
    assert!(semaphore.blocking_acquire().is_err());
}

#[test]
fn closing_wakes_all_who_wait() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let semaphore = Arc::new(Semaphore::new(1));
            let tasks: Vec<_> = (2..100)
                .map(|n| runtime::spawn(semaphore.clone().acquire_many_owned(n)))
                .collect();
            yield_now().await;
            semaphore.close();
            for task in tasks {
                assert!(task.await.unwrap().is_err());
            }
            assert_eq!(semaphore.available_permits(), 1);
        });
    });
}

#[test]
fn a_static_bounds_how_many_work_at_once() {
    static SEATS: Semaphore = Semaphore::const_new(3);
    on_every_flavor(|flavor| {
        let seated = Arc::new(AtomicUsize::new(0));
        flavor.build().block_on(async {
            let tasks: Vec<_> = (0..40)
                .map(|n| {
                    let seated = seated.clone();
                    runtime::spawn(async move {
                        for _ in 0..50 {
                            let seats = n % 3 + 1;
                            let _permit = SEATS.acquire_many(seats).await.unwrap();
                            let seats = seats as usize;
                            assert!(seated.fetch_add(seats, Ordering::SeqCst) + seats <= 3);
                            yield_now().await;
                            seated.fetch_sub(seats, Ordering::SeqCst);
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
        });
        assert_eq!(SEATS.available_permits(), 3);
    });
}

/// Tasks that ask, give up and are aborted on all workers at once: in the end all permits are there.
#[test]
fn no_permit_is_lost_under_stress() {
    on_every_flavor(|flavor| {
        let semaphore = Arc::new(Semaphore::new(4));
        flavor.build().block_on(async {
            let tasks: Vec<_> = (0..8_u32)
                .map(|n| {
                    let semaphore = semaphore.clone();
                    runtime::spawn(async move {
                        for round in 0..300 {
                            let wanted = (n + round) % 4 + 1;
                            if (n + round) % 3 == 0 {
                                drop(poll_once(semaphore.acquire_many(wanted)).await);
                            } else {
                                let _permit = semaphore.acquire_many(wanted).await.unwrap();
                                yield_now().await;
                            }
                        }
                    })
                })
                .collect();
            for (n, task) in tasks.into_iter().enumerate() {
                if n % 4 == 0 {
                    task.abort();
                }
                let _ = task.await;
            }
        });
        assert_eq!(semaphore.available_permits(), 4);
    });
}

#[test]
fn a_dropped_request_loses_no_permit() {
    fn check<'a, V, O>(
        semaphore: &'a Arc<Semaphore>,
        victim: V,
        order: &mut runtime_tests::cancel::Order,
    ) where
        V: Future<Output = Result<O, runtime::sync::AcquireError>> + 'a,
    {
        let add = || semaphore.add_permits(1);
        let victim = async { drop(victim.await.unwrap()) };
        let rival = async { drop(semaphore.acquire_many(2).await.unwrap()) };
        let ended = order.run(victim, rival, &[&add, &add]);
        assert!(ended.rival.is_some(), "the rival is not woken");
        assert_eq!(semaphore.available_permits(), 2, "a permit is lost");
    }
    in_every_order(|order| {
        let semaphore = Arc::new(Semaphore::new(0));
        check(&semaphore, semaphore.acquire_many(2), order);
    });
    in_every_order(|order| {
        let semaphore = Arc::new(Semaphore::new(0));
        check(&semaphore, semaphore.clone().acquire_owned(), order);
    });
}

#[test]
fn a_request_dropped_while_the_semaphore_closes_loses_no_permit() {
    in_every_order(|order| {
        let semaphore = Semaphore::new(1);
        let acquired = Cell::new(0);
        let acquire = async |n| match semaphore.acquire_many(n).await {
            Ok(permit) => {
                acquired.set(acquired.get() + permit.num_permits());
                permit.forget();
            }
            Err(_) => assert!(semaphore.is_closed()),
        };
        let (add, close) = (|| semaphore.add_permits(1), || semaphore.close());
        let ended = order.run(acquire(2), acquire(1), &[&add, &close]);
        assert!(ended.rival.is_some(), "the rival is not woken");
        assert_eq!(semaphore.available_permits() + acquired.get(), 2);
    });
}

#[test]
fn a_waker_that_panics_loses_no_permit() {
    for panics in [Act::Clone, Act::Wake, Act::Drop] {
        let semaphore = Semaphore::new(0);
        let used = Counter::new();
        {
            let mut first = pin!(semaphore.acquire());
            for _ in 0..2 {
                let polled = catch_unwind(AssertUnwindSafe(|| {
                    poll_with(first.as_mut(), waker(panics, &used)).is_pending()
                }));
                assert_eq!(polled.is_err(), panics == Act::Clone);
            }
            let mut second = pin!(semaphore.acquire());
            assert!(!is_ready(second.as_mut()));
            semaphore.add_permits(2);
            assert!(is_ready(second), "{panics:?}");
        }
        assert_eq!(semaphore.available_permits(), 2, "{panics:?}");
    }
}

#[test]
fn a_thread_blocks_until_it_has_its_permits() {
    let semaphore = Arc::new(Semaphore::new(0));
    let ways: [fn(&Arc<Semaphore>) -> usize; 4] = [
        |semaphore| semaphore.blocking_acquire().unwrap().num_permits(),
        |semaphore| semaphore.blocking_acquire_many(2).unwrap().num_permits(),
        |semaphore| {
            semaphore
                .clone()
                .blocking_acquire_owned()
                .unwrap()
                .num_permits()
        },
        |semaphore| {
            let permit = semaphore.clone().blocking_acquire_many_owned(2);
            permit.unwrap().num_permits()
        },
    ];
    for (way, wanted) in ways.into_iter().zip([1, 2, 1, 2]) {
        let thread = thread::spawn({
            let semaphore = semaphore.clone();
            move || way(&semaphore)
        });
        semaphore.add_permits(1);
        semaphore.add_permits(1);
        assert_eq!(thread.join().unwrap(), wanted);
        assert_eq!(semaphore.forget_permits(9), 2);
    }
}

#[test]
fn async_code_is_not_blocked() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let semaphore = Arc::new(Semaphore::new(1));
            let here = line!() + 1;
            let report = panic_of(|| semaphore.blocking_acquire());
            assert_refused_to_block(&report, file!(), here, "acquire().await");
            let here = line!() + 1;
            let report = panic_of(|| semaphore.clone().blocking_acquire_many_owned(1));
            assert_refused_to_block(&report, file!(), here, "acquire_many_owned().await");
            let there = semaphore.clone();
            let blocking = spawn_blocking(move || there.blocking_acquire().is_ok());
            assert!(blocking.await.unwrap());
        });
    });
}

#[test]
fn one_that_always_gets_its_permit_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let semaphore = Semaphore::new(1);
        loop {
            drop(semaphore.acquire().await);
        }
    });
}

/// It came first: who yields before it has what is free is overtaken.
#[test]
fn a_request_without_budget_has_the_permit_that_is_free() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn(async {
            let semaphore = Semaphore::new(1);
            while runtime::task::coop::has_budget_remaining() {
                drop(semaphore.acquire().await);
            }
            let permit = poll_once(pin!(semaphore.acquire())).await;
            assert!(permit.is_some());
            assert!(semaphore.try_acquire().is_err());
        });
        rt.block_on(task).unwrap();
    });
}

#[test]
fn the_state_is_printed() {
    let semaphore = Semaphore::new(3);
    semaphore.close();
    let printed = format!("{semaphore:?}");
    assert_eq!(
        printed,
        "Semaphore { available_permits: 3, is_closed: true }"
    );
    assert_eq!(
        TryAcquireError::NoPermits.to_string(),
        "no permits available"
    );
    assert_eq!(TryAcquireError::Closed.to_string(), "semaphore closed");
}

#[test]
fn a_permit_outlives_no_borrow_that_it_does_not_need() {
    fn shorten<'short>(permit: SemaphorePermit<'static>, _: &'short u8) -> SemaphorePermit<'short> {
        permit
    }
    static ONE: Semaphore = Semaphore::const_new(1);
    let local = 0;
    drop(shorten(ONE.try_acquire().unwrap(), &local));
    assert!(matches!(poll_now(ONE.acquire()), Poll::Ready(Ok(_))));
}

fn poll_now<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}
