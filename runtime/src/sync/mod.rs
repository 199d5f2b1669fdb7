//! Synchronisation between tasks: locks, channels, signals.
//!
//! Everything here also works outside a runtime: it needs nothing but wakers.

mod access;
#[cfg(not(runtime_loom))]
mod blocking;
mod lease;
mod mutex;
mod once_cell;
pub mod oneshot;
mod permits;
mod rwlock;
mod semaphore;
#[allow(dead_code)] // until the primitives on it are there
mod wait_list;

pub use mutex::{
    MappedMutexGuard, Mutex, MutexGuard, OwnedMappedMutexGuard, OwnedMutexGuard, TryLockError,
};
pub use once_cell::{OnceCell, SetError};
pub use permits::{AcquireError, TryAcquireError};
pub use rwlock::{
    OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock,
    RwLockMappedWriteGuard, RwLockReadGuard, RwLockWriteGuard,
};
pub use semaphore::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
