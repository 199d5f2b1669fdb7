//! Which seats sleep and which search: one word for 32 seats.
//!
//! The low half of a word is a mask of sleeping seats, the high half counts the searching ones. A
//! seat is *running*, *searching* (it has nothing of its own and looks at the others' queues) or
//! *sleeping*, which may mean that it has no thread at the moment. More than 32 seats have more
//! words, each of which keeps the protocol on its own. Extra seats take part while they are taken.
//!
//! | change | by whom | how |
//! |---|---|---|
//! | running to searching | the holder | [`Idle::start_searching`], [`Idle::join_search`] |
//! | searching to running | the holder, on finding a task | [`Idle::work_found`] |
//! | running or searching to sleeping | the holder | [`Idle::start_sleeping`] |
//! | sleeping to searching | whoever claims it, and then unparks it | [`Idle::claim_sleeper`] |
//! | sleeping to running | the holder, if nobody has claimed it | [`Idle::stop_sleeping`] |
//!
//! Wake-ups are throttled: whoever pushes a task claims a sleeper only if nobody searches. Two
//! races could lose a task, and a `SeqCst` fence on each side of both decides them:
//!
//! - *push against sleep*. The pusher pushes, fences, reads the word. The sleeper changes the word,
//!   fences, looks at the queues. Whichever fence is second, its side sees the other's first step:
//!   the task is found, or the sleeper is claimed.
//! - *push against the end of a search*. The pusher sees a searcher and claims nobody. The searcher
//!   leaves the search by a change of the word, fences and looks at the queues again: before it
//!   sleeps, and, if it was the last, also after it has found a task, to claim the next.

use crossbeam_utils::CachePadded;

use crate::primitive::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};

const SEATS_PER_WORD: usize = 32;
const ONE_SEARCHER: u64 = 1 << SEATS_PER_WORD;
const SLEEPERS: u64 = ONE_SEARCHER - 1;

#[derive(Debug)]
pub(super) struct Idle {
    words: Box<[CachePadded<Word>]>,
    /// Seats up to the last one that is taken: nobody need look beyond.
    in_use: AtomicUsize,
    /// Seats that take part: extra ones do while they are taken.
    taken: AtomicUsize,
}

#[derive(Debug)]
struct Word {
    state: AtomicU64,
    /// How those asleep can be woken; hints, by which the cheapest to wake is claimed first. They do not
    /// change together with the state, so nobody is passed over because of them.
    in_poll: AtomicU32,
    vacant: AtomicU32,
}

/// What it takes to wake a sleeping seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bed {
    /// A write to an eventfd; somebody else must turn to the reactor then.
    Poll,
    /// Calling a thread.
    Vacant,
}

/// How a seat has left its sleep.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Awoken {
    /// By itself: it is running.
    Itself,
    /// Somebody claimed it: it counts as searching.
    Claimed,
}

impl Idle {
    /// For up to `seats` seats, of which the first `taken` take part from the start.
    pub(super) fn new(seats: usize, taken: usize) -> Self {
        let word = || Word {
            state: AtomicU64::new(0),
            in_poll: AtomicU32::new(0),
            vacant: AtomicU32::new(0),
        };
        let words = seats.div_ceil(SEATS_PER_WORD);
        Idle {
            words: (0..words).map(|_| CachePadded::new(word())).collect(),
            in_use: AtomicUsize::new(taken),
            taken: AtomicUsize::new(taken),
        }
    }

    fn word(&self, seat: usize) -> &Word {
        &self.words[seat / SEATS_PER_WORD]
    }

    fn words_in_use(&self) -> &[CachePadded<Word>] {
        &self.words[..self.in_use().div_ceil(SEATS_PER_WORD)]
    }

    /// Seats up to the last one that is taken.
    pub(super) fn in_use(&self) -> usize {
        // Acquire: who sees an extra seat in use sees the seat; pairs with seat_taken().
        self.in_use.load(Ordering::Acquire)
    }

    /// Lets a running worker search, unless half of those awake do so already: more searchers
    /// would get in each other's way.
    pub(super) fn start_searching(&self, worker: usize) -> bool {
        let (sleeping, searching) = self.count();
        let awake = self.taken().saturating_sub(sleeping);
        if 2 * searching >= awake {
            return false;
        }
        // Relaxed: entering a search promises nothing; leaving it does.
        self.word(worker)
            .state
            .fetch_add(ONE_SEARCHER, Ordering::Relaxed);
        true
    }

