//! What the monitor does for those that wait behind a stuck worker.
//!
//! *Stage 1*, without a new thread: the task in the stuck worker's slot goes to the injector. The
//! deque has thieves, the wheel and the reactor have other workers; if all of them sleep, one is woken,
//! for the tasks or to take the poll. The one in the poll learns of the timers that the stuck worker has
//! set since.
//!
//! *Stage 2*, if nobody sleeps: a spare is called, when tasks wait or when nobody is left in the group to
//! turn to timers and sockets. The number of workers that are not stuck comes back to the configured
//! one, in steps of half of what is missing. Once there are too many for [`PATIENCE`], some go.

use std::time::Duration;

use super::monitor::Monitor;
use super::spares::Called;

/// How long a worker too many stays: tasks that block again and again would call a spare each time.
const PATIENCE: Duration = Duration::from_millis(100);

/// The workers of one group.
#[derive(Debug, Default)]
struct Strength {
    configured: usize,
    present: usize,
    stuck: usize,
}

impl Strength {
    fn fit(&self) -> usize {
        self.present - self.stuck
    }
}

impl Monitor {
    pub(super) fn rescue(&mut self, elapsed: Duration) {
        let seats = 0..self.shared.seats_in_use();
        let mut trouble = false;
        for worker in seats {
            if !self.seen[worker].is_slow && !self.seen[worker].is_stuck {
                continue;
            }
            trouble = true;
            self.shared.hand_over_timers(worker);
            if self.seen[worker].is_stuck {
                self.shared.free_slot(worker);
            }
        }
        if trouble && self.shared.idle.has_somebody_to_claim() && self.shared.has_visible_work() {
            self.shared.wake_one();
        }
        for group in 0..self.shared.groups.len() {
            self.balance(group, elapsed);
        }
    }

    /// Brings the number of workers of a group that are not stuck back to the configured one.
    fn balance(&mut self, group: usize, elapsed: Duration) {
        let strength = self.strength(group);
        if strength.stuck > 0 {
            self.man_poll(group);
        }
        if strength.fit() < strength.configured {
            self.surplus_for[group] = Duration::ZERO;
            self.reinforce(group, &strength);
        } else if strength.fit() > strength.configured {
            self.surplus_for[group] += elapsed;
            if self.surplus_for[group] >= PATIENCE {
                self.dismiss(group, strength.fit() - strength.configured);
            }
        } else {
            self.surplus_for[group] = Duration::ZERO;
        }
    }

    fn strength(&self, group: usize) -> Strength {
        let mut strength = Strength::default();
        for worker in self.shared.seats_of_group(group) {
            // A spare may leave between two looks at it: one that has is neither present nor stuck.
            let present = self.shared.is_present(worker);
            strength.configured += usize::from(self.shared.is_permanent(worker));
            strength.present += usize::from(present);
            strength.stuck += usize::from(present && self.seen[worker].is_stuck);
        }
        strength
    }

    /// Sends a sleeper to the poll if it was a worker there that got stuck, and nobody else will go.
    fn man_poll(&self, group: usize) {
        let is_manned = self.shared.groups[group].poller().is_some();
        if !is_manned && !self.somebody_works(group) {
            self.shared.call_to_poll(group);
        }
    }

    fn reinforce(&self, group: usize, strength: &Strength) {
        if self.shared.has_sleeper(group) {
            return;
        }
        if strength.fit() > 0 && !self.shared.has_visible_work() {
            return;
        }
        let missing = strength.configured - strength.fit();
        for _ in 0..missing.div_ceil(2) {
            match self.shared.spares.call(&self.shared, group) {
                Called::Coming => {}
                Called::NoSeat => return,
                Called::NoThread(error) => return self.shared.tally.no_thread(&error),
            }
        }
    }

    /// Whether a worker of the group is awake and not stuck: it turns to the reactor by itself.
    fn somebody_works(&self, group: usize) -> bool {
        self.shared.seats_of_group(group).any(|worker| {
            self.shared.is_present(worker)
                && !self.seen[worker].is_stuck
                && !self.shared.idle.is_sleeping(worker)
        })
    }

    fn dismiss(&self, group: usize, count: usize) {
        let spares = self.shared.seats_of_group(group).filter(|&worker| {
            !self.shared.is_permanent(worker)
                && self.shared.is_present(worker)
                && !self.seen[worker].is_stuck
        });
        for worker in spares.take(count) {
            self.shared.workers[worker].dismiss();
            self.shared.unpark(worker);
        }
    }
}
