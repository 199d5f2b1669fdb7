//! A guard that borrows lives no longer than what it is a guard of.

use runtime::sync::{Mutex, Semaphore};

fn main() {
    let guard = {
        let mutex = Mutex::new(1);
        mutex.try_lock().unwrap()
    };
    let permit = {
        let semaphore = Semaphore::new(1);
        semaphore.try_acquire().unwrap()
    };
    drop((guard, permit));
}