    /// Makes a running worker search however many do: it has seen work.
    pub(super) fn join_search(&self, worker: usize) {
        self.word(worker)
            .state
            .fetch_add(ONE_SEARCHER, Ordering::Relaxed);
    }

    /// Ends a search that found a task; `true` says that nobody searches any more, so that the
    /// caller must look whether there is work for another. A full fence has passed.
    pub(super) fn work_found(&self, worker: usize) -> bool {
        let before = self
            .word(worker)
            .state
            .fetch_sub(ONE_SEARCHER, Ordering::AcqRel);
        debug_assert!(searchers(before) > 0, "a searcher was not counted");
        let last = searchers(before) == 1;
        if last {
            // SeqCst: the end of a search against a push.
            fence(Ordering::SeqCst);
        }
        last
    }

    /// Announces that the seat sleeps. The caller looks at all queues once more before it does; a
    /// full fence has passed.
    pub(super) fn start_sleeping(&self, worker: usize, searching: bool) {
        let bit = bit(worker);
        let change = match searching {
            true => bit.wrapping_sub(ONE_SEARCHER),
            false => bit,
        };
        let before = self.word(worker).state.fetch_add(change, Ordering::AcqRel);
        debug_assert_eq!(before & bit, 0, "a seat slept twice");
        debug_assert!(
            !searching || searchers(before) > 0,
            "a searcher was not counted"
        );
        // SeqCst: the announcement against a push.
        fence(Ordering::SeqCst);
    }

    /// Ends the worker's sleep.
    pub(super) fn stop_sleeping(&self, worker: usize) -> Awoken {
        let bit = bit(worker);
        // AcqRel: pairs with the claim, so that what was pushed before it is seen.
        let before = self.word(worker).state.fetch_and(!bit, Ordering::AcqRel);
        match before & bit {
            0 => Awoken::Claimed,
            _ => Awoken::Itself,
        }
    }

    /// Says how the sleeping seat must be woken, if not by its parker.
    pub(super) fn lies_in(&self, seat: usize, bed: Bed) {
        self.beds(seat, bed)
            .fetch_or(bit(seat) as u32, Ordering::Relaxed);
    }

    /// Takes that back.
    pub(super) fn left(&self, seat: usize, bed: Bed) {
        self.beds(seat, bed)
            .fetch_and(!(bit(seat) as u32), Ordering::Relaxed);
    }

    fn beds(&self, seat: usize, bed: Bed) -> &AtomicU32 {
        let word = self.word(seat);
        match bed {
            Bed::Poll => &word.in_poll,
            Bed::Vacant => &word.vacant,
        }
    }

    /// Makes a sleeper a searcher and names it, unless somebody searches already. The caller has
    /// fenced since its push, and unparks the sleeper. Who sleeps on a parker is claimed first, a vacant
    /// seat last.
    pub(super) fn claim_sleeper(&self) -> Option<usize> {
        let words = self.words_in_use();
        if words.iter().any(|word| searchers(word.load()) > 0) {
            return None;
        }
        // A sleeper may change its bed while we look: in the end any will do.
        [parked, in_poll, sleepers_of]
            .into_iter()
            .find_map(|candidates| {
                let claim = |(index, word): (usize, &CachePadded<Word>)| {
                    let place = word.claim(candidates)?;
                    Some(index * SEATS_PER_WORD + place)
                };
                words.iter().enumerate().find_map(claim)
            })
    }

    /// A seat whose thread sleeps on its parker.
    pub(super) fn find_parked(&self) -> Option<usize> {
        self.find(parked)
    }

    /// A seat that sleeps without a thread.
    pub(super) fn find_vacant(&self) -> Option<usize> {
        self.find(vacant)
    }

    fn find(&self, candidates: Candidates) -> Option<usize> {
        let find = |(index, word): (usize, &CachePadded<Word>)| {
            let mask = candidates(word, word.load());
            (mask != 0).then(|| index * SEATS_PER_WORD + mask.trailing_zeros() as usize)
        };
        self.words_in_use().iter().enumerate().find_map(find)
    }

    /// Whether the seat is asleep at this moment.
    pub(super) fn is_sleeping(&self, worker: usize) -> bool {
        self.word(worker).state.load(Ordering::Relaxed) & bit(worker) != 0
    }

    /// Whether every seat is asleep at this moment.
    pub(super) fn all_sleep(&self) -> bool {
        let (sleeping, _) = self.count();
        // Acquire: who sees a spare asleep sees that it has come; pairs with start_sleeping().
        fence(Ordering::Acquire);
        sleeping >= self.taken()
    }

