//! How a worker between two polls turns to timers and sockets: to its own duty, and to what nobody else turns to.
//!
//! A duty that is not manned needs somebody awake. Each worker keeps to one, and looks at one of the others each time,
//! at all of them with the monitor's beat: if nobody has turned to it since it last looked, it does. So one worker that
//! is not stuck is enough for all sockets and timers, whichever it began with.

use std::task::Waker;

use super::duty::{Duty, GRACE_NS};
use super::shared::Shared;
use super::worker::Worker;

impl Worker {
    /// Fires what is due on this worker's wheel, turns to its duty, and to another if need be.
    pub(super) fn attend_duties(&self, now: u64, all: bool, woken: &mut Vec<Waker>) {
        let core = self.core();
        self.seat().timers.fire_due(now, woken);
        let own = core.duty.get();
        self.shared.attend(own, Some(self.index()), now, woken);
        let duties = self.shared.duties.len();
        let looks = if all { duties } else { 1 };
        for _ in 0..looks.min(duties - 1) {
            let other = (core.next_other.get() + 1) % duties;
            core.next_other.set(other);
            if other != own && self.is_neglected(other) {
                self.shared.attend(other, None, now, woken);
            }
        }
    }

    /// Whether nobody has turned to a duty since this worker last looked.
    fn is_neglected(&self, duty: usize) -> bool {
        let turns = self.shared.duties[duty].turns();
        let seen = self.core().seen_turns[duty].replace(turns);
        seen == turns && !self.shared.duties[duty].is_manned()
    }
}

impl Shared {
    /// Turns to a duty, without sleeping, for the holder of a seat or for nobody in particular.
    pub(super) fn attend(&self, index: usize, me: Option<usize>, now: u64, woken: &mut Vec<Waker>) {
        let duty = &self.duties[index];
        self.fire_timers(duty, me, now, woken);
        if let Some(mut reactor) = duty.try_poll() {
            reactor.poll(woken);
            if duty.end_poll(reactor) {
                self.call_to_duty();
            }
        }
    }

    /// Fires what is due on the wheels of a duty: at once for those who sleep, later for those who should do
    /// it themselves.
    pub(super) fn fire_timers(
        &self,
        duty: &Duty,
        me: Option<usize>,
        now: u64,
        woken: &mut Vec<Waker>,
    ) {
        duty.guests.fire_due(now, woken);
        for &member in &duty.members {
            let timers = &self.seats.get(member).timers;
            if timers.next_due().saturating_add(self.grace(member, me)) <= now {
                timers.fire_due(now, woken);
            }
        }
    }

    /// When somebody must turn to the timers of a duty.
    pub(super) fn earliest_deadline(&self, duty: &Duty, me: Option<usize>) -> u64 {
        let of_member = |&member: &usize| {
            let due = self.seats.get(member).timers.next_due();
            due.saturating_add(self.grace(member, me))
        };
        let of_members = duty.members.iter().map(of_member).min();
        of_members.unwrap_or(u64::MAX).min(duty.guests.next_due())
    }

    fn grace(&self, member: usize, me: Option<usize>) -> u64 {
        match me == Some(member) || self.idle.is_sleeping(member) {
            true => 0,
            false => GRACE_NS,
        }
    }
}
