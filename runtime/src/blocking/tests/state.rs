//! The books alone, under random steps: what they promise holds after each.

use crate::blocking::state::{Fallback, Offer, Rest, State};

/// A thread as the books see it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Awake,
    Running,
    /// On the stack, or claimed and not yet told.
    Asleep,
    Departing,
}

struct World {
    state: State<u32, u64>,
    max_threads: usize,
    threads: Vec<(u64, Phase)>,
    /// Jobs whose submitters create a thread, and whether it runs already, and its id.
    in_hand: Vec<(u32, Option<u64>)>,
    next_id: u64,
    next_job: u32,
    /// Whether a creation has failed since all was well.
    degraded: bool,
    settled: usize,
    random: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let max_threads = 1 + (seed % 4) as usize;
        World {
            state: State::new(max_threads),
            max_threads,
            threads: Vec::new(),
            in_hand: Vec::new(),
            next_id: 0,
            next_job: 0,
            degraded: false,
            settled: 0,
            random: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
        }
    }

    fn chance(&mut self, below: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % below as u64) as usize
    }

    fn step(&mut self) {
        match self.chance(8) {
            0 | 1 => self.submit(),
            2 if !self.in_hand.is_empty() => self.start_thread(),
            3 if !self.in_hand.is_empty() => self.end_creation(),
            _ if !self.threads.is_empty() => self.move_a_thread(),
            _ => {}
        }
    }

    fn submit(&mut self) {
        self.next_job += 1;
        let offer = self.state.offer(self.next_job);
        self.settle(offer);
    }

    fn settle(&mut self, offer: Offer<u32, u64>) {
        match offer {
            Offer::Queued(_) => {}
            Offer::ThreadWanted(job) => self.in_hand.push((job, None)),
            Offer::Refused(_) => self.settled += 1,
        }
    }

    /// A new thread may run before its creator knows that it exists.
    fn start_thread(&mut self) {
        let submitter = self.chance(self.in_hand.len());
        if self.in_hand[submitter].1.is_none() {
            self.next_id += 1;
            self.in_hand[submitter].1 = Some(self.next_id);
            self.threads.push((self.next_id, Phase::Awake));
        }
    }

    fn end_creation(&mut self) {
        let submitter = self.chance(self.in_hand.len());
        let (job, thread) = self.in_hand.swap_remove(submitter);
        if thread.is_some() {
            let offer = self.state.thread_created(job);
            self.settle(offer);
            return;
        }
        self.degraded = true;
        match self.state.creation_failed(job) {
            Fallback::Queued(_) => {}
            Fallback::NoThread { stranded, .. } => self.settled += 1 + stranded.len(),
            Fallback::Refused(_) => self.settled += 1,
        }
    }

    fn move_a_thread(&mut self) {
        let index = self.chance(self.threads.len());
        let (id, phase) = self.threads[index];
        let patience = self.chance(3);
        let next = match phase {
            Phase::Running => self.state.job_done().map_or(Phase::Awake, |_| self.run()),
            Phase::Awake if patience > 0 => self.state.take().map_or(Phase::Awake, |_| self.run()),
            Phase::Awake => {
                let rest = self.state.fall_asleep(id, id);
                self.rest(rest)
            }
            Phase::Asleep => {
                let rest = match patience {
                    0 => self.state.time_out(id),
                    _ => self.state.rise(id),
                };
                self.rest(rest)
            }
            Phase::Departing => {
                self.state.departed();
                self.threads.swap_remove(index);
                return;
            }
        };
        self.threads[index].1 = next;
    }

    fn run(&mut self) -> Phase {
        self.settled += 1;
        Phase::Running
    }

    fn rest(&mut self, rest: Rest<u32>) -> Phase {
        match rest {
            Rest::Run(_) => self.run(),
            Rest::Search => Phase::Awake,
            Rest::Sleep => Phase::Asleep,
            Rest::Leave => Phase::Departing,
        }
    }

    fn count(&self, phase: Phase) -> usize {
        self.threads
            .iter()
            .filter(|thread| thread.1 == phase)
            .count()
    }

    fn check(&mut self) {
        let metrics = self.state.metrics();
        let starting = self.in_hand.iter().filter(|hand| hand.1.is_none()).count();
        assert_eq!(
            metrics.threads,
            self.threads.len() - self.count(Phase::Departing) + starting
        );
        assert_eq!(
            metrics.idle,
            self.count(Phase::Awake) + self.count(Phase::Asleep) + starting
        );
        assert!(metrics.threads <= self.max_threads);
        let accounted = self.settled + metrics.queued + self.in_hand.len();
        assert_eq!(accounted, self.next_job as usize);
        if metrics.queued == 0 {
            self.degraded = false;
        }
        let full = metrics.threads == self.max_threads;
        let sure_to_come = metrics.idle - starting;
        assert!(
            metrics.queued <= sure_to_come || full || self.degraded,
            "a job waits for a running one"
        );
        assert!(
            metrics.queued == 0 || metrics.threads > 0,
            "a job is orphaned"
        );
    }

    /// Lets everyone finish: what is queued must be taken without another submission.
    fn come_to_rest(&mut self) {
        while !self.in_hand.is_empty() {
            self.start_thread();
            self.end_creation();
        }
        for _ in 0..=self.next_job {
            for index in 0..self.threads.len() {
                let (id, phase) = self.threads[index];
                self.threads[index].1 = match phase {
                    Phase::Running => self.state.job_done().map_or(Phase::Awake, |_| self.run()),
                    Phase::Awake => {
                        let rest = self.state.fall_asleep(id, id);
                        self.rest(rest)
                    }
                    Phase::Asleep => {
                        let rest = self.state.rise(id);
                        self.rest(rest)
                    }
                    Phase::Departing => Phase::Departing,
                };
            }
        }
    }
}

