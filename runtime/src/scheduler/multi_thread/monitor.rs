//! The thread that watches the workers, so that a stuck one stops nobody.
//!
//! It samples the [`Epoch`](crate::scheduler::epoch::Epoch) of each worker every few milliseconds and
//! sleeps while all of them do ([`Vigil`](crate::scheduler::vigil::Vigil)). Each sample also bumps a
//! beat, on which workers turn to timers and sockets: polls of a millisecond each, without end, would
//! otherwise put these off for dozens of milliseconds.
//!
//! A worker that is in the same poll for longer than the threshold is *stuck*. What is done then is in
//! `rescue.rs`, what is told in `report.rs`.

use std::time::{Duration, Instant};

use super::shared::Shared;
use crate::primitive::sync::Arc;
use crate::scheduler::epoch::Poll;
use crate::scheduler::watch::Watch;

/// Samples in a row that find everybody asleep before the monitor sleeps, too.
const LINGER: u32 = 4;

/// One worker as the last sample has seen it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    watch: Watch,
    pub(super) poll: Option<Poll>,
    pub(super) stuck_for: Duration,
    /// Past the threshold, or blocking by its own account.
    pub(super) is_stuck: bool,
    /// In one poll for a whole sample: what was not announced to others should be.
    pub(super) is_slow: bool,
    /// Nanoseconds its thread had been on a CPU when the poll was first found to be slow.
    pub(super) cpu_before: Option<u64>,
}

pub(super) struct Monitor {
    pub(super) shared: Arc<Shared>,
    pub(super) interval: Duration,
    pub(super) seen: Vec<Seen>,
    /// How long each group has had more workers than it should.
    pub(super) surplus_for: Vec<Duration>,
}

impl Monitor {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let threshold = shared.config.vigilance.rescue_threshold;
        Monitor {
            interval: (threshold / 2).clamp(Duration::from_millis(1), Duration::from_millis(10)),
            seen: (0..shared.seats()).map(|_| Seen::default()).collect(),
            surplus_for: vec![Duration::ZERO; shared.groups.len()],
            shared,
        }
    }

    /// Watches until the runtime shuts down.
    pub(super) fn run(mut self) {
        self.shared.vigil.bind();
        let mut asleep = 0;
        let mut last = Instant::now();
        while !self.shared.is_shutting_down() {
            if asleep >= LINGER {
                self.sleep();
                last = Instant::now();
                asleep = 0;
            }
            std::thread::sleep(self.interval);
            let now = Instant::now();
            self.sample(now - last);
            last = now;
            asleep = match self.shared.idle.all_sleep() {
                true => asleep + 1,
                false => 0,
            };
        }
    }

    fn sleep(&self) {
        let shared = &self.shared;
        shared
            .vigil
            .sleep_if(|| shared.idle.all_sleep() && !shared.is_shutting_down());
    }

    fn sample(&mut self, elapsed: Duration) {
        self.shared.beat();
        for worker in 0..self.shared.seats_in_use() {
            self.look_at(worker, elapsed);
        }
        if self.shared.config.vigilance.rescue {
            self.rescue(elapsed);
        }
    }

    fn look_at(&mut self, worker: usize, elapsed: Duration) {
        let vigilance = &self.shared.config.vigilance;
        let remote = &self.shared.workers[worker];
        let seen = &mut self.seen[worker];
        let poll = remote.epoch.current();
        let finding = seen
            .watch
            .observe(poll, elapsed, self.interval, vigilance.stall_threshold);
        let was_slow = std::mem::replace(&mut seen.is_slow, !finding.stuck_for.is_zero());
        if seen.is_slow && !was_slow {
            seen.cpu_before = remote.cpu_time();
        }
        let blocks = remote.is_blocking();
        let rescued = std::mem::replace(
            &mut seen.is_stuck,
            blocks || finding.stuck_for >= vigilance.rescue_threshold,
        );
        seen.poll = poll;
        seen.stuck_for = finding.stuck_for;
        if seen.is_stuck && !rescued {
            self.shared.tally.rescue();
        }
        if finding.report && !blocks {
            self.report(worker, finding.first);
        }
    }
}
