//! A blocking closure as a task, so that it has an id, a join handle and an outcome like any other.

use std::error::Error;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use crate::blocking::{Job, Pool, SubmitError};
use crate::clock::AdvanceHold;
use crate::primitive::sync::Mutex;
use crate::raw_task::{self, JoinHandle, Meta, Notified, Schedule, Task};
use crate::roster::Post;
use crate::{clock, coop, roster};

/// The pool that runs them.
pub(crate) type BlockingPool = Pool<BlockingJob>;

/// A queued closure.
#[derive(Debug)]
pub(crate) struct BlockingJob {
    task: Notified,
    at_shutdown: AtShutdown,
}

/// What a shutdown does with a closure that no thread has taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtShutdown {
    Cancel,
    /// It is run as if there were no shutdown: somebody relies on it.
    Run,
}

impl Job for BlockingJob {
    fn run(self) {
        let meta = self.task.meta();
        let post = Post::Job(meta.id.get(), meta.location);
        roster::go_to(post, clock::now_ns());
        self.task.run();
        roster::go_to(Post::Bench, clock::now_ns());
    }

    fn cancel(self) {
        self.task.shutdown();
    }

    fn must_run(&self) -> bool {
        self.at_shutdown == AtShutdown::Run
    }
}

/// Runs `f` on a thread of the pool. `hold` keeps a paused clock from jumping meanwhile.
#[track_caller]
pub(super) fn spawn<F, R>(
    pool: &BlockingPool,
    f: F,
    hold: Option<AdvanceHold>,
    meta: Meta,
) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let (job, join) = new(f, hold, meta, AtShutdown::Cancel);
    match pool.submit(job) {
        Ok(()) => {}
        Err(SubmitError::ShutDown(job)) => job.cancel(),
        Err(SubmitError::NoThread(job, error)) => {
            job.cancel();
            panic!("{}", no_thread(&error));
        }
    }
    join
}

/// As [`spawn`], but fails where that one panics, and at once if the pool is shut down.
pub(super) fn try_spawn<F, R>(
    pool: &BlockingPool,
    f: F,
    hold: Option<AdvanceHold>,
    meta: Meta,
    at_shutdown: AtShutdown,
) -> io::Result<JoinHandle<R>>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let (job, join) = new(f, hold, meta, at_shutdown);
    let (job, error) = match pool.submit(job) {
        Ok(()) => return Ok(join),
        Err(SubmitError::ShutDown(job)) => (job, shutting_down()),
        Err(SubmitError::NoThread(job, error)) => {
            (job, io::Error::new(error.kind(), no_thread(&error)))
        }
    };
    job.cancel();
    Err(error)
}

/// Why a blocking call is not made: the runtime ends. It comes inside an [`io::Error`].
#[derive(Debug)]
pub(crate) struct ShuttingDown;

impl fmt::Display for ShuttingDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a blocking call was cancelled: the runtime is shutting down")
    }
}

impl Error for ShuttingDown {}

/// [`ShuttingDown`] as the error of an operation.
pub(crate) fn shutting_down() -> io::Error {
    io::Error::other(ShuttingDown)
}

fn no_thread(error: &io::Error) -> String {
    format!(
        "no thread can be had for a blocking call: {error}: raise the limit of threads or lower \
         `max_blocking_threads`"
    )
}

fn new<F, R>(
    f: F,
    hold: Option<AdvanceHold>,
    meta: Meta,
    at_shutdown: AtShutdown,
) -> (BlockingJob, JoinHandle<R>)
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let call = BlockingCall { call: Some(f) };
    let (task, notified, join) = raw_task::new(call, NoScheduler(Mutex::new(hold)), meta);
    // No live list: what is queued is the pool's to cancel.
    drop(task);
    let job = BlockingJob {
        task: notified,
        at_shutdown,
    };
    (job, join)
}

/// The closure as a future that is ready at its first poll.
struct BlockingCall<F> {
    call: Option<F>,
}

impl<F> Unpin for BlockingCall<F> {}

impl<F: FnOnce() -> R, R> Future for BlockingCall<F> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<R> {
        let call = self.call.take().expect("a blocking call is polled once");
        Poll::Ready(coop::with_unconstrained(call))
    }
}

/// A blocking closure is never woken: it runs once, from the pool's queue.
#[derive(Debug)]
struct NoScheduler(Mutex<Option<AdvanceHold>>);

impl Schedule for NoScheduler {
    const KIND: &'static str = "blocking";

    unsafe fn schedule(_this: NonNull<Self>, task: Notified) {
        unreachable!("{task:?} is a blocking closure and was queued twice");
    }

    unsafe fn reschedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: as here.
        unsafe { Self::schedule(this, task) };
    }

    fn release(&self, _task: &Task) -> bool {
        // Not before the joiner was woken: see `Clock::may_auto_advance`.
        drop(self.0.lock().take());
        false
    }
}
