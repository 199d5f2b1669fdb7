//! The search of a worker that has no task of its own.

use super::worker::Worker;
use crate::raw_task::Notified;
use crate::scheduler::queue::Steal;

impl Worker {
    /// Looks for a task in the others' queues, unless enough workers do so already.
    pub(super) fn search(&self) -> Option<Notified> {
        if self.shared.idle.in_use() == 1 {
            return None;
        }
        let searching = &self.core().searching;
        if !searching.get() {
            searching.set(self.shared.idle.start_searching(self.index()));
        }
        if !searching.get() {
            return None;
        }
        self.steal()
            .or_else(|| self.shared.inject.pop_batch(&self.core().deque))
    }

    /// A search has found a task; the last searcher calls the next if there is more.
    #[cold]
    pub(super) fn end_search(&self) {
        self.core().searching.set(false);
        if self.shared.idle.work_found(self.index()) && self.shared.has_visible_work() {
            self.shared.wake_one();
        }
    }

    /// Takes half of what another has, from a random start so that thieves spread.
    fn steal(&self) -> Option<Notified> {
        let seats = self.shared.idle.in_use();
        let start = self.core().random.below(seats as u32) as usize;
        let task = (start..start + seats)
            .map(|victim| victim % seats)
            .filter(|&victim| victim != self.index())
            .find_map(|victim| self.steal_from(victim))?;
        // The queue was empty.
        self.seat().stats.count_steal(1 + self.core().deque.len());
        Some(task)
    }

    fn steal_from(&self, victim: usize) -> Option<Notified> {
        let stealer = &self.shared.seats.get(victim).stealer;
        loop {
            match stealer.steal_batch_and_pop(&self.core().deque) {
                Steal::Success(task) => return Some(task),
                Steal::Empty => return None,
                Steal::Retry => {}
            }
        }
    }
}
