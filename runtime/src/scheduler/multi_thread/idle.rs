//! Who sleeps and who searches: one word for up to 32 workers.
//!
//! The low half of a word is a mask of sleeping workers, the high half counts the searching ones. A
//! worker is *running*, *searching* (it has nothing of its own and looks at the others' queues) or
//! *sleeping*. More than 32 workers have more words, each of which keeps the protocol on its own.
//!
//! | change | by whom | how |
//! |---|---|---|
//! | running to searching | the worker | [`Idle::start_searching`], [`Idle::join_search`] |
//! | searching to running | the worker, on finding a task | [`Idle::work_found`] |
//! | running or searching to sleeping | the worker | [`Idle::start_sleeping`] |
//! | sleeping to searching | whoever claims it, and then unparks it | [`Idle::claim_sleeper`] |
//! | sleeping to running | the worker, if nobody has claimed it | [`Idle::stop_sleeping`] |
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

use crate::primitive::sync::atomic::{AtomicU64, AtomicUsize, Ordering, fence};

const WORKERS_PER_WORD: usize = 32;
const ONE_SEARCHER: u64 = 1 << WORKERS_PER_WORD;
const SLEEPERS: u64 = ONE_SEARCHER - 1;

#[derive(Debug)]
pub(super) struct Idle {
    words: Box<[CachePadded<AtomicU64>]>,
    /// Seats with a worker in them: spare seats are mostly empty.
    taken: AtomicUsize,
}

/// How a worker has left its sleep.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Awoken {
    /// By itself: it is running.
    Itself,
    /// Somebody claimed it: it counts as searching.
    Claimed,
}

impl Idle {
    /// For `seats` workers, of which the first `taken` are there from the start.
    pub(super) fn new(seats: usize, taken: usize) -> Self {
        let words = seats.div_ceil(WORKERS_PER_WORD);
        Idle {
            words: (0..words)
                .map(|_| CachePadded::new(AtomicU64::new(0)))
                .collect(),
            taken: AtomicUsize::new(taken),
        }
    }

    /// The least number of seats from `seats` up that fills its words.
    pub(super) fn rounded_up(seats: usize) -> usize {
        seats.next_multiple_of(WORKERS_PER_WORD)
    }

    fn word(&self, worker: usize) -> &AtomicU64 {
        &self.words[worker / WORKERS_PER_WORD]
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
        self.word(worker).fetch_add(ONE_SEARCHER, Ordering::Relaxed);
        true
    }

    /// Makes a running worker search however many do: it has seen work.
    pub(super) fn join_search(&self, worker: usize) {
        self.word(worker).fetch_add(ONE_SEARCHER, Ordering::Relaxed);
    }

    /// Ends a search that found a task; `true` says that nobody searches any more, so that the
    /// caller must look whether there is work for another. A full fence has passed.
    pub(super) fn work_found(&self, worker: usize) -> bool {
        let before = self.word(worker).fetch_sub(ONE_SEARCHER, Ordering::AcqRel);
        debug_assert!(searchers(before) > 0, "a searcher was not counted");
        let last = searchers(before) == 1;
        if last {
            // SeqCst: the end of a search against a push.
            fence(Ordering::SeqCst);
        }
        last
    }

    /// Announces that the worker sleeps. The caller looks at all queues once more before it does; a
    /// full fence has passed.
    pub(super) fn start_sleeping(&self, worker: usize, searching: bool) {
        let bit = bit(worker);
        let change = match searching {
            true => bit.wrapping_sub(ONE_SEARCHER),
            false => bit,
        };
        let before = self.word(worker).fetch_add(change, Ordering::AcqRel);
        debug_assert_eq!(before & bit, 0, "a worker slept twice");
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
        let before = self.word(worker).fetch_and(!bit, Ordering::AcqRel);
        match before & bit {
            0 => Awoken::Claimed,
            _ => Awoken::Itself,
        }
    }

    /// Makes a sleeper a searcher and names it, unless somebody searches already. The caller has
    /// fenced since its push, and unparks the sleeper. Those in `avoid` are claimed last.
    pub(super) fn claim_sleeper(
        &self,
        avoid: impl Iterator<Item = usize> + Clone,
    ) -> Option<usize> {
        let searching = |word: &CachePadded<AtomicU64>| searchers(word.load(Ordering::Relaxed)) > 0;
        if self.words.iter().any(searching) {
            return None;
        }
        (0..self.words.len()).find_map(|index| self.claim_in_word(index, avoid.clone()))
    }

