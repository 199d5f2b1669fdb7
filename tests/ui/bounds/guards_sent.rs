//! A guard that is sent lets another thread at the value, and drops the last reference there.

use std::cell::Cell;
use std::rc::Rc;

use runtime::sync::{
    MappedMutexGuard, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard,
    OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard,
    RwLockMappedWriteGuard, RwLockReadGuard, RwLockWriteGuard,
};

fn send<T: Send>() {}

fn main() {
    send::<MutexGuard<'_, Rc<u8>>>();
    send::<OwnedMutexGuard<Rc<u8>>>();
    send::<MappedMutexGuard<'_, Rc<u8>>>();
    send::<OwnedMappedMutexGuard<Rc<u8>, u8>>();
    send::<RwLockReadGuard<'_, Cell<u8>>>();
    send::<RwLockWriteGuard<'_, Cell<u8>>>();
    send::<RwLockMappedWriteGuard<'_, Cell<u8>>>();
    send::<OwnedRwLockReadGuard<Rc<u8>, u8>>();
    send::<OwnedRwLockWriteGuard<Cell<u8>>>();
    send::<OwnedRwLockMappedWriteGuard<Rc<u8>, u8>>();
}
