//! Looks at all tasks of a list, while others come and go.
//!
//! Every spawn and every end waits for the list's lock, so a survey takes it for [`SLICE`] tasks at a time. It turns
//! the list by what it has seen: a new task enters at the front, so those at the back have been in the list
//! from the beginning, and after as many steps as there were tasks each of them has been seen or is gone.
//! The tasks know nothing of it: neither a spawn nor an end has anything to do for a survey that may be under way.
//!
//! Rejected: a cursor in the list, which every end would have to compare itself with; and a counted
//! reference to where the survey is, which an end that takes itself for unshared does not expect.

use std::hint;
use std::ops::ControlFlow;

use super::LiveTasks;
use crate::raw_task::header::Header;
use crate::raw_task::{Meta, Phase};

/// Tasks looked at under the lock at a time: some ten microseconds, if none is in a cache.
pub(super) const SLICE: usize = 128;

/// Some microseconds.
const SPINS: u32 = 256;

impl LiveTasks {
    /// What a task can be told apart by, if it was in this list when the search began and has not ended since.
    pub(crate) fn meta_of(&self, id: u64) -> Option<Meta> {
        self.find(|meta| meta.id.get() == id, give_way)
    }

    /// Shows each task that is in this list from now until the end of the survey, and maybe others that come or go
    /// meanwhile; one may be shown twice if others have ended. `see` is called under the list's lock.
    pub(crate) fn survey(&self, mut see: impl FnMut(&Meta, Phase)) {
        self.look_through(
            |task| {
                see(&task.meta, task.state.load().phase());
                ControlFlow::Continue(())
            },
            give_way,
        );
    }

    pub(super) fn find(
        &self,
        is_wanted: impl Fn(&Meta) -> bool,
        between: impl FnMut(),
    ) -> Option<Meta> {
        let mut found = None;
        let look = |task: &Header| match is_wanted(&task.meta) {
            true => {
                found = Some(task.meta.clone());
                ControlFlow::Break(())
            }
            false => ControlFlow::Continue(()),
        };
        self.look_through(look, between);
        found
    }

    /// Calls `between` whenever it has let go of the lock and will take it again.
    fn look_through(
        &self,
        mut look: impl FnMut(&Header) -> ControlFlow<()>,
        mut between: impl FnMut(),
    ) {
        let _alone = self.survey.lock();
        let mut left = self.len();
        while left > 0 {
            if self.look_at(left.min(SLICE), &mut look).is_break() {
                return;
            }
            left = left.saturating_sub(SLICE);
            between();
        }
    }

    fn look_at(
        &self,
        tasks: usize,
        look: &mut impl FnMut(&Header) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut answer = ControlFlow::Continue(());
        self.inner.lock().tasks.turn(tasks, |task| {
            if answer.is_continue() {
                // SAFETY: what is in the list is live while the list is locked.
                answer = look(unsafe { task.as_ref() });
            }
        });
        answer
    }
}

/// Whoever spins for the lock shall get it in between: a pause about as long as a slice.
///
/// To yield the thread would give its time to whoever computes, some milliseconds for each slice: beside stuck tasks,
/// which is when somebody asks, a survey would take a hundred times as long.
fn give_way() {
    for _ in 0..SPINS {
        hint::spin_loop();
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use std::cell::Cell;
    use std::future::pending;
    use std::ptr::NonNull;
    use std::sync::Arc;

    use super::super::LiveTasks;
    use super::SLICE;
    use crate::raw_task::{self, Meta, Notified, Schedule, Task};

    /// A list of tasks that nobody runs.
    #[derive(Clone)]
    struct Listed(Arc<LiveTasks>);

    impl Schedule for Listed {
        unsafe fn schedule(_this: NonNull<Self>, task: Notified) {
            unreachable!("{task:?} is never woken");
        }

        unsafe fn reschedule(_this: NonNull<Self>, task: Notified) {
            unreachable!("{task:?} never wakes itself");
        }

        fn release(&self, task: &Task) -> bool {
            self.0.remove(task)
        }
    }

    impl Listed {
        fn new() -> Self {
            Listed(Arc::new(LiveTasks::new()))
        }

        fn spawn(&self) -> Notified {
            let meta = Meta::here(None);
            let (task, notified, _) = raw_task::new(pending::<()>(), self.clone(), meta);
            assert!(self.0.insert(task).is_ok());
            notified
        }

        fn spawn_many(&self, count: usize) -> Vec<Notified> {
            (0..count).map(|_| self.spawn()).collect()
        }
    }

    fn end(tasks: Vec<Notified>) {
        tasks.into_iter().for_each(Notified::shutdown);
    }

    #[test]
    fn a_search_among_very_many_takes_the_lock_for_a_slice_at_a_time() {
        const TASKS: usize = 200_000;
        let live = Listed::new();
        let tasks = live.spawn_many(TASKS);
        for wanted in [0, SLICE - 1, SLICE, TASKS / 2, TASKS - 1] {
            let id = tasks[wanted].meta().id;
            let (in_slice, in_all) = (Cell::new(0), Cell::new(0));
            let is_wanted = |meta: &Meta| {
                in_slice.set(in_slice.get() + 1);
                in_all.set(in_all.get() + 1);
                assert!(in_slice.get() <= SLICE, "too long under the lock");
                meta.id == id
            };
            let found = live.0.find(is_wanted, || in_slice.set(0));
            assert_eq!(found.expect("it is there").id, id);
            assert!(in_all.get() <= TASKS);
        }
        let nobody = live.0.find(|_| false, || {});
        assert!(nobody.is_none());
        assert_eq!(live.0.len(), TASKS);
        end(tasks);
        assert_eq!(live.0.len(), 0);
    }

    #[test]
    fn a_task_is_found_while_others_come_and_go_in_between() {
        const TASKS: usize = 40 * SLICE;
        for wanted in [0, 1, SLICE, TASKS / 2, TASKS - 2, TASKS - 1] {
            let live = Listed::new();
            let mut tasks = live.spawn_many(TASKS);
            let task = tasks.swap_remove(wanted);
            let id = task.meta().id;
            let mut news = Vec::new();
            let mut slices = 0;
            let found = live.0.find(
                |meta| meta.id == id,
                || {
                    slices += 1;
                    // As many come as are looked at, and others go from anywhere.
                    news.extend(live.spawn_many(SLICE));
                    let gone = tasks.len().saturating_sub(slices * 7 % 60);
                    end(tasks.split_off(gone));
                    end(news.drain(..slices.min(news.len())).collect());
                },
            );
            assert_eq!(found.expect("it has not ended").id, id);
            assert!(slices <= TASKS / SLICE, "{slices} slices");
            end(tasks);
            end(news);
            end(vec![task]);
            assert_eq!(live.0.len(), 0);
        }
    }

    #[test]
    fn a_search_ends_though_all_that_it_looks_at_end() {
        let live = Listed::new();
        let mut tasks = live.spawn_many(4 * SLICE);
        let found = live.0.find(|_| false, || end(std::mem::take(&mut tasks)));
        assert!(found.is_none());
        assert_eq!(live.0.len(), 0);
    }
}
