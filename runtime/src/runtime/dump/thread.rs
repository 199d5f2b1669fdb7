//! One thread.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::Doing;
use crate::raw_task::Id;
use crate::scheduler::ThreadSeen;

/// A thread of a runtime, as a [`Dump`](super::Dump) has found it.
///
/// # Examples
///
/// ```
/// use std::sync::mpsc;
/// use runtime::{Builder, runtime::dump::ThreadState};
///
/// let rt = Builder::new_multi_thread().worker_threads(1).build().unwrap();
/// let (release, blocked) = mpsc::channel::<()>();
/// let (begin, has_begun) = mpsc::channel();
/// let stuck = rt.spawn(async move {
///     begin.send(()).unwrap();
///     blocked.recv() // blocks its thread
/// });
/// has_begun.recv().unwrap();
/// let dump = rt.handle().dump();
/// let thread = dump.threads().iter().find(|thread| thread.task() == Some(stuck.id())).unwrap();
/// assert_eq!(thread.state(), ThreadState::Polls);
/// println!("{thread}"); // rt-worker-0 polls task 1
/// drop(release);
/// ```
#[derive(Clone, Debug)]
pub struct Thread {
    seen: ThreadSeen,
}

/// What a [`Thread`] was doing.
///
/// # Examples
///
/// Which blocking closures run, and for how long:
///
/// ```
/// use runtime::{Handle, runtime::dump::ThreadState};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let handle = Handle::current();
/// let dump = runtime::task::spawn_blocking(move || handle.dump()).await.unwrap();
/// let runs = |thread: &&runtime::runtime::dump::Thread| thread.state() == ThreadState::RunsClosure;
/// let thread = dump.threads().iter().find(runs).unwrap();
/// println!("{} for {:?}", thread.closure_location().unwrap(), thread.elapsed().unwrap());
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThreadState {
    /// It polls a task.
    Polls,
    /// It is between two tasks: it searches for one, or looks after timers and sockets.
    Schedules,
    /// It sleeps until there is a task to run.
    Sleeps,
    /// It is not needed, and ends when that has lasted for a while.
    Spare,
    /// It is in [`block_in_place`](crate::task::block_in_place); others run the tasks meanwhile.
    BlocksInPlace,
    /// It goes on with the poll of a task that was in [`block_in_place`](crate::task::block_in_place) for so long that
    /// another thread runs the tasks now.
    Overtaken,
    /// It runs a closure of [`spawn_blocking`](crate::task::spawn_blocking).
    RunsClosure,
}

impl Thread {
    pub(super) fn new(seen: ThreadSeen) -> Thread {
        Thread { seen }
    }

    /// Returns its name; `None` for the thread that drives a current-thread runtime, which is not the runtime's own.
    pub fn name(&self) -> Option<&str> {
        self.seen.name.as_deref()
    }

    /// Returns what it was doing.
    pub fn state(&self) -> ThreadState {
        match self.seen.doing {
            Doing::Polls(_) => ThreadState::Polls,
            Doing::Schedules => ThreadState::Schedules,
            Doing::Sleeps => ThreadState::Sleeps,
            Doing::Waits => ThreadState::Spare,
            Doing::BlocksInPlace(_) => ThreadState::BlocksInPlace,
            Doing::PollsWithoutSeat(_) => ThreadState::Overtaken,
            Doing::RunsJob(..) => ThreadState::RunsClosure,
        }
    }

    /// Returns the id of the task or the closure that it was in.
    pub fn task(&self) -> Option<Id> {
        match self.seen.doing {
            Doing::Polls(task) => Some(task),
            Doing::BlocksInPlace(task) | Doing::PollsWithoutSeat(task) => task,
            Doing::RunsJob(closure, _) => closure,
            Doing::Schedules | Doing::Sleeps | Doing::Waits => None,
        }
    }

    /// Returns the line that handed over the closure that it was in.
    pub fn closure_location(&self) -> Option<&'static Location<'static>> {
        match self.seen.doing {
            Doing::RunsJob(_, location) => Some(location),
            _ => None,
        }
    }

    /// Returns for how long it had been doing that, if that is known.
    ///
    /// For a poll that is as long as it was watched: `None` if it is short, and on a current-thread runtime, which is
    /// watched only if the program has asked for [reports](crate::runtime::Builder::on_stall).
    pub fn elapsed(&self) -> Option<Duration> {
        self.seen.since
    }
}

impl fmt::Display for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or("the thread in block_on"))?;
        f.write_str(match self.state() {
            ThreadState::Polls => " polls",
            ThreadState::Schedules => " is between two tasks",
            ThreadState::Sleeps => " sleeps until there is a task",
            ThreadState::Spare => " is not needed",
            ThreadState::BlocksInPlace => " is in block_in_place",
            ThreadState::Overtaken => " goes on after block_in_place, overtaken by another,",
            ThreadState::RunsClosure => " runs the blocking closure",
        })?;
        match (self.task(), self.closure_location()) {
            (Some(closure), Some(location)) => write!(f, " {closure} from {location}")?,
            (Some(task), None) => write!(f, " task {task}")?,
            (None, _) => {}
        }
        let elapsed = self.elapsed();
        elapsed.map_or(Ok(()), |elapsed| write!(f, ", for {elapsed:.1?}"))
    }
}
