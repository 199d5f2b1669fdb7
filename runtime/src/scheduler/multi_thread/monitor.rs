//! The thread that watches the workers, so that a stuck one stops nobody.
//!
//! It samples the epoch of each held seat every few milliseconds ([`Observer`]) and sleeps while all
//! seats do ([`Vigil`](crate::scheduler::watch::Vigil)). Each sample also bumps a beat, on which
//! workers turn to timers and sockets: polls of a millisecond each, without end, would otherwise
//! put these off for dozens of milliseconds.
//!
//! A worker that is in the same poll for longer than the threshold is *stuck*. Help comes first (`rescue.rs`);
//! then it is told, by another thread ([`Reporter`](crate::scheduler::watch::Reporter)), since whoever is told may
//! block. No code of the user's runs here but for the wakers of a duty that nobody else can turn to.

use std::time::{Duration, Instant};

use super::seat::Seat;
use super::shared::Shared;
use crate::current;
use crate::primitive::sync::Arc;
use crate::scheduler::watch::Observer;

/// Samples in a row that find nothing to do before the monitor sleeps, too.
const LINGER: u32 = 4;

/// How often to look while threads or pollers are wanting, however rarely the workers are to be watched.
const URGENT: Duration = Duration::from_millis(5);

/// One seat as the last sample has seen it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    observer: Observer,
    /// In one poll for a whole sample: what was not announced to others should be.
    pub(super) is_slow: bool,
    /// Past the threshold.
    pub(super) is_stuck: bool,
    /// What is to be told of it, and whether for the first time.
    report: Option<bool>,
}

/// One duty, from sample to sample.
#[derive(Debug, Default)]
pub(super) struct Neglect {
    pub(super) turns: u32,
    /// Samples in a row that found nobody in its poll and no turn made.
    pub(super) samples: u32,
}

pub(super) struct Monitor {
    pub(super) shared: Arc<Shared>,
    interval: Duration,
    pub(super) seen: Vec<Seen>,
    pub(super) neglect: Vec<Neglect>,
    /// Calls that had been answered when one was first seen to wait, and for how many samples none has been since.
    pub(super) waiting_call: Option<(u64, u32)>,
    /// For how long there have been more workers than there should be.
    pub(super) surplus_for: Duration,
}

impl Monitor {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Monitor {
            interval: shared.config.vigilance.interval(),
            seen: Vec::new(),
            neglect: shared.duties.iter().map(|_| Neglect::default()).collect(),
            waiting_call: None,
            surplus_for: Duration::ZERO,
            shared,
        }
    }

    /// Watches until the runtime shuts down, and sees to it that it does.
    pub(super) fn run(mut self) {
        // A waker of the user's must not wait for the runtime: that waits for this thread.
        let _driving = current::start_driving();
        self.shared.vigil.bind();
        self.watch();
        self.end();
    }

    fn watch(&mut self) {
        let mut idle_samples = 0;
        let mut last = Instant::now();
        while !self.shared.is_shutting_down() {
            if idle_samples >= LINGER {
                self.sleep();
                last = Instant::now();
                idle_samples = 0;
            }
            self.shared.vigil.nap(self.pause());
            let now = Instant::now();
            self.sample(now - last);
            last = now;
            idle_samples = match self.nothing_to_do() {
                true => idle_samples + 1,
                false => 0,
            };
        }
    }

    fn pause(&self) -> Duration {
        let is_urgent = self.shared.shortage.is_told() || self.is_a_duty_neglected();
        match is_urgent {
            true => self.interval.min(URGENT),
            false => self.interval,
        }
    }

    fn is_a_duty_neglected(&self) -> bool {
        self.shared.idle.all_sleep() && !self.shared.duties.are_all_manned()
    }

    /// Spares first: one that leaves after it was counted as a sleeper would hide a worker that is awake.
    fn nothing_to_do(&self) -> bool {
        self.shared.active_spares() == 0
            && self.shared.idle.all_sleep()
            && self.shared.duties.are_all_manned()
            && !self.shared.shortage.is_told()
    }

    fn sleep(&self) {
        let shared = &self.shared;
        shared
            .vigil
            .sleep_if(|| self.nothing_to_do() && !shared.is_shutting_down());
    }

    fn sample(&mut self, elapsed: Duration) {
        let shared = self.shared.clone();
        shared.beat();
        let in_use = shared.idle.in_use();
        self.seen
            .resize_with(in_use.max(self.seen.len()), Seen::default);
        for seat in shared.seats_in_use() {
            if let Some(seen) = self.seen.get_mut(seat.index) {
                seen.look(seat, elapsed, self.interval, &shared);
            }
        }
        self.rescue(elapsed);
        for (seen, seat) in self.seen.iter_mut().zip(shared.seats_in_use()) {
            seen.tell(seat, &shared);
        }
    }
}

impl Seen {
    fn look(&mut self, seat: &Seat, elapsed: Duration, interval: Duration, shared: &Shared) {
        let vigilance = &shared.config.vigilance;
        let finding = self
            .observer
            .look(&seat.watched, elapsed, interval, vigilance);
        let was_stuck = self.is_stuck;
        self.is_slow = vigilance.rescue && self.observer.is_slow();
        self.is_stuck = self.is_slow && finding.stuck_for >= vigilance.rescue_threshold;
        self.report = finding.report.then_some(finding.first);
        if self.is_stuck && !was_stuck {
            shared.tally.rescue();
        }
    }

    fn tell(&mut self, seat: &Seat, shared: &Shared) {
        let Some(first) = self.report.take() else {
            return;
        };
        shared.tally.stall(self.observer.stuck_for(), first);
        if let Some(stall) = self.observer.describe(&seat.watched, seat.index) {
            shared.reporter.hand_over(stall, &shared.me);
        }
    }
}