    #[cfg(all(test, runtime_loom))]
    pub(super) fn has_searchers(&self) -> bool {
        self.count().1 > 0
    }

    /// Whether somebody sleeps, and nobody searches.
    pub(super) fn has_somebody_to_claim(&self) -> bool {
        let (sleeping, searching) = self.count();
        sleeping > 0 && searching == 0
    }

    /// An extra seat takes part from now on; callers take turns.
    pub(super) fn seat_taken(&self, seat: usize) {
        self.taken.fetch_add(1, Ordering::Relaxed);
        // Release: publishes the seat; pairs with in_use().
        self.in_use.fetch_max(seat + 1, Ordering::Release);
    }

    /// An extra seat takes part no more; the last one that does is below `in_use`. Callers take turns.
    pub(super) fn seat_left(&self, in_use: usize) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
        self.in_use.store(in_use, Ordering::Release);
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Sleepers and searchers.
    fn count(&self) -> (usize, usize) {
        let words = self.words_in_use().iter();
        let words = words.map(|word| word.state.load(Ordering::Relaxed));
        words.fold((0, 0), |(sleeping, searching), word| {
            let sleeping = sleeping + sleepers(word).count_ones() as usize;
            (sleeping, searching + searchers(word))
        })
    }
}

/// Picks some of the sleepers of a word's state.
type Candidates = fn(&Word, u64) -> u64;

/// Those whose threads sleep on their parkers.
fn parked(word: &Word, state: u64) -> u64 {
    with_thread(word, state) & !u64::from(word.in_poll.load(Ordering::Relaxed))
}

fn in_poll(word: &Word, state: u64) -> u64 {
    with_thread(word, state) & u64::from(word.in_poll.load(Ordering::Relaxed))
}

fn vacant(word: &Word, state: u64) -> u64 {
    sleepers(state) & u64::from(word.vacant.load(Ordering::Relaxed))
}

fn with_thread(word: &Word, state: u64) -> u64 {
    sleepers(state) & !u64::from(word.vacant.load(Ordering::Relaxed))
}

fn sleepers_of(_word: &Word, state: u64) -> u64 {
    sleepers(state)
}

impl Word {
    fn load(&self) -> u64 {
        self.state.load(Ordering::Relaxed)
    }

    fn claim(&self, candidates: Candidates) -> Option<usize> {
        let mut now = self.load();
        loop {
            let mask = candidates(self, now);
            if searchers(now) > 0 || mask == 0 {
                return None;
            }
            let place = mask.trailing_zeros();
            let next = (now & !(1 << place)) + ONE_SEARCHER;
            // AcqRel: publishes the push to the claimed seat's stop_sleeping().
            let claimed =
                self.state
                    .compare_exchange_weak(now, next, Ordering::AcqRel, Ordering::Relaxed);
            match claimed {
                Ok(_) => return Some(place as usize),
                Err(actual) => now = actual,
            }
        }
    }
}

fn bit(seat: usize) -> u64 {
    1 << (seat % SEATS_PER_WORD)
}

fn sleepers(word: u64) -> u64 {
    word & SLEEPERS
}

