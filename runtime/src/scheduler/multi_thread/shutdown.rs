//! The end: workers leave one by one, and the last one drops what is left.
//!
//! After [`Shared::start_shutdown`] each worker leaves when its poll ends. The last to leave closes
//! the live lists, so that later spawns are refused, drops the future of every task that is left,
//! and only then closes the injector and the reactors. A wake that comes later finds its task
//! complete, or a closed queue that drops the reference.

use std::task::Waker;

use super::shared::Shared;
use super::worker::Worker;
use crate::driver::wake_all;
use crate::primitive::sync::atomic::Ordering;

impl Shared {
    /// Asks all workers to leave; returns at once.
    pub(crate) fn start_shutdown(&self) {
        // Release: pairs with is_shutting_down(). Whoever lies down later sees the flag after its
        // fence or finds its token.
        self.shutting_down.store(true, Ordering::Release);
        for worker in 0..self.workers.len() {
            self.unpark(worker);
        }
        self.spares.close();
        self.vigil.wake();
    }

    /// Counts a worker out; the last one cleans up.
    pub(super) fn worker_left(&self) {
        if self.presence.leave() {
            self.drop_everything();
        }
    }

    fn drop_everything(&self) {
        for home in &self.homes {
            home.live.close();
        }
        for home in &self.homes {
            while let Some(task) = home.live.pop() {
                task.shutdown();
            }
        }
        self.inject.close();
        self.close_drivers();
        for home in &self.homes {
            home.close();
        }
    }

    /// Sockets and timers that outlive the runtime get an error instead of silence.
    fn close_drivers(&self) {
        let mut woken: Vec<Waker> = Vec::new();
        for io in self.io_handles() {
            io.shutdown(&mut woken);
        }
        let wheels = self.workers.iter().map(|worker| &worker.timers);
        for timers in wheels.chain([&self.outside_timers]) {
            timers.shut_down(&mut woken);
        }
        wake_all(&mut woken);
    }
}

impl Worker {
    /// The worker's own end. What is queued at a shutdown is still in a live list, which keeps it until
    /// the last worker drops it; a spare that goes before hands its tasks in.
    pub(super) fn leave(&self) {
        if self.searching.replace(false) && self.shared.idle.work_found(self.index) {
            self.shared.notify();
        }
        if self.shared.is_shutting_down() {
            self.drop_queued();
        } else {
            self.hand_in();
            self.hand_poll_over();
        }
    }

    /// Lets another take the poll: while this worker slept there, they lay down elsewhere. It has fenced
    /// since it left the poll.
    fn hand_poll_over(&self) {
        self.shared
            .call_to_poll(self.shared.group_index(self.index));
    }

    pub(super) fn drop_queued(&self) {
        drop(self.remote().slot.take());
        while let Some(task) = self.deque.pop() {
            drop(task);
        }
    }

    /// Gives all tasks to the others.
    pub(super) fn hand_in(&self) {
        self.shared.free_slot(self.index);
        while let Some(task) = self.deque.pop() {
            self.shared.push(task);
        }
    }
}
