use super::{Entry, Wheel};
use crate::util::random::Random;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::ptr::NonNull;

/// What a slot of each level spans, in nanoseconds.
const SPANS: [u64; 8] = {
    let mut spans = [1 << 14; 8];
    let mut level = 1;
    while level < 8 {
        spans[level] = spans[level - 1] << 6;
        level += 1;
    }
    spans
};

/// A wheel whose entries are named by number, which frees them at its end.
struct Bench {
    wheel: Wheel,
    entries: Vec<Pin<Box<Entry>>>,
    waiting: BTreeSet<usize>,
}

impl Bench {
    fn new(now: u64) -> Self {
        Bench {
            wheel: Wheel::new(now),
            entries: Vec::new(),
            waiting: BTreeSet::new(),
        }
    }

    fn pointer(&self, entry: usize) -> NonNull<Entry> {
        NonNull::from(&*self.entries[entry])
    }

    fn insert(&mut self, deadline: u64) -> usize {
        let entry = self.entries.len();
        self.entries.push(Box::pin(Entry::new(deadline)));
        self.waiting.insert(entry);
        // SAFETY: entries stay in place until the bench is dropped, which empties the wheel.
        unsafe { self.wheel.insert(self.pointer(entry)) };
        entry
    }

    fn remove(&mut self, entry: usize) {
        assert!(self.waiting.remove(&entry));
        // SAFETY: what waits is in the wheel.
        unsafe { self.wheel.remove(self.pointer(entry)) };
    }

    fn pop(&mut self, now: u64) -> Option<usize> {
        let popped = self.wheel.pop_due(now)?;
        let entry = (0..self.entries.len())
            .find(|&entry| self.pointer(entry) == popped)
            .expect("the wheel answers with what was put in");
        assert!(self.waiting.remove(&entry), "popped twice");
        Some(entry)
    }

    fn pop_all(&mut self, now: u64) -> Vec<usize> {
        std::iter::from_fn(|| self.pop(now)).collect()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        for entry in std::mem::take(&mut self.waiting) {
            // SAFETY: what waits is in the wheel.
            unsafe { self.wheel.remove(self.pointer(entry)) };
        }
    }
}

#[test]
fn entries_are_popped_at_their_deadline_and_not_a_nanosecond_before() {
    for deadline in [1, 2, SPANS[0] - 1, SPANS[0], SPANS[0] + 1, 1_000_000] {
        let mut bench = Bench::new(0);
        let entry = bench.insert(deadline);
        assert_eq!(bench.wheel.next_due(), Some(deadline));
        assert_eq!(bench.pop(deadline - 1), None);
        assert_eq!(bench.wheel.next_due(), Some(deadline));
        assert_eq!(bench.pop(deadline), Some(entry));
        assert_eq!(bench.wheel.next_due(), None);
    }
}

#[test]
fn deadlines_at_the_borders_of_levels_are_met() {
    for present in [0, 1, SPANS[0] - 1, SPANS[3] + 77, SPANS[7] * 63 + 5] {
        for span in SPANS {
            for slots in [1, 2, 63, 64] {
                for offset in [-1, 0, 1] {
                    let delay = span.saturating_mul(slots).saturating_add_signed(offset);
                    let Some(deadline) = present.checked_add(delay) else {
                        continue;
                    };
                    let mut bench = Bench::new(present);
                    let entry = bench.insert(deadline);
                    assert_eq!(bench.pop(deadline - 1), None, "{present} + {delay}");
                    assert_eq!(bench.pop(deadline), Some(entry), "{present} + {delay}");
                }
            }
        }
    }
}

#[test]
fn a_deadline_that_is_past_is_due_at_once() {
    let mut bench = Bench::new(SPANS[4]);
    let entry = bench.insert(5);
    assert_eq!(bench.wheel.next_due(), Some(5));
    assert_eq!(bench.pop(SPANS[4]), Some(entry));
}

#[test]
fn the_farthest_deadline_waits_and_holds_up_nothing() {
    let mut bench = Bench::new(0);
    let forever = bench.insert(u64::MAX);
    let century = 3_200_000_000_000_000_000;
    assert_eq!(bench.pop(century), None);
    let soon = bench.insert(century + 1);
    assert_eq!(bench.wheel.next_due(), Some(century + 1));
    assert_eq!(bench.pop_all(u64::MAX - 1), [soon]);
    assert_eq!(bench.pop(u64::MAX), Some(forever));
}

#[test]
fn a_wheel_near_the_end_of_time_still_turns() {
    let start = u64::MAX - 3 * SPANS[7];
    let mut bench = Bench::new(start);
    let entries: Vec<_> = [1, SPANS[7], 2 * SPANS[7], 3 * SPANS[7]]
        .map(|delay| bench.insert(start + delay))
        .into();
    assert_eq!(bench.pop_all(u64::MAX - 1), entries[..3]);
    assert_eq!(bench.pop_all(u64::MAX), entries[3..]);
}

#[test]
fn entries_of_different_levels_are_popped_in_order() {
    let mut bench = Bench::new(123);
    let mut entries: Vec<_> = SPANS.iter().rev().map(|&s| bench.insert(3 * s)).collect();
    entries.reverse();
    assert_eq!(bench.pop_all(u64::MAX), entries);
}

#[test]
fn entries_of_one_deadline_are_popped_first_in_first_out() {
    let mut bench = Bench::new(0);
    let entries: Vec<_> = (0..10).map(|_| bench.insert(SPANS[2] + 7)).collect();
    assert_eq!(bench.pop_all(SPANS[3]), entries);
}

