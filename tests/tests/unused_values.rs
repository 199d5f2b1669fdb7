//! A value that tokio lets a program drop without a word is dropped here without a warning, too: a program that denies
//! warnings builds as it did.
#![deny(warnings)]

use std::sync::Arc;

use runtime::sync::{Mutex, OwnedRwLockWriteGuard, RwLock, RwLockWriteGuard, mpsc, oneshot};
use runtime::task::LocalSet;

runtime::task_local! {
    static KEY: u8;
}

/// Hands a receiver on in a `Result`, as a client does that queues a request.
fn queue() -> Result<oneshot::Receiver<u8>, u8> {
    Ok(oneshot::channel().1)
}

#[runtime::test]
async fn permits_and_receivers_are_dropped_without_a_warning() {
    let (sender, receiver) = mpsc::channel::<u8>(2);
    queue().expect("a receiver");
    sender.reserve().await.expect("room");
    sender.try_reserve().expect("room");
    sender.reserve_many(2).await.expect("room");
    sender.clone().reserve_owned().await.expect("room");
    assert_eq!(sender.capacity(), 2);
    drop(receiver);
}

#[runtime::test]
async fn guards_are_dropped_without_a_warning() {
    let mutex = Arc::new(Mutex::new(1));
    mutex.clone().lock_owned().await;
    mutex.try_lock_owned().expect("free");

    let lock = Arc::new(RwLock::new(1));
    lock.clone().read_owned().await;
    lock.clone().write_owned().await;
    RwLockWriteGuard::map(lock.write().await, |value| value);
    OwnedRwLockWriteGuard::map(lock.clone().write_owned().await, |value| value);
}

#[test]
fn what_enters_a_scope_is_dropped_without_a_warning() {
    LocalSet::new().enter();
    KEY.scope(1, async {});
}
