//! Through a guard that writes a shorter-lived value could be put into the lock.

use runtime::sync::{MappedMutexGuard, Mutex, MutexGuard, RwLockWriteGuard};

fn mutex<'a>(mutex: &'a Mutex<&'static str>) -> &'a Mutex<&'a str> {
    mutex
}

fn guard<'a>(guard: MutexGuard<'a, &'static str>) -> MutexGuard<'a, &'a str> {
    guard
}

fn mapped<'a>(guard: MappedMutexGuard<'a, &'static str>) -> MappedMutexGuard<'a, &'a str> {
    guard
}

fn write<'a>(guard: RwLockWriteGuard<'a, &'static str>) -> RwLockWriteGuard<'a, &'a str> {
    guard
}

fn main() {}
