use super::{DelayQueue, Key};
use crate::time::{Duration, Instant};
use crate::util::random::Random;
use std::collections::BTreeMap;
use std::task::{Context, Poll, Waker};

/// A queue and what it should hold: each value by its deadline and the number of its setting.
struct Compared {
    queue: DelayQueue<u64>,
    model: BTreeMap<(Instant, u64), (u64, Key)>,
    settings: u64,
    values: u64,
    gone: Vec<Key>,
}

impl Compared {
    fn insert(&mut self, deadline: Instant) {
        let key = self.queue.insert_at(self.values, deadline);
        assert!(self.model.values().all(|&(_, other)| other != key));
        self.note(deadline, self.values, key);
        self.values += 1;
    }

    fn note(&mut self, deadline: Instant, value: u64, key: Key) {
        assert_eq!(self.queue.deadline(&key), deadline);
        self.model.insert((deadline, self.settings), (value, key));
        self.settings += 1;
    }

    fn random_setting(&self, random: &Random) -> Option<(Instant, u64)> {
        let nth = random.below(self.model.len() as u32 + 1) as usize;
        self.model.keys().nth(nth).copied()
    }

    fn remove(&mut self, setting: (Instant, u64)) {
        let (value, key) = self.model.remove(&setting).expect("it was chosen there");
        let removed = self.queue.remove(&key);
        assert_eq!(
            (removed.value, removed.deadline, removed.key),
            (value, setting.0, key)
        );
        self.gone.push(key);
    }

    fn reset(&mut self, setting: (Instant, u64), deadline: Instant) {
        let (value, key) = self.model.remove(&setting).expect("it was chosen there");
        self.queue.reset_at(&key, deadline);
        self.note(deadline, value, key);
    }

    /// Takes out what is due, but no more than so many.
    fn pop_due(&mut self, limit: u32) {
        let now = Instant::now();
        for _ in 0..limit {
            let Some(entry) = self.model.first_entry().filter(|it| it.key().0 <= now) else {
                return;
            };
            let ((deadline, _), (value, key)) = entry.remove_entry();
            let Poll::Ready(popped) = self
                .queue
                .poll_expired(&mut Context::from_waker(Waker::noop()))
            else {
                panic!("{value} is due");
            };
            let popped = popped.expect("the queue holds values");
            assert_eq!(
                (popped.value, popped.deadline, popped.key),
                (value, deadline, key)
            );
            self.gone.push(key);
        }
    }

    fn check(&self) {
        assert_eq!(self.queue.len(), self.model.len());
        assert_eq!(self.queue.is_empty(), self.model.is_empty());
        assert!(self.queue.capacity() >= self.queue.len());
        let first = self.model.first_key_value().map(|(_, &(_, key))| key);
        assert_eq!(self.queue.peek(), first);
    }
}

fn compare_with_a_sorted_map(seed: u64) {
    let random = Random::new(seed);
    let mut it = Compared {
        queue: DelayQueue::with_capacity(random.below(5) as usize),
        model: BTreeMap::new(),
        settings: 0,
        values: 0,
        gone: Vec::new(),
    };
    crate::time::pause();
    let later = |random: &Random| {
        // Few different ones, so that some deadlines are equal; of all sizes, up to a year.
        let scale = 60_u64.pow(random.below(5)) * 1_000;
        Instant::now() + Duration::from_nanos(u64::from(random.below(50)) * scale * 100)
    };
    for _ in 0..300 {
        match random.below(16) {
            0..=5 => it.insert(later(&random)),
            6 | 7 => {
                if let Some(setting) = it.random_setting(&random) {
                    it.remove(setting);
                }
            }
            8 | 9 => {
                if let Some(setting) = it.random_setting(&random) {
                    it.reset(setting, later(&random));
                }
            }
            10 => {
                it.queue.compact();
                assert_eq!(it.queue.capacity(), it.queue.len());
            }
            11 => it.queue.shrink_to_fit(),
            12 => it.queue.reserve(random.below(20) as usize),
            13 if random.below(8) == 0 => {
                it.queue.clear();
                it.gone.extend(
                    std::mem::take(&mut it.model)
                        .into_values()
                        .map(|(_, key)| key),
                );
            }
            _ => {
                let clock = crate::clock::current().expect("it is paused");
                let step = later(&random) - Instant::now();
                clock.advance(step).expect("it is paused");
                it.pop_due([random.below(8), u32::MAX][random.below(2) as usize]);
            }
        }
        it.check();
        if random.below(16) == 0 {
            let gone = std::mem::take(&mut it.gone);
            assert!(gone.iter().all(|key| it.queue.try_remove(key).is_none()));
        }
    }
}

#[test]
fn random_operations_agree_with_a_sorted_map() {
    for seed in 0..200 {
        let compared = std::panic::catch_unwind(|| {
            let rt = crate::runtime::Builder::new_current_thread().build();
            rt.expect("the machine can start a runtime")
                .block_on(async { compare_with_a_sorted_map(seed) });
        });
        assert!(compared.is_ok(), "seed {seed}");
    }
}

#[test]
fn a_value_set_to_the_past_comes_after_what_was_found_due_before() {
    let mut queue = DelayQueue::new();
    // Past, but after the moment from which the clock counts.
    let start = Instant::at_ns(1);
    queue.insert_at(1, start);
    queue.insert_at(2, start);
    queue.insert_at(0, start - Duration::from_nanos(1));
    let mut cx = Context::from_waker(Waker::noop());
    let mut next = |queue: &mut DelayQueue<u8>| match queue.poll_expired(&mut cx) {
        Poll::Ready(Some(expired)) => expired.into_inner(),
        _ => panic!("one is due"),
    };
    assert_eq!(next(&mut queue), 0);
    let late = queue.insert_at(3, start - Duration::from_nanos(1));
    assert!(queue.deadline(&late) >= start);
    assert_eq!([(); 3].map(|()| next(&mut queue)), [1, 2, 3]);
}
