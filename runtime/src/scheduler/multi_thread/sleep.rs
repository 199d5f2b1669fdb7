//! How a worker goes to sleep, what it does for timers and sockets, and how it gets up.

use std::task::Waker;

use super::group::Group;
use super::idle::Awoken;
use super::worker::Worker;
use crate::clock;
use crate::driver::Reactor;
use crate::primitive::sync::MutexGuard;

/// A running worker fires its own timers; others do it for one that is late by more than this.
pub(super) const GRACE_NS: u64 = 1_000_000;

impl Worker {
    /// Sleeps until there is something to do, or finds at the last moment that there is.
    pub(super) fn sleep(&self) {
        self.shared.config.on_thread_park.call();
        // The hook may have woken or spawned tasks here.
        if !self.has_local_work() {
            self.sleep_unless_needed();
        }
        self.shared.config.on_thread_unpark.call();
    }

    fn sleep_unless_needed(&self) {
        let searching = self.searching.replace(false);
        self.shared.idle.start_sleeping(self.index, searching);
        // A full fence has passed since the announcement: what is pushed later will wake us.
        if self.must_leave() {
            self.start_leaving();
            self.get_up();
            return;
        }
        if self.shared.has_visible_work() {
            self.get_up_to_search();
            return;
        }
        self.end_stretch(clock::now_ns());
        self.remote().stats.parks.add(1);
        let mut woken = self.take_woken();
        let hand_over = self.lie_down(&mut woken);
        self.get_up();
        self.remote().stats.unparks.add(1);
        let now = clock::now_ns();
        self.pace.start(now);
        self.fire_timers(now, &mut woken);
        self.wake_batch(woken);
        if hand_over {
            self.shared
                .call_to_poll(self.shared.group_index(self.index));
        }
    }

    /// Ends the sleep that was announced, also if it never came to that: the monitor may have taken it
    /// for one.
    fn get_up(&self) {
        let awoken = self.shared.idle.stop_sleeping(self.index);
        self.searching.set(awoken == Awoken::Claimed);
        self.shared.vigil.worker_got_up();
    }

    /// There is work in sight: search it, whoever else does.
    fn get_up_to_search(&self) {
        self.get_up();
        if !self.searching.replace(true) {
            self.shared.idle.join_search(self.index);
        }
    }

    /// Sleeps in the poll if nobody else does, else outside; whether somebody must be woken to take
    /// the poll.
    fn lie_down(&self, woken: &mut Vec<Waker>) -> bool {
        match self.group().try_sleep() {
            Some(reactor) => self.sleep_in_poll(reactor, woken),
            None => {
                let due = self.remote().timers.refresh_next_due();
                self.group().alarm.ring_before(due);
                self.remote().sleeper.park();
                false
            }
        }
    }

    fn sleep_in_poll(&self, mut reactor: MutexGuard<'_, Reactor>, woken: &mut Vec<Waker>) -> bool {
        let group = self.group();
        if self.remote().sleeper.start_polling() {
            group.set_poller(self.index);
            self.forget_cancelled_timers();
            let deadline = group.alarm.announce(|| self.earliest_deadline());
            reactor.sleep_until(deadline, woken);
            group.unset_poller();
        } else {
            reactor.poll(woken);
        }
        self.remote().sleeper.stop_polling();
        group.end_poll(reactor)
    }

    /// Takes what is ready; whether somebody must be woken to take the poll.
    pub(super) fn poll_reactor(&self, woken: &mut Vec<Waker>) -> bool {
        match self.group().try_poll() {
            Some(mut reactor) => {
                reactor.poll(woken);
                self.group().end_poll(reactor)
            }
            None => false,
        }
    }

    fn group(&self) -> &Group {
        self.shared.group_of(self.index)
    }

    /// A timer that was cancelled should not end a long sleep.
    fn forget_cancelled_timers(&self) {
        self.remote().timers.refresh_next_due();
        if let Some(timers) = self.outside_timers() {
            timers.refresh_next_due();
        }
    }

    /// When the poller must be up again: for its own timers and those of sleepers when they are
    /// due, for those of running workers only if they are late.
    fn earliest_deadline(&self) -> u64 {
        let mut earliest = self
            .outside_timers()
            .map_or(u64::MAX, |timers| timers.next_due());
        for member in self.group_members() {
            let due = self.shared.workers[member].timers.next_due();
            earliest = earliest.min(due.saturating_add(self.grace(member)));
        }
        earliest
    }

    /// Fires what is due on this worker's wheel, the sleepers' wheels, and
    /// late timers of the others.
    pub(super) fn fire_timers(&self, now: u64, woken: &mut Vec<Waker>) {
        if let Some(timers) = self.outside_timers() {
            timers.fire_due(now, woken);
        }
        for member in self.group_members() {
            let timers = &self.shared.workers[member].timers;
            if timers.next_due().saturating_add(self.grace(member)) <= now {
                timers.fire_due(now, woken);
            }
        }
    }

    fn grace(&self, member: usize) -> u64 {
        match member == self.index || self.shared.idle.is_sleeping(member) {
            true => 0,
            false => GRACE_NS,
        }
    }

    fn group_members(&self) -> std::ops::Range<usize> {
        let group = self.shared.group_index(self.index);
        Group::members(group, self.shared.permanent)
    }

    /// The wheel of threads that are no workers; the first group looks after it.
    fn outside_timers(&self) -> Option<&crate::driver::Timers> {
        (self.shared.group_index(self.index) == 0).then_some(&*self.shared.outside_timers)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;
    use std::time::Duration;

    use super::super::launch::{Crew, prepare};
    use super::super::shared::Shared;
    use super::super::spares::Seat;
    use super::super::worker::Worker;
    use crate::blocking;
    use crate::primitive::sync::Arc;
    use crate::raw_task::Meta;
    use crate::scheduler::{BlockingPool, Config};
    use crate::util::latch::Latch;
    use crate::util::thread_builder::ThreadName;

    /// Longer than a thread takes to wake on a loaded machine.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// The only worker of a scheduler without threads.
    fn lone_worker() -> Worker {
        let name: ThreadName = Arc::new(String::new);
        let crew = Crew {
            workers: 1,
            max_spares: Some(0),
            thread_name: name.clone(),
            spare_name: name.clone(),
            stack_size: None,
        };
        let blocking = BlockingPool::new(blocking::Config::new(name));
        let (shared, mut seats) =
            prepare(crew, Config::plain(), blocking, Arc::new(Latch::new(0))).unwrap();
        let Seat { index, deque } = seats.pop().expect("there is one worker");
        Worker::new(shared, index, deque)
    }

    /// A monitor that has found everybody asleep. What comes back hears of its end.
    fn sleeping_monitor(shared: &Arc<Shared>) -> Receiver<()> {
        let shared = shared.clone();
        let ((lies_down, lying), (gets_up, up)) = (channel(), channel());
        thread::spawn(move || {
            shared.vigil.bind();
            shared.vigil.sleep_if(|| lies_down.send(()).is_ok());
            gets_up.send(()).unwrap();
        });
        lying.recv().unwrap();
        up
    }

    /// The monitor may look between the announcement and the last look at the queues.
    #[test]
    fn a_worker_that_finds_work_as_it_lies_down_wakes_the_monitor() {
        let worker = lone_worker();
        let shared = worker.shared.clone();
        let monitor = sleeping_monitor(&shared);
        drop(shared.spawn(async {}, Meta::here(None)));
        worker.sleep();
        monitor
            .recv_timeout(PATIENCE)
            .expect("the monitor sleeps while a worker works");
        shared.start_shutdown();
        worker.run();
        shared.worker_left();
    }
}
