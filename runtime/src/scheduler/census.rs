//! Who is there: the live tasks and the threads of a runtime, as they stand, without waiting for any of them.
//!
//! Each task and each thread is seen at one moment of its own; two of them need not fit together.

use std::panic::Location;
use std::time::Duration;

use super::{Handle, current_thread, multi_thread};
use crate::clock;
use crate::raw_task::{Id, LiveTasks, Meta, Phase};
use crate::roster::{self, Post};

/// A task that had not ended.
#[derive(Clone, Debug)]
pub(crate) struct TaskSeen {
    pub(crate) meta: Meta,
    pub(crate) phase: Phase,
}

/// A thread that had not ended.
#[derive(Clone, Debug)]
pub(crate) struct ThreadSeen {
    /// `None` if it is not the runtime's, which does not know its name.
    pub(crate) name: Option<String>,
    pub(crate) doing: Doing,
    /// For how long, as far as that is known.
    pub(crate) since: Option<Duration>,
}

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// It polls this task.
    Polls(Id),
    /// It looks after timers and sockets, searches for tasks, or is between two.
    Schedules,
    /// It sleeps until there is something to do.
    Sleeps,
    /// It waits to be needed.
    Waits,
    /// It blocks, in this task if in one, and lets others have its seat.
    BlocksInPlace(Option<Id>),
    /// It goes on with the poll of this task, and others have its seat.
    PollsWithoutSeat(Option<Id>),
    /// It runs a closure that was handed to the pool.
    RunsJob(Option<Id>, &'static Location<'static>),
}

impl Handle {
    /// The tasks that are alive from the beginning to the end of the call, and maybe others.
    pub(crate) fn tasks_seen(&self) -> Vec<TaskSeen> {
        let mut seen = Vec::new();
        // In a fork a lock may be held by a thread that is not there.
        if self.config().origin.is_here() {
            match self {
                Handle::CurrentThread(shared) => see_all(shared.live(), &mut seen),
                Handle::MultiThread(shared) => {
                    shared.all_live().for_each(|live| see_all(live, &mut seen));
                }
            }
        }
        seen
    }

    /// The threads that run tasks and closures.
    pub(crate) fn threads_seen(&self) -> Vec<ThreadSeen> {
        if !self.config().origin.is_here() {
            return Vec::new();
        }
        let now_ns = clock::now_ns();
        let enlisted = self.config().roster.look();
        let see = |thread: roster::Seen| self.see(thread, now_ns);
        let mut threads: Vec<ThreadSeen> = enlisted.into_iter().map(see).collect();
        if let Handle::CurrentThread(shared) = self {
            threads.extend(driver(shared));
        }
        threads
    }

    fn see(&self, thread: roster::Seen, now_ns: u64) -> ThreadSeen {
        let there_for = Duration::from_nanos(now_ns.saturating_sub(thread.since_ns));
        let (doing, since) = match thread.post {
            Post::Bench => (Doing::Waits, Some(there_for)),
            Post::Seat(seat) => match self {
                Handle::MultiThread(shared) => in_seat(shared, seat),
                Handle::CurrentThread(_) => (Doing::Schedules, None),
            },
            Post::InPlace(task) => (Doing::BlocksInPlace(Id::from_number(task)), Some(there_for)),
            Post::WithoutSeat(task) => {
                let task = Id::from_number(task);
                (Doing::PollsWithoutSeat(task), Some(there_for))
            }
            Post::Job(task, location) => {
                let id = Id::from_number(task);
                (Doing::RunsJob(id, location), Some(there_for))
            }
        };
        ThreadSeen {
            name: Some(thread.name),
            doing,
            since,
        }
    }
}

fn see_all(live: &LiveTasks, seen: &mut Vec<TaskSeen>) {
    live.survey(|meta, phase| {
        if phase != Phase::Ended {
            let meta = meta.clone();
            seen.push(TaskSeen { meta, phase });
        }
    });
}

fn in_seat(shared: &multi_thread::Shared, seat: usize) -> (Doing, Option<Duration>) {
    let poll = in_poll(shared.polled(seat));
    poll.unwrap_or(match shared.is_sleeping(seat) {
        true => (Doing::Sleeps, None),
        false => (Doing::Schedules, None),
    })
}

fn in_poll(polled: Option<(u64, Option<Duration>)>) -> Option<(Doing, Option<Duration>)> {
    let (task, stuck_for) = polled?;
    Some((Doing::Polls(Id::from_number(task)?), stuck_for))
}

/// The thread that drives a current-thread runtime, if one does.
fn driver(shared: &current_thread::Shared) -> Option<ThreadSeen> {
    if !shared.is_driven() {
        return None;
    }
    let poll = in_poll(shared.polled());
    let (doing, since) = poll.unwrap_or(match shared.is_asleep() {
        true => (Doing::Sleeps, None),
        false => (Doing::Schedules, None),
    });
    Some(ThreadSeen {
        name: None,
        doing,
        since,
    })
}
