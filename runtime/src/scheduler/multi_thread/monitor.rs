//! The thread that watches the workers, so that a stuck one stops nobody.
//!
//! It samples the epoch of each worker every few milliseconds ([`Observer`]) and sleeps while all
//! of them do ([`Vigil`](crate::scheduler::watch::Vigil)). Each sample also bumps a beat, on which
//! workers turn to timers and sockets: polls of a millisecond each, without end, would otherwise
//! put these off for dozens of milliseconds.
//!
//! A worker that is in the same poll for longer than the threshold is *stuck*. What is
//! done then is in `rescue.rs`.

use std::time::{Duration, Instant};

use super::shared::Shared;
use crate::current;
use crate::primitive::sync::Arc;
use crate::scheduler::watch::Observer;

/// Samples in a row that find everybody asleep, and no spare left to be sent away, before
/// the monitor sleeps, too.
const LINGER: u32 = 4;

/// One worker as the last sample has seen it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    observer: Observer,
    /// In one poll for a whole sample: what was not announced to others should be.
    pub(super) is_slow: bool,
    /// Past the threshold, or blocking by its own account.
    pub(super) is_stuck: bool,
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
        Monitor {
            interval: shared.config.vigilance.interval(),
            seen: (0..shared.seats()).map(|_| Seen::default()).collect(),
            surplus_for: vec![Duration::ZERO; shared.groups.len()],
            shared,
        }
    }

    /// Watches until the runtime shuts down.
    pub(super) fn run(mut self) {
        // The user's function that is told of stalls must not wait for the runtime: that waits for this
        // thread.
        let _driving = current::start_driving();
        self.shared.vigil.bind();
        let mut asleep = 0;
        let mut last = Instant::now();
        while !self.shared.is_shutting_down() {
            if asleep >= LINGER {
                self.sleep();
                last = Instant::now();
                asleep = 0;
            }
            self.shared.vigil.nap(self.interval);
            let now = Instant::now();
            self.sample(now - last);
            last = now;
            asleep = match self.nothing_to_do() {
                true => asleep + 1,
                false => 0,
            };
        }
    }

    /// Spares first: one that leaves after it was counted as a sleeper would hide a worker that is awake.
    fn nothing_to_do(&self) -> bool {
        self.shared.active_spares() == 0 && self.shared.idle.all_sleep()
    }

    fn sleep(&self) {
        let shared = &self.shared;
        shared
            .vigil
            .sleep_if(|| self.nothing_to_do() && !shared.is_shutting_down());
    }

    fn sample(&mut self, elapsed: Duration) {
        self.shared.beat();
        for worker in 0..self.shared.seats_in_use() {
            self.look_at(worker, elapsed);
        }
        self.rescue(elapsed);
    }

    fn look_at(&mut self, worker: usize, elapsed: Duration) {
        let shared = &self.shared;
        let vigilance = &shared.config.vigilance;
        let remote = &shared.workers[worker];
        let blocks = remote.is_blocking();
        let seen = &mut self.seen[worker];
        let finding =
            seen.observer
                .look(&remote.watched, blocks, elapsed, self.interval, vigilance);
        let was_stuck = seen.is_stuck;
        seen.is_slow = vigilance.rescue && seen.observer.is_slow();
        let is_past = seen.is_slow && finding.stuck_for >= vigilance.rescue_threshold;
        seen.is_stuck = blocks || is_past;
        if is_past && !was_stuck {
            shared.tally.rescue();
        }
        if finding.report {
            let meta_of = |task| shared.meta_of(task);
            let first = finding.first;
            seen.observer.report(
                &remote.watched,
                worker,
                first,
                &shared.tally,
                vigilance,
                meta_of,
            );
        }
    }
}
