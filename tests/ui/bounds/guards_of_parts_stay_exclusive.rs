//! A guard of a part cannot be downgraded: the rest of the value would be shared with the part.

use runtime::sync::{RwLock, RwLockWriteGuard};

fn main() {
    let lock = RwLock::new((1, 2));
    let half = RwLockWriteGuard::map(lock.try_write().unwrap(), |pair| &mut pair.0);
    half.downgrade();
}
