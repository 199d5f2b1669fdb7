//! The line of one thread in the roster: written by that thread alone, read by anybody.
//!
//! A sequence lock. The count is odd while the line is being changed. The first store of a change is followed by a
//! Release fence, and what is read is followed by an Acquire one: who has read a word of a later change finds its
//! count, too, and begins anew. The writer never waits.

use std::panic::Location;
use std::ptr;

use super::{Post, Seen};
use crate::primitive::sync::atomic::{AtomicPtr, AtomicU64, Ordering, fence};
use crate::primitive::thread;

/// A change is some stores; a reader that meets one so often meets a thread that does nothing else.
const TRIES: u32 = 100;

const BENCH: u64 = 0;
const SEAT: u64 = 1;
const IN_PLACE: u64 = 2;
const WITHOUT_SEAT: u64 = 3;
const JOB: u64 = 4;

#[derive(Debug)]
pub(super) struct Place {
    name: String,
    changes: AtomicU64,
    kind: AtomicU64,
    /// The number of the seat or of the task.
    number: AtomicU64,
    /// Null, or a `&'static`.
    location: AtomicPtr<Location<'static>>,
    since_ns: AtomicU64,
}

impl Place {
    pub(super) fn new(name: String, now_ns: u64) -> Self {
        Place {
            name,
            changes: AtomicU64::new(0),
            kind: AtomicU64::new(BENCH),
            number: AtomicU64::new(0),
            location: AtomicPtr::new(ptr::null_mut()),
            since_ns: AtomicU64::new(now_ns),
        }
    }

    /// For the thread itself.
    pub(super) fn change(&self, post: Post, now_ns: u64) {
        let (kind, number, location) = match post {
            Post::Bench => (BENCH, 0, ptr::null()),
            Post::Seat(seat) => (SEAT, seat as u64, ptr::null()),
            Post::InPlace(task) => (IN_PLACE, task, ptr::null()),
            Post::WithoutSeat(task) => (WITHOUT_SEAT, task, ptr::null()),
            Post::Job(task, location) => (JOB, task, ptr::from_ref(location)),
        };
        // Relaxed: only this thread writes.
        let changes = self.changes.load(Ordering::Relaxed);
        self.changes.store(changes + 1, Ordering::Relaxed);
        // Release: whoever reads a word below sees that a change is under way; pairs with the fence in look().
        fence(Ordering::Release);
        self.kind.store(kind, Ordering::Relaxed);
        self.number.store(number, Ordering::Relaxed);
        self.location.store(location.cast_mut(), Ordering::Relaxed);
        self.since_ns.store(now_ns, Ordering::Relaxed);
        // Release: publishes the words; pairs with the Acquire in look().
        self.changes.store(changes + 2, Ordering::Release);
    }

    /// For the thread itself: where it stands.
    pub(super) fn post(&self) -> Post {
        // Relaxed: this thread has written them.
        self.read().0
    }

    /// Where the thread stands, unless it changes that all the time.
    pub(super) fn look(&self) -> Option<Seen> {
        for _ in 0..TRIES {
            if let Some((post, since_ns)) = self.look_once() {
                return Some(Seen {
                    name: self.name.clone(),
                    post,
                    since_ns,
                });
            }
            thread::yield_now();
        }
        None
    }

    fn look_once(&self) -> Option<(Post, u64)> {
        // Acquire: the words read below are of this change or a later one.
        let before = self.changes.load(Ordering::Acquire);
        let seen = self.read();
        // Acquire: if a word above is of a later change, the count below is, too.
        fence(Ordering::Acquire);
        let is_whole = before % 2 == 0 && self.changes.load(Ordering::Relaxed) == before;
        is_whole.then_some(seen)
    }

    fn read(&self) -> (Post, u64) {
        let kind = self.kind.load(Ordering::Relaxed);
        let number = self.number.load(Ordering::Relaxed);
        let location = self.location.load(Ordering::Relaxed);
        let since_ns = self.since_ns.load(Ordering::Relaxed);
        // SAFETY: null or made of a `&'static`, in `change`; also if it belongs to another change than the kind.
        let location = unsafe { location.cast_const().as_ref() };
        let post = match (kind, location) {
            (SEAT, _) => Post::Seat(usize::try_from(number).unwrap_or(usize::MAX)),
            (IN_PLACE, _) => Post::InPlace(number),
            (WITHOUT_SEAT, _) => Post::WithoutSeat(number),
            (JOB, Some(location)) => Post::Job(number, location),
            _ => Post::Bench,
        };
        (post, since_ns)
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::{Place, Post};
    use crate::primitive::sync::Arc;

    #[test]
    fn loom_what_is_seen_of_a_place_belongs_together() {
        loom::model(|| {
            let place = Arc::new(Place::new("it".to_owned(), 0));
            let reader = {
                let place = place.clone();
                loom::thread::spawn(move || match place.look_once() {
                    Some((Post::Bench, since)) => assert_eq!(since, 0),
                    Some((Post::Seat(seat), since)) => assert_eq!((seat, since), (1, 1)),
                    Some((Post::InPlace(task), since)) => assert_eq!((task, since), (2, 2)),
                    Some((post, _)) => panic!("never there: {post:?}"),
                    None => {}
                })
            };
            place.change(Post::Seat(1), 1);
            place.change(Post::InPlace(2), 2);
            reader.join().expect("the reader ends");
        });
    }
}
