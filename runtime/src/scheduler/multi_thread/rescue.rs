//! What the monitor does for those that wait behind a stuck worker.
//!
//! *Stage 1*, without a new thread: the task in the stuck worker's slot goes to the injector. The
//! deque has thieves, the wheels and the reactors have other workers; if all of them sleep, one is woken,
//! for the tasks or to take a duty. The one in the poll learns of the timers that the stuck worker has
//! set since.
//!
//! *Stage 2*, if nobody sleeps: a thread is called, when tasks wait, when a duty is neglected, or when everybody is
//! stuck: to a seat that is vacant, else to an extra one. The number of workers that are not stuck comes back to the configured
//! one, in steps of half of what is missing; never more than one comes for one that is stuck. Once there are too
//! many for [`PATIENCE`], some go.
//!
//! *In the last resort*, if no thread can be had, the monitor turns to a neglected duty itself: those who block
//! in place may wait for just that.

use std::task::Waker;
use std::time::Duration;

use super::monitor::Monitor;
use super::occupancy::Occupant;
use super::seat::Seat;
use crate::clock;
use crate::driver::wake_all;

/// How long a worker too many stays: tasks that block again and again would call a spare each time.
const PATIENCE: Duration = Duration::from_millis(100);

/// A duty that nobody has turned to for so many samples is neglected: its poller is in a long poll of a task.
const NEGLECTED: u32 = 2;

/// After so many samples nobody will come.
const FORSAKEN: u32 = 4;

/// A call that has waited for so many samples needs a thread of its own: the one that was expected is in a long poll.
const OVERDUE: u32 = 3;

#[derive(Debug, Default)]
struct Strength {
    /// Workers that have a seat and are not stuck.
    fit: usize,
    /// Seats that are vacant: a thread may be on its way to any of them.
    vacant: Vec<usize>,
    /// How many of these are extra.
    vacant_extras: usize,
}

impl Monitor {
    pub(super) fn rescue(&mut self, elapsed: Duration) {
        let shared = self.shared.clone();
        let was_short = shared.shortage.start_look();
        self.look_at_calls();
        let mut trouble = was_short;
        for (seen, seat) in self.seen.iter().zip(shared.seats_in_use()) {
            if !seen.is_slow {
                continue;
            }
            trouble = true;
            shared.hand_over_timers(seat);
            if seen.is_stuck {
                shared.free_slot(seat);
            }
        }
        let neglected = self.look_at_duties();
        if trouble && shared.idle.has_somebody_to_claim() && shared.has_visible_work() {
            shared.wake_one();
        }
        self.balance(elapsed, neglected);
        self.turn_to_forsaken_duties();
        shared.shortage.end_look();
    }

    /// Starts a thread for a call that has waited too long for one that comes back.
    fn look_at_calls(&mut self) {
        let Some(answered) = self.shared.bench.answered_while_one_waits() else {
            self.waiting_call = None;
            return;
        };
        let samples = match self.waiting_call {
            Some((before, samples)) if before == answered => samples + 1,
            _ => 0,
        };
        self.waiting_call = Some((answered, samples));
        // To look again soon; this is the monitor, which need not be woken.
        let _ = self.shared.shortage.tell();
        if samples >= OVERDUE {
            self.shared.bench.hurry(&self.shared);
            self.waiting_call = None;
        }
    }

    /// Whether some duty has nobody, and nobody sleeps outside who was sent to it.
    fn look_at_duties(&mut self) -> bool {
        let mut nobody_came = false;
        for (neglect, duty) in self.neglect.iter_mut().zip(self.shared.duties.iter()) {
            let turns = duty.turns();
            let is_attended = duty.is_manned() || turns != neglect.turns;
            neglect.turns = turns;
            neglect.samples = match is_attended {
                true => 0,
                false => neglect.samples + 1,
            };
            if neglect.samples >= NEGLECTED {
                nobody_came |= !self.shared.call_parked_to_duty();
            }
        }
        nobody_came
    }

    fn turn_to_forsaken_duties(&mut self) {
        let mut woken: Vec<Waker> = Vec::new();
        for (index, neglect) in self.neglect.iter_mut().enumerate() {
            if neglect.samples >= FORSAKEN {
                self.shared.attend(index, None, clock::now_ns(), &mut woken);
            }
        }
        wake_all(&mut woken);
    }

    /// Brings the number of workers that are not stuck back to the configured one.
    fn balance(&mut self, elapsed: Duration, neglected: bool) {
        let configured = self.shared.workers();
        let strength = self.strength();
        if strength.fit < configured {
            self.surplus_for = Duration::ZERO;
            self.reinforce(configured, &strength, neglected);
        } else if strength.fit > configured || strength.vacant_extras > 0 {
            self.surplus_for += elapsed;
            if self.surplus_for >= PATIENCE {
                self.dismiss(strength.fit - configured);
            }
        } else {
            self.surplus_for = Duration::ZERO;
        }
    }

    fn strength(&self) -> Strength {
        let mut strength = Strength::default();
        for (seen, seat) in self.seen.iter().zip(self.shared.seats_in_use()) {
            // One look at each seat: a change in between would hide it.
            match seat.occupancy.occupant() {
                Occupant::Thread => strength.fit += usize::from(!seen.is_stuck),
                Occupant::Nobody => {
                    strength.vacant.push(seat.index);
                    let is_extra = self.shared.seats.is_extra(seat.index);
                    strength.vacant_extras += usize::from(is_extra);
                }
                Occupant::None => {}
            }
        }
        strength
    }

    fn reinforce(&self, configured: usize, strength: &Strength, neglected: bool) {
        let shared = &self.shared;
        if !shared.config.vigilance.rescue && !neglected {
            return;
        }
        let is_needed = neglected || strength.fit == 0 || shared.has_visible_work();
        if !is_needed || shared.idle.find_parked().is_some() {
            return;
        }
        let wanted = (configured - strength.fit).div_ceil(2);
        for &seat in strength.vacant.iter().take(wanted) {
            shared.call_to_vacant(seat);
        }
        for _ in strength.vacant.len()..wanted {
            if !shared.call_spare() {
                return;
            }
        }
    }

    fn dismiss(&self, count: usize) {
        let is_fit = |seat: &&Seat| {
            seat.occupancy.is_held() && !self.seen.get(seat.index).is_some_and(|seen| seen.is_stuck)
        };
        let extras = || {
            let seats = self.shared.seats_in_use();
            seats.filter(|seat| self.shared.seats.is_extra(seat.index))
        };
        for spare in extras().filter(is_fit).take(count) {
            spare.dismiss();
            self.shared.unpark(spare.index);
        }
        for vacant in extras().filter(|seat| seat.occupancy.is_vacant()) {
            self.shared.retire(vacant);
        }
    }
}
