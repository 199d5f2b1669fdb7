//! Who comes when the budget is spent keeps the place of its first poll.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use runtime::runtime::LocalRuntime;
use runtime::sync::{Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore, mpsc};
use runtime::task::{consume_budget, coop};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::watchdog::Watchdog;

/// Polls `future` for the first time, with no budget left.
async fn poll_without_budget<F: Future>(future: Pin<&mut F>) {
    let mut future = future;
    while coop::has_budget_remaining() {
        consume_budget().await;
    }
    let first = poll_fn(|cx| {
        assert!(!coop::has_budget_remaining());
        Poll::Ready(future.as_mut().poll(cx).is_ready())
    });
    assert!(!first.await, "ready without a budget");
}

async fn locks() {
    let mutex = Arc::new(Mutex::new(()));
    {
        let mut first = pin!(mutex.lock());
        poll_without_budget(first.as_mut()).await;
        assert!(mutex.try_lock().is_err());
        let second = mutex.lock();
        drop(first.await);
        drop(second.await);
        let mut owned = pin!(mutex.clone().lock_owned());
        poll_without_budget(owned.as_mut()).await;
        assert!(mutex.try_lock().is_err());
    }
    assert!(mutex.try_lock().is_ok(), "who was dropped gives it back");

    let lock = RwLock::new(());
    {
        let mut first = pin!(lock.write());
        poll_without_budget(first.as_mut()).await;
        assert!(lock.try_read().is_err());
        drop(first.await);
        let mut first = pin!(lock.read());
        poll_without_budget(first.as_mut()).await;
        assert!(lock.try_write().is_err());
        assert!(lock.try_read().is_ok());
    }
    assert!(lock.try_write().is_ok());
}

async fn semaphores() {
    let permits = Semaphore::new(3);
    {
        let mut first = pin!(permits.acquire_many(2));
        poll_without_budget(first.as_mut()).await;
        assert_eq!(permits.available_permits(), 1);
        let mut too_many = pin!(permits.acquire_many(2));
        poll_without_budget(too_many.as_mut()).await;
        assert!(permits.try_acquire().is_err(), "it goes to who came before");
        drop(first.await);
        drop(too_many.await);
    }
    assert_eq!(permits.available_permits(), 3);
    let mut closed = pin!(permits.acquire());
    poll_without_budget(closed.as_mut()).await;
    permits.close();
    assert!(closed.await.is_err());
    assert_eq!(permits.available_permits(), 3);
    let mut late = pin!(permits.acquire());
    poll_without_budget(late.as_mut()).await;
    assert!(late.await.is_err());
}

async fn channels() {
    let (tx, mut rx) = mpsc::channel(1);
    let mut first = pin!(tx.send("first"));
    poll_without_budget(first.as_mut()).await;
    assert!(tx.try_send("overtakes").is_err());
    first.await.unwrap();
    assert_eq!(rx.recv().await, Some("first"));
    {
        let mut reserve = pin!(tx.reserve());
        poll_without_budget(reserve.as_mut()).await;
        assert_eq!(tx.capacity(), 0);
    }
    assert_eq!(tx.capacity(), 1);
    let last = tx.clone();
    let mut last = Box::pin(last.reserve_owned());
    poll_without_budget(last.as_mut()).await;
    rx.close();
    drop(last);
    assert_eq!(rx.recv().await, None);
}

async fn others() {
    let cell = OnceCell::new();
    let mut first = pin!(cell.get_or_init(|| async { "first" }));
    poll_without_budget(first.as_mut()).await;
    let second = cell.get_or_init(|| async { "second" });
    let (first, second) = futures_lite::future::zip(first, second).await;
    assert_eq!((*first, *second), ("first", "first"));

    let notify = Notify::new();
    let mut waits = pin!(notify.notified());
    poll_without_budget(waits.as_mut()).await;
    notify.notify_waiters();
    waits.await;

    let barrier = Barrier::new(2);
    let mut first = pin!(barrier.wait());
    poll_without_budget(first.as_mut()).await;
    let mut last = pin!(barrier.wait());
    poll_without_budget(last.as_mut()).await;
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