    fn claim_in_word(&self, index: usize, avoid: impl Iterator<Item = usize>) -> Option<usize> {
        let word = &self.words[index];
        let here = |worker: &usize| worker / WORKERS_PER_WORD == index;
        let avoid = avoid
            .filter(here)
            .fold(0, |mask, worker| mask | bit(worker));
        let mut now = word.load(Ordering::Relaxed);
        loop {
            if searchers(now) > 0 || sleepers(now) == 0 {
                return None;
            }
            let preferred = sleepers(now) & !avoid;
            let candidates = if preferred == 0 {
                sleepers(now)
            } else {
                preferred
            };
            let place = candidates.trailing_zeros();
            let next = (now & !(1 << place)) + ONE_SEARCHER;
            // AcqRel: publishes the push to the claimed worker's stop_sleeping().
            match word.compare_exchange_weak(now, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return Some(index * WORKERS_PER_WORD + place as usize),
                Err(actual) => now = actual,
            }
        }
    }

    /// Whether the worker is asleep at this moment.
    pub(super) fn is_sleeping(&self, worker: usize) -> bool {
        self.word(worker).load(Ordering::Relaxed) & bit(worker) != 0
    }

    /// Whether every worker is asleep at this moment.
    pub(super) fn all_sleep(&self) -> bool {
        let (sleeping, _) = self.count();
        // Acquire: who sees a spare asleep sees that it has come; pairs with start_sleeping().
        fence(Ordering::Acquire);
        sleeping >= self.taken()
    }

    /// Whether somebody sleeps, and nobody searches.
    pub(super) fn has_somebody_to_claim(&self) -> bool {
        let (sleeping, searching) = self.count();
        sleeping > 0 && searching == 0
    }

    /// A worker takes a spare seat.
    pub(super) fn seat_taken(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    /// A worker has left its spare seat.
    pub(super) fn seat_left(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// Sleepers and searchers.
    fn count(&self) -> (usize, usize) {
        let words = self.words.iter().map(|word| word.load(Ordering::Relaxed));
        words.fold((0, 0), |(sleeping, searching), word| {
            let sleeping = sleeping + sleepers(word).count_ones() as usize;
            (sleeping, searching + searchers(word))
        })
    }
}

fn bit(worker: usize) -> u64 {
    1 << (worker % WORKERS_PER_WORD)
}

fn sleepers(word: u64) -> u64 {
    word & SLEEPERS
}

fn searchers(word: u64) -> usize {
    (word >> WORKERS_PER_WORD) as usize
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{Awoken, Idle};
    use std::iter::{Empty, empty, once};

    const NOBODY: Empty<usize> = empty();

    #[test]
    fn nobody_is_claimed_while_somebody_searches() {
        let idle = Idle::new(3, 3);
        idle.start_sleeping(0, false);
        assert!(idle.start_searching(1));
        assert_eq!(idle.claim_sleeper(NOBODY), None);
        assert!(idle.work_found(1));
        assert_eq!(idle.claim_sleeper(NOBODY), Some(0));
        assert_eq!(idle.stop_sleeping(0), Awoken::Claimed);
        assert_eq!(idle.claim_sleeper(NOBODY), None, "worker 0 searches");
    }

    #[test]
    fn the_avoided_worker_is_claimed_only_if_it_is_the_last() {
        let idle = Idle::new(2, 2);
        idle.start_sleeping(0, false);
        idle.start_sleeping(1, false);
        assert_eq!(idle.claim_sleeper(once(0)), Some(1));
        assert!(idle.work_found(1));
        assert_eq!(idle.claim_sleeper(once(0)), Some(0));
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
            assert_eq!(idle.claim_sleeper(NOBODY), Some(expected));
            assert!(idle.work_found(expected));
        }
        assert_eq!(idle.claim_sleeper(NOBODY), None);
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::super::park::Sleeper;
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
            if let Some(worker) = self.idle.claim_sleeper(std::iter::empty()) {
                self.sleepers[worker].unpark(|| unreachable!("nobody polls here"));
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
                            sleeper.unpark(|| unreachable!("nobody polls here"));
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
