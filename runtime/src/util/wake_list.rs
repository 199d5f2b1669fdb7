//! A batch of wakers that are woken together, after the lock under which they were found is free.

use std::fmt;
use std::mem::MaybeUninit;
use std::task::Waker;

use super::panic::contain;

const CAPACITY: usize = 32;

/// At most [`CAPACITY`] wakers, on the stack.
pub(crate) struct WakeList {
    wakers: [MaybeUninit<Waker>; CAPACITY],
    /// The first `len` of `wakers` are initialised.
    len: usize,
}

impl WakeList {
    pub(crate) fn new() -> Self {
        WakeList {
            wakers: [const { MaybeUninit::uninit() }; CAPACITY],
            len: 0,
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len == CAPACITY
    }

    /// # Panics
    ///
    /// If the list is full.
    pub(crate) fn push(&mut self, waker: Waker) {
        self.wakers[self.len].write(waker);
        self.len += 1;
    }

    /// Wakes all in the order in which they were pushed. A waker that panics spoils no other.
    pub(crate) fn wake_all(&mut self) {
        let len = std::mem::take(&mut self.len);
        for waker in &self.wakers[..len] {
            // SAFETY: it was initialised, and as `len` is 0 now it is read only once.
            let waker = unsafe { waker.assume_init_read() };
            contain(|| waker.wake());
        }
    }
}

impl Drop for WakeList {
    fn drop(&mut self) {
        self.wake_all();
    }
}

impl fmt::Debug for WakeList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WakeList").field("len", &self.len).finish()
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{CAPACITY, WakeList};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Wake, Waker};

    #[derive(Default)]
    struct Bell {
        rings: AtomicUsize,
        broken: bool,
    }

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.rings.fetch_add(1, Ordering::SeqCst);
            assert!(!self.broken, "a broken bell");
        }
    }

    #[test]
    fn each_waker_is_woken_once_also_behind_one_that_panics() {
        let broken = Arc::new(Bell {
            broken: true,
            ..Bell::default()
        });
        let bell = Arc::new(Bell::default());
        let mut list = WakeList::new();
        for _ in 0..2 {
            list.push(Waker::from(broken.clone()));
            while !list.is_full() {
                list.push(Waker::from(bell.clone()));
            }
            list.wake_all();
        }
        list.push(Waker::from(bell.clone()));
        drop(list);
        assert_eq!(broken.rings.load(Ordering::SeqCst), 2);
        assert_eq!(bell.rings.load(Ordering::SeqCst), 2 * (CAPACITY - 1) + 1);
        assert_eq!(
            (Arc::strong_count(&broken), Arc::strong_count(&bell)),
            (1, 1)
        );
    }
}
