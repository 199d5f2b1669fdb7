//! The search of a worker that has no task of its own.

use super::worker::Worker;
use crate::raw_task::Notified;
use crate::scheduler::queue::Steal;

impl Worker {
    /// Looks for a task in the others' queues, unless enough workers do so already.
    pub(super) fn search(&self) -> Option<Notified> {
        if self.shared.seats_in_use() == 1 {
            return None;
        }
        if !self.searching.get() {
            self.searching
                .set(self.shared.idle.start_searching(self.index));
        }
        if !self.searching.get() {
            return None;
        }
        self.steal()
            .or_else(|| self.shared.inject.pop_batch(&self.deque))
    }

    /// A search has found a task; the last searcher calls the next if there is more.
    #[cold]
    pub(super) fn end_search(&self) {
        self.searching.set(false);
        if self.shared.idle.work_found(self.index) && self.shared.has_visible_work() {
            self.shared.wake_one();
        }
    }

    /// Takes half of what another has, from a random start so that thieves spread.
    fn steal(&self) -> Option<Notified> {
        let workers = self.shared.seats_in_use();
        let start = self.random.below(workers as u32) as usize;
        let task = (start..start + workers)
            .map(|victim| victim % workers)
            .filter(|&victim| victim != self.index)
            .find_map(|victim| self.steal_from(victim))?;
        self.remote().stats.steals.add(1);
        Some(task)
    }

    fn steal_from(&self, victim: usize) -> Option<Notified> {
        let stealer = &self.shared.workers[victim].stealer;
        loop {
            match stealer.steal_batch_and_pop(&self.deque) {
                Steal::Success(task) => return Some(task),
                Steal::Empty => return None,
                Steal::Retry => {}
            }
        }
    }
}