fn searchers(word: u64) -> usize {
    (word >> SEATS_PER_WORD) as usize
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{Awoken, Bed, Idle};

    #[test]
    fn nobody_is_claimed_while_somebody_searches() {
        let idle = Idle::new(3, 3);
        idle.start_sleeping(0, false);
        assert!(idle.start_searching(1));
        assert_eq!(idle.claim_sleeper(), None);
        assert!(idle.work_found(1));
        assert_eq!(idle.claim_sleeper(), Some(0));
        assert_eq!(idle.stop_sleeping(0), Awoken::Claimed);
        assert_eq!(idle.claim_sleeper(), None, "worker 0 searches");
    }

    #[test]
    fn the_cheapest_to_wake_is_claimed_first_in_whatever_word() {
        let idle = Idle::new(40, 40);
        for seat in [0, 1, 35] {
            idle.start_sleeping(seat, false);
        }
        idle.lies_in(0, Bed::Vacant);
        idle.lies_in(1, Bed::Poll);
        for expected in [35, 1, 0] {
            assert_eq!(idle.claim_sleeper(), Some(expected));
            assert!(idle.work_found(expected));
        }
    }

    #[test]
    fn a_seat_beyond_those_in_use_is_not_looked_at() {
        let idle = Idle::new(100, 2);
        assert_eq!(idle.in_use(), 2);
        idle.seat_taken(70);
        assert_eq!((idle.in_use(), idle.taken()), (71, 3));
        idle.start_sleeping(70, false);
        assert_eq!(idle.find_parked(), Some(70));
        assert_eq!(idle.stop_sleeping(70), Awoken::Itself);
        idle.seat_left(2);
        assert_eq!((idle.in_use(), idle.taken()), (2, 2));
    }

    #[test]
    fn half_of_those_awake_may_search() {
        let idle = Idle::new(4, 4);
        assert!(idle.start_searching(0));
        assert!(idle.start_searching(1));
        assert!(!idle.start_searching(2));
        idle.start_sleeping(0, true);
        assert!(idle.start_searching(2), "one of three awake searches");
    }

    #[test]
    fn more_workers_than_one_word_holds_are_all_claimed() {
        let idle = Idle::new(70, 70);
        for worker in 0..70 {
            idle.start_sleeping(worker, false);
        }
        for expected in 0..70 {
            assert_eq!(idle.claim_sleeper(), Some(expected));
            assert!(idle.work_found(expected));
        }
        assert_eq!(idle.claim_sleeper(), None);
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::super::park::{Rouse, Sleeper};
    use super::{Awoken, Idle};
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicUsize, Ordering, fence};

    /// Workers around a queue that is only a count, read and written without ordering.
    struct World {
        idle: Idle,
        queue: AtomicUsize,
        done: AtomicUsize,
        sleepers: Vec<Sleeper>,
    }

    impl World {
        fn new(workers: usize) -> Arc<World> {
            Arc::new(World {
                idle: Idle::new(workers, workers),
                queue: AtomicUsize::new(0),
                done: AtomicUsize::new(0),
                sleepers: (0..workers).map(|_| Sleeper::new()).collect(),
            })
        }

        fn push(&self) {
            self.queue.fetch_add(1, Ordering::Relaxed);
            self.notify();
        }

        fn notify(&self) {
            fence(Ordering::SeqCst);
            if let Some(worker) = self.idle.claim_sleeper() {
                assert_eq!(self.sleepers[worker].unpark(), Rouse::Nothing);
            }
        }

        fn pop(&self) -> bool {
            let mut now = self.queue.load(Ordering::Relaxed);
            while now > 0 {
                let next =
                    self.queue
                        .compare_exchange(now, now - 1, Ordering::Relaxed, Ordering::Relaxed);
                match next {
                    Ok(_) => return true,
                    Err(actual) => now = actual,
                }
            }
            false
        }

        /// Works as a worker does until `total` tasks are done by all together.
        fn work(&self, me: usize, total: usize) {
            self.sleepers[me].bind();
            let mut searching = false;
            loop {
                if !searching {
                    searching = self.idle.start_searching(me);
                }
                if self.pop() {
                    if searching
                        && self.idle.work_found(me)
                        && self.queue.load(Ordering::Relaxed) > 0
                    {
                        self.notify();
                    }
                    searching = false;
                    if self.done.fetch_add(1, Ordering::AcqRel) + 1 == total {
                        for sleeper in &self.sleepers {
                            assert_eq!(sleeper.unpark(), Rouse::Nothing);
                        }
                    }
                    continue;
                }
                self.idle.start_sleeping(me, searching);
                if self.queue.load(Ordering::Relaxed) == 0 {
                    if self.done.load(Ordering::Acquire) == total {
                        return;
                    }
                    self.sleepers[me].park();
                }
                searching = self.idle.stop_sleeping(me) == Awoken::Claimed;
                if self.done.load(Ordering::Acquire) == total {
                    return;
                }
            }
        }
    }

    #[test]
    fn loom_a_push_races_one_sleeper() {
        loom::model(|| {
            let world = World::new(1);
            let worker = {
                let world = world.clone();
                loom::thread::spawn(move || world.work(0, 1))
            };
            world.push();
            worker.join().expect("the task was done");
        });
    }

    #[test]
    fn loom_two_pushes_race_two_workers() {
        loom::model(|| {
            let world = World::new(2);
            let workers: Vec<_> = (0..2)
                .map(|me| {
                    let world = world.clone();
                    loom::thread::spawn(move || world.work(me, 2))
                })
                .collect();
            world.push();
            world.push();
            for worker in workers {
                worker.join().expect("both tasks were done");
            }
        });
    }
}
