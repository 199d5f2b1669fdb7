//! Locks, semaphores and the cell that is filled once, with their guards and futures.

use std::cell::Cell;
use std::future::{Ready, ready};
use std::rc::Rc;
use std::sync::Arc;

use runtime::sync::{
    AcquireError, MappedMutexGuard, Mutex, MutexGuard, OnceCell, OwnedMappedMutexGuard,
    OwnedMutexGuard, OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard,
    OwnedSemaphorePermit, RwLock, RwLockMappedWriteGuard, RwLockReadGuard, RwLockWriteGuard,
    Semaphore, SemaphorePermit, SetError, TryAcquireError, TryLockError,
};

use super::{IsNotSend as _, IsNotSync as _, IsNotUnpin as _, IsSend as _, IsSync as _, of};

type NotSend = Rc<u8>;
type NotSync = Cell<u8>;
/// `Sync` and not `Send`.
type Guard<'a> = std::sync::MutexGuard<'a, u8>;

table! {
    Semaphore:                                    1 1 1 1 1;
    SemaphorePermit<'static>:                     1 1 1 1 1;
    OwnedSemaphorePermit:                         1 1 1 1 1;
    AcquireError:                                 1 1 1 1 1;
    TryAcquireError:                              1 1 1 1 1;

    Mutex<u8>:                                    1 1 1 1 0;
    Mutex<NotSync>:                               1 1 1 1 0;
    Mutex<NotSend>:                               0 0 1 1 0;
    Mutex<Guard<'static>>:                        0 0 1 1 0;
    MutexGuard<'static, u8>:                      1 1 1 0 0;
    MutexGuard<'static, NotSync>:                 1 0 1 0 0;
    MutexGuard<'static, NotSend>:                 0 0 1 0 0;
    MutexGuard<'static, Guard<'static>>:          0 0 1 0 0;
    MappedMutexGuard<'static, u8>:                1 1 1 0 1;
    MappedMutexGuard<'static, NotSync>:           1 0 1 0 0;
    MappedMutexGuard<'static, NotSend>:           0 0 1 0 1;
    MappedMutexGuard<'static, Guard<'static>>:    0 1 1 0 1;
    OwnedMutexGuard<u8>:                          1 1 1 0 0;
    OwnedMutexGuard<NotSync>:                     1 0 1 0 0;
    OwnedMutexGuard<NotSend>:                     0 0 1 0 0;
    OwnedMutexGuard<Guard<'static>>:              0 0 1 0 0;
    OwnedMappedMutexGuard<u8, u8>:                1 1 1 0 0;
    OwnedMappedMutexGuard<u8, NotSync>:           1 0 1 0 0;
    OwnedMappedMutexGuard<u8, NotSend>:           0 0 1 0 0;
    OwnedMappedMutexGuard<NotSync, u8>:           1 0 1 0 0;
    OwnedMappedMutexGuard<NotSend, u8>:           0 0 1 0 0;
    TryLockError:                                 1 1 1 1 1;

    RwLock<u8>:                                   1 1 1 1 0;
    RwLock<NotSync>:                              1 0 1 1 0;
    RwLock<NotSend>:                              0 0 1 1 0;
    RwLock<Guard<'static>>:                       0 0 1 1 0;
    RwLockReadGuard<'static, u8>:                 1 1 1 1 1;
    RwLockReadGuard<'static, NotSync>:            0 0 1 0 0;
    RwLockReadGuard<'static, NotSend>:            0 0 1 1 1;
    RwLockReadGuard<'static, Guard<'static>>:     1 0 1 1 1;
    OwnedRwLockReadGuard<u8, u8>:                 1 1 1 0 0;
    OwnedRwLockReadGuard<u8, NotSync>:            0 0 1 0 0;
    OwnedRwLockReadGuard<u8, NotSend>:            0 0 1 0 0;
    OwnedRwLockReadGuard<u8, Guard<'static>>:     1 0 1 0 0;
    OwnedRwLockReadGuard<NotSync, u8>:            0 0 1 0 0;
    OwnedRwLockReadGuard<Guard<'static>, u8>:     0 0 1 0 0;
    RwLockWriteGuard<'static, u8>:                1 1 1 0 1;
    RwLockWriteGuard<'static, NotSync>:           0 0 1 0 0;
    RwLockWriteGuard<'static, NotSend>:           0 0 1 0 1;
    RwLockWriteGuard<'static, Guard<'static>>:    0 0 1 0 1;
    RwLockMappedWriteGuard<'static, u8>:          1 1 1 0 1;
    RwLockMappedWriteGuard<'static, NotSync>:     0 0 1 0 0;
    RwLockMappedWriteGuard<'static, Guard<'static>>: 0 0 1 0 1;
    OwnedRwLockWriteGuard<u8>:                    1 1 1 0 0;
    OwnedRwLockWriteGuard<NotSync>:               0 0 1 0 0;
    OwnedRwLockWriteGuard<Guard<'static>>:        0 0 1 0 0;
    OwnedRwLockMappedWriteGuard<u8, u8>:          1 1 1 0 0;
    OwnedRwLockMappedWriteGuard<u8, NotSync>:     0 0 1 0 0;
    OwnedRwLockMappedWriteGuard<NotSync, u8>:     0 0 1 0 0;
    OwnedRwLockMappedWriteGuard<u8, Guard<'static>>: 0 0 1 0 0;
    OwnedRwLockMappedWriteGuard<Guard<'static>, u8>: 0 0 1 0 0;

    OnceCell<u8>:                                 1 1 1 1 0;
    OnceCell<NotSync>:                            1 0 1 1 0;
    OnceCell<NotSend>:                            0 0 1 1 0;
    OnceCell<Guard<'static>>:                     0 0 1 1 0;
    SetError<u8>:                                 1 1 1 1 1;
    SetError<NotSync>:                            1 0 1 1 0;
    SetError<NotSend>:                            0 0 1 1 1;
}

