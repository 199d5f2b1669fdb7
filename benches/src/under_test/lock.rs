//! The async mutex that comes with a runtime.

use std::fmt::Debug;
use std::future::Future;

/// A number behind an async mutex.
pub trait Lock: Debug + Default + Send + Sync + 'static {
    /// Locks, adds one, unlocks; answers the sum.
    fn add_one(&self) -> impl Future<Output = u32> + Send;
}