#[test]
fn the_books_keep_their_promises_under_random_steps() {
    for seed in 0..2000 {
        let mut world = World::new(seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..300 {
                world.step();
                world.check();
            }
            world.come_to_rest();
            assert_eq!(world.state.metrics().queued, 0, "a wake-up was lost");
        }));
        assert!(outcome.is_ok(), "seed {seed}");
    }
}

#[test]
fn what_must_run_is_taken_before_the_threads_leave() {
    let mut state: State<u32, u64> = State::new(1);
    assert!(matches!(state.offer(1), Offer::ThreadWanted(1)));
    assert!(matches!(state.thread_created(1), Offer::Queued(None)));
    assert_eq!(state.take(), Some(1));
    for job in [2, 3, 4] {
        assert!(matches!(state.offer(job), Offer::Queued(None)));
    }
    let closing = state.close(|job| *job == 3);
    assert_eq!(closing.cancelled, [2, 4]);
    assert!(closing.thread_wanted, "the only one may wait for job 3");
    assert_eq!(state.job_done(), Some(3));
    assert_eq!(state.fall_asleep(1, 0), Rest::Leave, "it came too late");
    assert_eq!(state.job_done(), None);
    assert_eq!(state.fall_asleep(0, 0), Rest::Leave);
    assert_eq!(state.metrics().threads, 0);
}

#[test]
fn a_job_whose_thread_is_on_its_way_stays_through_a_close() {
    let mut state: State<u32, u64> = State::new(2);
    for job in [1, 2] {
        assert!(matches!(state.offer(job), Offer::ThreadWanted(_)));
        assert!(matches!(state.thread_created(job), Offer::Queued(None)));
    }
    assert!(matches!(state.offer(3), Offer::Queued(None)));
    let closing = state.close(|_| false);
    assert_eq!(closing.cancelled, [3], "two threads, two jobs");
    assert_eq!(state.take(), Some(1));
    assert_eq!(state.take(), Some(2));
}

#[test]
fn a_thread_on_its_way_serves_what_must_run_first() {
    let mut state: State<u32, u64> = State::new(1);
    assert!(matches!(state.offer(1), Offer::ThreadWanted(1)));
    assert!(matches!(state.thread_created(1), Offer::Queued(None)));
    assert!(matches!(state.offer(2), Offer::Queued(None)));
    assert_eq!(state.close(|job| *job == 2).cancelled, [1]);
}

#[test]
fn a_thread_that_the_close_wanted_and_did_not_get_is_not_waited_for() {
    let mut state: State<u32, u64> = State::new(1);
    assert!(matches!(state.offer(1), Offer::ThreadWanted(1)));
    assert!(matches!(state.thread_created(1), Offer::Queued(None)));
    assert_eq!(state.take(), Some(1));
    assert!(matches!(state.offer(2), Offer::Queued(None)));
    assert!(state.close(|_| true).thread_wanted);
    state.last_creation_failed();
    assert_eq!(state.job_done(), Some(2));
    assert_eq!(state.job_done(), None);
    assert_eq!(state.fall_asleep(0, 0), Rest::Leave);
    state.departed();
    assert!(state.has_ended_or_tell(0));
}

#[test]
fn a_close_wants_no_thread_if_one_is_free_or_nothing_must_run() {
    let mut state: State<u32, u64> = State::new(2);
    for job in [1, 2] {
        assert!(matches!(state.offer(job), Offer::ThreadWanted(_)));
        assert!(matches!(state.thread_created(job), Offer::Queued(None)));
    }
    assert_eq!(state.take(), Some(1));
    assert!(!state.close(|_| true).thread_wanted, "one is on its way");
    assert_eq!(state.take(), Some(2));
    assert!(!state.close(|_| true).thread_wanted, "nothing is queued");
}

#[test]
fn what_must_run_comes_back_if_there_will_be_no_thread() {
    let mut state: State<u32, u64> = State::new(1);
    assert!(matches!(state.offer(1), Offer::ThreadWanted(1)));
    assert!(matches!(state.offer(2), Offer::Queued(None)));
    assert!(state.close(|_| true).cancelled.is_empty());
    match state.creation_failed(1) {
        Fallback::NoThread { job: 1, stranded } => assert_eq!(stranded, [2]),
        other => panic!("{other:?}"),
    }
}