#[test]
#[allow(
    clippy::arc_with_non_send_sync,
    reason = "what such a lock may do is the question"
)]
fn futures_may_go_where_their_values_may() {
    let semaphore = Arc::new(Semaphore::new(0));
    let (mutex, unshared, unsent) = (
        Arc::new(Mutex::new(0_u8)),
        Arc::new(Mutex::new(NotSync::default())),
        Arc::new(Mutex::new(NotSend::default())),
    );
    futures! {
        semaphore.acquire()                         => 1 1 0;
        semaphore.acquire_many(1)                   => 1 1 0;
        semaphore.clone().acquire_owned()           => 1 1 0;
        semaphore.clone().acquire_many_owned(1)     => 1 1 0;
        mutex.lock()                                => 1 1 0;
        mutex.clone().lock_owned()                  => 1 1 0;
        unshared.lock()                             => 1 1 0;
        unshared.clone().lock_owned()               => 1 1 0;
        unsent.lock()                               => 0 0 0;
        unsent.clone().lock_owned()                 => 0 0 0;
    }
    let lock = Arc::new(RwLock::new(0_u8));
    let unshared = Arc::new(RwLock::new(NotSync::default()));
    futures! {
        lock.read()                                 => 1 1 0;
        lock.write()                                => 1 1 0;
        lock.clone().read_owned()                   => 1 1 0;
        lock.clone().write_owned()                  => 1 1 0;
        unshared.read()                             => 0 0 0;
        unshared.write()                            => 0 0 0;
        unshared.clone().read_owned()               => 0 0 0;
        unshared.clone().write_owned()              => 0 0 0;
    }
    let (cell, unshared) = (OnceCell::<u8>::new(), OnceCell::<NotSync>::new());
    type Fallible<T> = Ready<Result<T, ()>>;
    futures! {
        cell.get_or_init(|| ready(1))               => 1 1 0;
        cell.get_or_try_init(|| -> Fallible<_> { ready(Ok(1)) }) => 1 1 0;
        unshared.get_or_init(|| ready(NotSync::default())) => 0 0 0;
        unshared.get_or_try_init(|| -> Fallible<NotSync> { ready(Err(())) }) => 0 0 0;
    }
}

/// A guard that reads may stand for a shorter-lived value, as a reference may.
#[test]
fn guards_that_read_are_covariant() {
    fn shorten<'a>(
        borrowed: RwLockReadGuard<'static, &'static str>,
        owned: OwnedRwLockReadGuard<u8, &'static str>,
        _: &'a str,
    ) -> (
        RwLockReadGuard<'a, &'a str>,
        OwnedRwLockReadGuard<u8, &'a str>,
    ) {
        (borrowed, owned)
    }
    static TEXT: RwLock<&str> = RwLock::const_new("x");
    let number = Arc::new(RwLock::new(0));
    let owned = OwnedRwLockReadGuard::map(number.try_read_owned().unwrap(), |_| &"y");
    let local = String::from("z");
    let (borrowed, owned) = shorten(TEXT.try_read().unwrap(), owned, &local);
    assert_eq!((*borrowed, *owned), ("x", "y"));
}
