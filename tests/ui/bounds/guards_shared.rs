//! A shared guard is a shared value: it may not be shared if the value may not.

use std::cell::Cell;

use runtime::sync::{
    MappedMutexGuard, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard,
    OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard,
    RwLockMappedWriteGuard, RwLockReadGuard, RwLockWriteGuard,
};

fn share<T: Sync>() {}

fn main() {
    share::<MutexGuard<'_, Cell<u8>>>();
    share::<OwnedMutexGuard<Cell<u8>>>();
    share::<MappedMutexGuard<'_, Cell<u8>>>();
    share::<OwnedMappedMutexGuard<u8, Cell<u8>>>();
    share::<RwLockReadGuard<'_, Cell<u8>>>();
    share::<RwLockWriteGuard<'_, Cell<u8>>>();
    share::<RwLockMappedWriteGuard<'_, Cell<u8>>>();
    share::<OwnedRwLockReadGuard<u8, Cell<u8>>>();
    share::<OwnedRwLockWriteGuard<Cell<u8>>>();
    share::<OwnedRwLockMappedWriteGuard<u8, Cell<u8>>>();
}
