//! Counts the seats that are held, vacant or reserved, so that exactly one is the last to be left for good.
//!
//! A spare may come while others leave. It is let in only while somebody is there: once the last
//! one has left and cleans up, nobody comes any more.

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug)]
pub(super) struct Presence(AtomicUsize);

impl Presence {
    pub(super) fn new(present: usize) -> Self {
        Presence(AtomicUsize::new(present))
    }

    /// Counts one more in; `false` if the last one has left.
    #[must_use]
    pub(super) fn enter(&self) -> bool {
        let one_more = |present| (present > 0).then(|| present + 1);
        // AcqRel: one modification order decides whether this or the last leaving comes first.
        self.0
            .fetch_update(Ordering::AcqRel, Ordering::Relaxed, one_more)
            .is_ok()
    }

    /// Whether the last one has left.
    #[cfg(not(runtime_loom))]
    pub(super) fn is_empty(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }

    /// Counts one out; `true` if it was the last.
    #[must_use]
    pub(super) fn leave(&self) -> bool {
        // AcqRel: the last one comes after all that the others did.
        self.0.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Presence;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn loom_a_spare_races_the_shutdown_and_one_cleans_up() {
        loom::model(|| {
            let shared = Arc::new((Presence::new(2), AtomicUsize::new(0)));
            let leave = |(presence, cleaned): &(Presence, AtomicUsize)| {
                if presence.leave() {
                    cleaned.fetch_add(1, Ordering::Relaxed);
                }
            };
            let workers: Vec<_> = (0..2)
                .map(|_| {
                    let shared = shared.clone();
                    loom::thread::spawn(move || leave(&shared))
                })
                .collect();
            if shared.0.enter() {
                assert_eq!(shared.1.load(Ordering::Relaxed), 0, "let in too late");
                leave(&shared);
            }
            for worker in workers {
                worker.join().expect("the worker ends");
            }
            assert_eq!(shared.1.load(Ordering::Relaxed), 1);
        });
    }
}
