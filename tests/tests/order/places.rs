//! Who comes when the budget is spent has the place of its first poll.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use runtime::runtime::{Builder, LocalRuntime, Runtime};
use runtime::sync::{Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore, mpsc};
use runtime::task::{consume_budget, coop, yield_now};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::watchdog::Watchdog;

/// Polls `future` for the first time, with no budget left.
async fn poll_without_budget<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    let mut future = future;
    while coop::has_budget_remaining() {
        consume_budget().await;
    }
    poll_fn(|cx| {
        assert!(!coop::has_budget_remaining());
        Poll::Ready(future.as_mut().poll(cx))
    })
    .await
}

/// What `future`, which need not wait, is ready with at its first poll, with no budget left.
async fn had_without_budget<F: Future>(future: F) -> F::Output {
    match poll_without_budget(pin!(future)).await {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing is taken, and whoever comes next overtakes"),
    }
}

/// Polls `future`, which has to wait, for the first time, with no budget left.
async fn begin_without_budget<F: Future>(future: Pin<&mut F>) {
    let first = poll_without_budget(future).await;
    assert!(first.is_pending(), "ready without a budget");
}

async fn locks() {
    let mutex = Arc::new(Mutex::new(()));
    let guard = had_without_budget(mutex.lock()).await;
    assert!(mutex.try_lock().is_err());
    {
        let mut second = pin!(mutex.lock());
        begin_without_budget(second.as_mut()).await;
        drop(guard);
        assert!(mutex.try_lock().is_err(), "it goes to who came before");
        drop(second.await);
    }
    drop(had_without_budget(mutex.clone().lock_owned()).await);
    assert!(mutex.try_lock().is_ok());

    let lock = RwLock::new(());
    let guard = had_without_budget(lock.write()).await;
    assert!(lock.try_read().is_err());
    drop(guard);
    let guard = had_without_budget(lock.read()).await;
    assert!(lock.try_write().is_err());
    let mut writer = Box::pin(lock.write());
    begin_without_budget(writer.as_mut()).await;
    assert!(lock.try_read().is_err(), "the writer came before");
    drop((guard, writer));
    assert!(lock.try_write().is_ok());
}

async fn semaphores() {
    let permits = Semaphore::new(3);
    let two = had_without_budget(permits.acquire_many(2)).await.unwrap();
    assert_eq!(permits.available_permits(), 1);
    {
        let mut too_many = pin!(permits.acquire_many(2));
        begin_without_budget(too_many.as_mut()).await;
        assert!(permits.try_acquire().is_err(), "it goes to who came before");
        drop(two);
        drop(too_many.await.unwrap());
    }
    assert_eq!(permits.available_permits(), 3);
    permits.close();
    assert!(had_without_budget(permits.acquire()).await.is_err());
}

async fn channels() {
    let (tx, mut rx) = mpsc::channel(1);
    had_without_budget(tx.send("first")).await.unwrap();
    assert!(tx.try_send("second").is_err());
    let mut second = pin!(tx.send("second"));
    begin_without_budget(second.as_mut()).await;
    assert_eq!(rx.recv().await, Some("first"));
    assert!(tx.try_send("overtakes").is_err());
    second.await.unwrap();
    assert_eq!(rx.recv().await, Some("second"));
    drop(had_without_budget(tx.reserve()).await.unwrap());
    drop(
        had_without_budget(tx.clone().reserve_owned())
            .await
            .unwrap(),
    );
    assert_eq!(tx.capacity(), 1);
    rx.close();
    assert!(had_without_budget(tx.reserve()).await.is_err());
}

async fn others() {
    let cell = OnceCell::new();
    {
        let mut first = pin!(cell.get_or_init(|| async {
            yield_now().await;
            "first"
        }));
        begin_without_budget(first.as_mut()).await;
        let second = cell.get_or_init(|| async { "second" });
        let (first, second) = futures_lite::future::zip(first, second).await;
        assert_eq!((*first, *second), ("first", "first"));
    }

    let notify = Notify::new();
    let mut waits = pin!(notify.notified());
    begin_without_budget(waits.as_mut()).await;
    notify.notify_waiters();
    waits.await;

    let barrier = Barrier::new(2);
    let mut first = pin!(barrier.wait());
    begin_without_budget(first.as_mut()).await;
    let mut last = pin!(barrier.wait());
    begin_without_budget(last.as_mut()).await;
    assert!(!first.await.is_leader());
    assert!(last.await.is_leader());
}

async fn all() {
    locks().await;
    semaphores().await;
    channels().await;
    others().await;
}

#[test]
fn a_first_poll_without_budget_takes_its_place() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(all());
        rt.block_on(rt.spawn(all())).unwrap();
    });
    let _watchdog = Watchdog::start("on a local runtime");
    let rt = LocalRuntime::new().unwrap();
    rt.block_on(all());
    rt.block_on(rt.spawn_local(all())).unwrap();
}

/// How often a task is polled that takes a free lock so many times in a row, as another one does.
fn polls_of_one_of_two_that_lock(rt: &Runtime, times: usize) -> usize {
    let mutex = Arc::new(Mutex::new(0));
    let tasks = [(); 2].map(|()| {
        let mutex = mutex.clone();
        let mut locks = Box::pin(async move {
            for _ in 0..times {
                *mutex.lock().await += 1;
            }
        });
        let mut polls = 0;
        rt.spawn(poll_fn(move |cx| {
            polls += 1;
            locks.as_mut().poll(cx).map(|()| polls)
        }))
    });
    let polls = tasks.map(|task| rt.block_on(task).unwrap());
    assert_eq!(mutex.try_lock().map(|sum| *sum).unwrap(), 2 * times);
    polls.into_iter().max().unwrap_or(0)
}

#[test]
fn tasks_that_take_turns_at_a_lock_do_not_yield_with_it() {
    let _watchdog = Watchdog::start("two tasks at one lock, on one thread");
    let runtimes = [
        Builder::new_current_thread().build().unwrap(),
        // On a busy machine a spare would come to help, and the two tasks meet at the lock.
        Builder::new_multi_thread()
            .worker_threads(1)
            .disable_rescue()
            .build()
            .unwrap(),
    ];
    for rt in runtimes {
        let polls = polls_of_one_of_two_that_lock(&rt, 10_000);
        // Each must yield now and then; with the lock in hand, it would have to for each lock.
        assert!((10..200).contains(&polls), "{polls} polls for 10,000 locks");
    }
}

#[test]
fn the_credit_ends_with_other_operations_and_by_itself() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let mutex = Mutex::new(());
            drop(had_without_budget(mutex.lock()).await);
            begin_without_budget(pin!(consume_budget())).await;
            let polls = std::cell::Cell::new(0);
            let forever = async {
                loop {
                    drop(mutex.lock().await);
                    polls.set(polls.get() + 1);
                    assert!(polls.get() < 1_000, "it never yields");
                }
            };
            begin_without_budget(pin!(forever)).await;
            assert!(polls.get() > 0);
        });
    });
}

#[test]
fn a_barrier_for_one_spends_the_budget() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let barrier = Barrier::new(1);
            let mut waits = 0;
            while coop::has_budget_remaining() && waits < 1_000 {
                assert!(barrier.wait().await.is_leader());
                waits += 1;
            }
            assert!(waits < 1_000);
        });
    });
}