#[test]
fn entries_of_one_slot_are_popped_in_the_order_of_their_deadlines() {
    for start in SPANS.into_iter().take(4) {
        let mut bench = Bench::new(0);
        let [c, a, b, a_too] = [5, 1, 3, 1].map(|offset| bench.insert(start + offset));
        assert_eq!(bench.wheel.first(), Some(bench.pointer(a)));
        assert_eq!(bench.pop_all(start + 3), [a, a_too, b]);
        let before_c = bench.insert(start + 4);
        assert_eq!(bench.wheel.first(), Some(bench.pointer(before_c)));
        assert_eq!(bench.pop_all(start + 5), [before_c, c]);
    }
}

#[test]
fn a_wheel_that_let_go_of_its_entries_takes_others() {
    let mut bench = Bench::new(0);
    for deadline in SPANS {
        bench.insert(deadline);
        bench.insert(deadline + 1);
    }
    assert!(bench.pop(SPANS[0] + 1).is_some());
    bench.wheel.clear();
    bench.waiting.clear();
    assert_eq!(bench.wheel.first(), None);
    assert_eq!(bench.wheel.next_due(), None);
    let entry = bench.insert(SPANS[1]);
    assert_eq!(bench.pop_all(u64::MAX), [entry]);
}

#[test]
fn removing_due_entries_while_they_are_popped_loses_none() {
    for removed in 1..5 {
        let mut bench = Bench::new(0);
        let entries: Vec<_> = (0..5).map(|_| bench.insert(100)).collect();
        assert_eq!(bench.pop(100), Some(entries[0]));
        bench.remove(entries[removed]);
        let rest: Vec<_> = (1..5).filter(|&n| n != removed).collect();
        assert_eq!(bench.pop_all(100), rest);
    }
}

#[test]
fn an_entry_inserted_while_others_are_popped_is_popped_too() {
    let mut bench = Bench::new(0);
    let first = bench.insert(100);
    let second = bench.insert(100);
    assert_eq!(bench.pop(SPANS[1]), Some(first));
    let third = bench.insert(50);
    assert_eq!(bench.pop_all(SPANS[1]), [second, third]);
}

#[test]
fn an_earlier_now_is_harmless() {
    let mut bench = Bench::new(0);
    assert_eq!(bench.pop(SPANS[5]), None);
    let later = bench.insert(SPANS[5] + 5 * SPANS[0]);
    assert_eq!(bench.pop(3), None);
    let sooner = bench.insert(SPANS[5] + 3 * SPANS[0]);
    assert_eq!(bench.wheel.next_due(), Some(SPANS[5] + 3 * SPANS[0]));
    assert_eq!(bench.pop_all(SPANS[5] + 5 * SPANS[0]), [sooner, later]);
}

#[test]
fn after_a_removal_the_next_due_time_is_never_too_late() {
    let mut bench = Bench::new(0);
    let early = bench.insert(SPANS[3] + 10);
    let late = bench.insert(SPANS[3] + 20);
    bench.remove(early);
    assert!(bench.wheel.next_due().unwrap() <= SPANS[3] + 20);
    assert_eq!(bench.pop(SPANS[3] + 10), None);
    assert_eq!(bench.wheel.next_due(), Some(SPANS[3] + 20));
    assert_eq!(bench.pop(SPANS[3] + 20), Some(late));
}

/// The same random operations on a wheel and on a sorted set.
fn compare_with_a_sorted_set(seed: u64) {
    let random = Random::new(seed);
    let far = |random: &Random| {
        let span = SPANS[random.below(8) as usize];
        u64::from(random.below(1 << 20)).wrapping_mul(span) >> 14
    };
    let mut now = if random.below(2) == 0 {
        0
    } else {
        far(&random)
    };
    let mut bench = Bench::new(now);
    let mut model = BTreeSet::new();
    for _ in 0..200 {
        match random.below(8) {
            0..=3 => {
                let deadline = now.saturating_add(far(&random)).saturating_sub(64);
                model.insert((deadline, bench.insert(deadline)));
            }
            4 => {
                let entry = random.below(bench.entries.len() as u32 + 1) as usize;
                if bench.waiting.contains(&entry) {
                    bench.remove(entry);
                    model.retain(|&(_, other)| other != entry);
                }
            }
            5 => {
                let due = model.first().map_or(now, |&(deadline, _)| deadline);
                now = now.max(
                    due.saturating_add(u64::from(random.below(3)))
                        .saturating_sub(1),
                );
            }
            _ => now = now.saturating_add(far(&random)),
        }
        if random.below(3) > 0 {
            let popped = bench.pop_all(now);
            let later = model.split_off(&(now.saturating_add(1), 0));
            let due: Vec<_> = model.iter().map(|&(_, entry)| entry).collect();
            assert_eq!(popped, due, "seed {seed}, now {now}");
            model = later;
            assert!(
                bench.wheel.next_due().is_none_or(|next| next > now),
                "seed {seed}"
            );
        }
        if let Some(&(earliest, first)) = model.first() {
            let first = Some(bench.pointer(first));
            assert_eq!(bench.wheel.first(), first, "seed {seed}");
            assert!(
                bench.wheel.next_due().expect("some wait") <= earliest,
                "seed {seed}"
            );
        } else {
            assert_eq!(bench.wheel.next_due(), None, "seed {seed}");
        }
    }
}

#[test]
fn random_operations_agree_with_a_sorted_set() {
    for seed in 0..500 {
        compare_with_a_sorted_set(seed);
    }
}

#[test]
fn an_idle_wheel_is_small() {
    assert!(size_of::<Wheel>() + 512 * 16 <= 8_192 + 128);
}
