//! Tells of stalls on a thread of its own, so that whoever is told may block.
//!
//! The commonest cause of a stuck task is a log that blocks, and what is told of it mostly goes to that log.
//! So the monitor only hands over: into a queue of [`MOST_WAITING`] places, and what finds it full is counted and
//! dropped. The search for the task is the reporter's, too.
//!
//! The thread starts with the first report and ends with the runtime, which does not wait for it.

use std::collections::VecDeque;

use super::stall::Stall;
use crate::current;
use crate::primitive::sync::{Arc, Condvar, Mutex, Weak};
use crate::raw_task::Meta;
use crate::scheduler::{Config, Vigilance};
use crate::util::thread_builder::{start, thread_builder};

/// Reports that wait to be told.
const MOST_WAITING: usize = 64;

#[derive(Debug)]
pub(crate) struct Reporter {
    desk: Mutex<Desk>,
    handed_over: Condvar,
    vigilance: Vigilance,
    thread_name: String,
}

#[derive(Debug, Default)]
struct Desk {
    waiting: VecDeque<Stall>,
    dropped: u64,
    has_thread: bool,
    closed: bool,
}

/// Where the reporter looks a task up.
pub(crate) trait TaskDirectory: Send + Sync + 'static {
    fn meta_of(&self, task: u64) -> Option<Meta>;
}

impl Reporter {
    pub(crate) fn new(config: &Config) -> Arc<Self> {
        Arc::new(Reporter {
            desk: Mutex::new(Desk::default()),
            handed_over: Condvar::new(),
            vigilance: config.vigilance.clone(),
            thread_name: config.reporter_name(),
        })
    }

    /// For the monitor: has a stall told of, soon, if that can be.
    pub(crate) fn hand_over<D: TaskDirectory>(self: &Arc<Self>, stall: Stall, tasks: &Weak<D>) {
        if !self.vigilance.wants_reports() {
            return;
        }
        let mut desk = self.desk.lock();
        if desk.closed {
            return;
        }
        if desk.waiting.len() >= MOST_WAITING {
            desk.dropped += 1;
            return;
        }
        desk.waiting.push_back(stall);
        let has_thread = std::mem::replace(&mut desk.has_thread, true);
        drop(desk);
        if has_thread {
            self.handed_over.notify_one();
        } else if self.start_thread(tasks.clone()).is_err() {
            self.give_up();
        }
    }

    fn start_thread<D: TaskDirectory>(self: &Arc<Self>, tasks: Weak<D>) -> std::io::Result<()> {
        let reporter = self.clone();
        let builder = thread_builder(&|| self.thread_name.clone(), "rt-reporter", None);
        start(builder, Box::new(move || reporter.tell_all(&tasks)))?;
        Ok(())
    }

    /// There is no thread: nobody hears of what waits. The next report tries again.
    #[cold]
    fn give_up(&self) {
        let mut desk = self.desk.lock();
        desk.has_thread = false;
        desk.dropped += desk.waiting.len() as u64;
        let lost = std::mem::take(&mut desk.waiting);
        drop(desk);
        drop(lost);
    }

    fn tell_all<D: TaskDirectory>(&self, tasks: &Weak<D>) {
        // Whoever is told may drop the runtime, which must not wait for the stuck task then.
        let _driving = current::start_driving();
        while let Some(stall) = self.next() {
            if !stall.tell(&self.vigilance, |task| tasks.upgrade()?.meta_of(task)) {
                self.desk.lock().dropped += 1;
            }
        }
    }

    fn next(&self) -> Option<Stall> {
        let mut desk = self.desk.lock();
        loop {
            if desk.closed {
                return None;
            }
            if let Some(stall) = desk.waiting.pop_front() {
                return Some(stall);
            }
            self.handed_over.wait(&mut desk);
        }
    }

    /// Ends the thread, after the report that it is at.
    pub(crate) fn close(&self) {
        let mut desk = self.desk.lock();
        desk.closed = true;
        let waiting = std::mem::take(&mut desk.waiting);
        drop(desk);
        drop(waiting);
        self.handed_over.notify_all();
    }

    /// Reports that nobody was told of, since those before were still being told or the task had ended.
    pub(crate) fn dropped(&self) -> u64 {
        self.desk.lock().dropped
    }
}
