//! What each thread of a runtime does at this moment, told to whoever asks, without waiting for it.
//!
//! A thread that a runtime has started enlists for its whole life, and writes down where it stands when that
//! changes: it takes a seat, blocks in place, has lost its seat, begins a job. Not for each poll: that is
//! written at the seat (`scheduler/watch/epoch.rs`). The list's lock is held to come, to go and to copy the list, so whoever
//! asks meets nobody who is stuck.

mod place;

use std::cell::RefCell;
use std::panic::Location;

use crate::clock;
use crate::current::Origin;
use crate::primitive::sync::{Arc, Mutex};
use crate::primitive::thread;
use place::Place;

/// Where a thread stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Post {
    /// It waits to be needed.
    Bench,
    /// It holds this seat: it takes tasks, or sleeps until there are some.
    Seat(usize),
    /// It has given its seat up, if it had one, for something that blocks in this task.
    InPlace(u64),
    /// It is in the poll of this task, and its seat is another's by now.
    WithoutSeat(u64),
    /// It runs this closure, which was handed over here.
    Job(u64, &'static Location<'static>),
}

/// The threads that a runtime has started and that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    places: Mutex<Vec<Arc<Place>>>,
}

/// One thread, as it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) post: Post,
    /// When it went there, in nanoseconds of [`clock::now_ns`].
    pub(crate) since_ns: u64,
}

thread_local! {
    static MINE: RefCell<Option<Enlisted>> = const { RefCell::new(None) };
}

impl Roster {
    /// Lists this thread until it ends.
    pub(crate) fn enlist(roster: &Arc<Roster>) {
        let name = thread::current().name().unwrap_or("unnamed").to_owned();
        let place = Arc::new(Place::new(name, clock::now_ns()));
        roster.places.lock().push(place.clone());
        MINE.set(Some(Enlisted {
            origin: Origin::here(),
            roster: roster.clone(),
            place,
        }));
    }

    /// All of them, each at one moment.
    pub(crate) fn look(&self) -> Vec<Seen> {
        let places = self.places.lock().clone();
        places.iter().filter_map(|place| place.look()).collect()
    }
}

/// A thread on a roster; dropped when the thread ends.
struct Enlisted {
    origin: Origin,
    roster: Arc<Roster>,
    place: Arc<Place>,
}

impl Drop for Enlisted {
    fn drop(&mut self) {
        // In a fork the lock may be held by a thread that is not there.
        if !self.origin.is_here() {
            return;
        }
        let mut places = self.roster.places.lock();
        places.retain(|place| !Arc::ptr_eq(place, &self.place));
    }
}

/// Says where this thread stands from now on; answers with where it was. A thread that is on no roster says nothing.
pub(crate) fn go_to(post: Post, now_ns: u64) -> Option<Post> {
    let change = |mine: &RefCell<Option<Enlisted>>| {
        let mine = mine.borrow();
        let place = &mine.as_ref()?.place;
        let before = place.post();
        place.change(post, now_ns);
        Some(before)
    };
    MINE.try_with(change).ok().flatten()
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use std::panic::Location;
    use std::sync::{Arc, mpsc};
    use std::thread;

    use super::{Post, Roster, go_to};

    #[test]
    fn a_thread_is_seen_where_it_stands_until_it_leaves() {
        let roster = Arc::new(Roster::default());
        let (told, say) = mpsc::channel::<Post>();
        let (done, next) = mpsc::channel();
        let theirs = roster.clone();
        let thread = thread::Builder::new().name("seen".into()).spawn(move || {
            Roster::enlist(&theirs);
            done.send(None).unwrap();
            for (post, now) in say.iter().zip(1..) {
                done.send(go_to(post, now)).unwrap();
            }
        });
        assert_eq!(next.recv(), Ok(None));
        assert_eq!(roster.look()[0].post, Post::Bench);
        let here = Location::caller();
        let posts = [
            Post::Seat(3),
            Post::InPlace(7),
            Post::WithoutSeat(7),
            Post::Job(9, here),
        ];
        let mut before = Post::Bench;
        for (post, now) in posts.into_iter().zip(1..) {
            told.send(post).unwrap();
            assert_eq!(next.recv(), Ok(Some(before)));
            let seen = &roster.look()[0];
            assert_eq!((&*seen.name, seen.post, seen.since_ns), ("seen", post, now));
            before = post;
        }
        drop(told);
        thread.unwrap().join().unwrap();
        assert!(roster.look().is_empty());
    }

    #[test]
    fn a_thread_on_no_roster_says_nothing() {
        assert_eq!(go_to(Post::Bench, 0), None);
    }
}
