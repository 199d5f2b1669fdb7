//! How a worker goes to sleep, what it does for timers and sockets, and how it gets up.

use std::task::Waker;

use super::duty::Duty;
use super::idle::{Awoken, Bed};
use super::worker::Worker;
use crate::clock;
use crate::driver::Reactor;
use crate::primitive::sync::MutexGuard;

/// Where a worker has slept.
enum Sleep {
    Outside,
    /// In the poll of a duty, which somebody may have missed meanwhile.
    InPoll {
        duty: usize,
        missed: bool,
    },
}

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
        let searching = self.core().searching.replace(false);
        self.shared.idle.start_sleeping(self.index(), searching);
        // A full fence has passed since the announcement: what is pushed later will wake us.
        if self.must_leave() {
            self.end_stretch(clock::now_ns());
            self.start_leaving();
            // A sleep that ends at once: who comes late to a shutdown has no other.
            let stats = &self.seat().stats;
            stats.count_park();
            stats.count_unpark();
            self.get_up();
            return;
        }
        if self.shared.has_visible_work() {
            self.get_up_to_search();
            return;
        }
        self.end_stretch(clock::now_ns());
        self.seat().stats.count_park();
        let mut woken = self.take_woken();
        let sleep = self.lie_down(&mut woken);
        self.get_up();
        self.seat().stats.count_unpark();
        let now = clock::now_ns();
        self.core().pace.start(now);
        self.seat().timers.fire_due(now, &mut woken);
        if let Sleep::InPoll { duty, .. } = sleep {
            self.core().duty.set(duty);
            let duty = &self.shared.duties[duty];
            self.shared
                .fire_timers(duty, Some(self.index()), now, &mut woken);
        }
        self.wake_batch(woken);
        if let Sleep::InPoll { missed: true, .. } = sleep {
            self.shared.call_to_duty();
        }
    }

    /// Ends the sleep that was announced, also if it never came to that: the monitor may have taken it
    /// for one.
    fn get_up(&self) {
        let awoken = self.shared.idle.stop_sleeping(self.index());
        self.core().searching.set(awoken == Awoken::Claimed);
        self.shared.vigil.worker_got_up();
    }

    /// There is work in sight: search it, whoever else does.
    fn get_up_to_search(&self) {
        self.get_up();
        if !self.core().searching.replace(true) {
            self.shared.idle.join_search(self.index());
        }
    }

    /// Sleeps in the poll of a duty that has nobody, else outside.
    fn lie_down(&self, woken: &mut Vec<Waker>) -> Sleep {
        self.announce_timers();
        let duties = self.shared.duties.len();
        let first = self.core().duty.get();
        let in_turn = (first..first + duties).map(|duty| duty % duties);
        for index in in_turn {
            let duty = &self.shared.duties[index];
            if index != first && duty.is_manned() {
                continue;
            }
            if let Some(reactor) = duty.try_sleep() {
                return Sleep::InPoll {
                    duty: index,
                    missed: self.sleep_in_poll(index, reactor, woken),
                };
            }
        }
        self.seat().occupancy.sleeper.park();
        Sleep::Outside
    }

    /// Whoever sleeps in the poll of this seat's duty looks after its timers.
    fn announce_timers(&self) {
        let due = self.seat().timers.refresh_next_due();
        let duty = self.shared.duties.of_seat(self.index());
        self.shared.duties[duty].poller.wake_before(due);
    }

    /// Whether somebody must be called to take the duty.
    fn sleep_in_poll(
        &self,
        index: usize,
        mut reactor: MutexGuard<'_, Reactor>,
        woken: &mut Vec<Waker>,
    ) -> bool {
        let duty = &self.shared.duties[index];
        let sleeper = &self.seat().occupancy.sleeper;
        self.seat().set_sleeps_in(index);
        if sleeper.start_polling() {
            self.shared.idle.lies_in(self.index(), Bed::Poll);
            duty.start_sleep();
            self.shared.man_duties();
            duty.guests.refresh_next_due();
            let deadline = duty.poller.announce(|| self.wake_up_time(duty));
            reactor.sleep_until(deadline, woken);
            duty.end_sleep();
            self.shared.idle.left(self.index(), Bed::Poll);
        } else {
            reactor.poll(woken);
        }
        sleeper.stop_polling();
        duty.end_poll(reactor)
    }

    fn wake_up_time(&self, duty: &Duty) -> u64 {
        let of_duty = self.shared.earliest_deadline(duty, Some(self.index()));
        of_duty.min(self.seat().timers.next_due())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;
    use std::time::Duration;

    use super::super::shared::Shared;
    use super::super::testing::without_threads;
    use super::super::worker::Worker;
    use crate::primitive::sync::Arc;
    use crate::raw_task::Meta;

    /// Longer than a thread takes to wake on a loaded machine.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// The only worker of a scheduler without threads.
    fn lone_worker() -> Worker {
        Worker::new(without_threads(1, 0), 0)
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
        worker.run(None);
    }
}
