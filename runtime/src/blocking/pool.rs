//! The pool as the runtime sees it: submit, shut down, wait.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::time::Duration;

use super::config::Config;
use super::desk::Desk;
use super::pool_threads::PoolThreads;
use super::state::{Fallback, Metrics, Offer};
use super::worker;
use crate::primitive::sync::Arc;
use crate::primitive::thread::{JoinHandle, Thread};
use crate::util::panic::contain;

/// Something that blocks a thread for a while. One of the two is called, once.
pub(crate) trait Job: Send + 'static {
    /// Does the work, on a thread of the pool.
    fn run(self);

    /// The pool was shut down first: tells whoever waits. Called by whoever shuts it down.
    fn cancel(self);

    /// Whether a shutdown leaves it to the threads of the pool to run, instead of cancelling it.
    fn must_run(&self) -> bool {
        false
    }
}

/// Why a job was not accepted; the job comes back.
#[derive(Debug)]
pub(crate) enum SubmitError<J> {
    /// The pool is shut down.
    ShutDown(J),
    /// No thread could be created, and none exists that could take the job later.
    NoThread(J, io::Error),
}

/// A pool of threads for jobs that block; a clone is another handle to it.
///
/// Dropping the handles ends nothing: threads leave when they have had no work for the keep-alive
/// time.
pub(crate) struct Pool<J: Job> {
    inner: Arc<Inner<J>>,
}

pub(super) struct Inner<J: Job> {
    pub(super) config: Config,
    pub(super) desk: Desk<J>,
    pub(super) threads: PoolThreads,
}

impl<J: Job> Inner<J> {
    pub(super) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl<J: Job> Pool<J> {
    /// Makes a pool without threads.
    ///
    /// # Panics
    ///
    /// If `max_threads` is zero.
    pub(crate) fn new(config: Config) -> Self {
        let inner = Inner {
            desk: Desk::new(config.max_threads),
            threads: PoolThreads::default(),
            config,
        };
        Pool {
            inner: Arc::new(inner),
        }
    }

    /// Queues a job and makes sure that a thread takes it, creating one if none is idle.
    pub(crate) fn submit(&self, job: J) -> Result<(), SubmitError<J>> {
        match self.inner.desk.offer(job) {
            Offer::Queued(sleeper) => accepted(sleeper),
            Offer::ThreadWanted(job) => self.submit_with_new_thread(job),
            Offer::Refused(job) => Err(SubmitError::ShutDown(job)),
        }
    }

    #[cold]
    fn submit_with_new_thread(&self, mut job: J) -> Result<(), SubmitError<J>> {
        loop {
            if let Err(error) = self.start_thread() {
                return self.submit_to_present_threads(job, error);
            }
            job = match self.inner.desk.thread_created(job) {
                Offer::Queued(sleeper) => return accepted(sleeper),
                Offer::ThreadWanted(job) => job,
                Offer::Refused(job) => return Err(SubmitError::ShutDown(job)),
            };
        }
    }

    #[cold]
    fn submit_to_present_threads(&self, job: J, error: io::Error) -> Result<(), SubmitError<J>> {
        match self.inner.desk.creation_failed(job) {
            Fallback::Queued(sleeper) => accepted(sleeper),
            Fallback::Refused(job) => Err(SubmitError::ShutDown(job)),
            Fallback::NoThread { job, stranded } => {
                cancel_all(stranded);
                Err(SubmitError::NoThread(job, error))
            }
        }
    }

    fn start_thread(&self) -> io::Result<()> {
        let inner = self.inner.clone();
        let builder = inner.config.thread_builder();
        self.inner
            .threads
            .enlist(builder, |id| worker::live(inner, id))
    }

    /// Cancels the queued jobs, but for those that must run, and lets the threads end after these
    /// and the jobs that they run.
    pub(crate) fn shutdown(&self) {
        let cancelled = self.inner.desk.close(J::must_run, || self.start_thread());
        cancel_all(cancelled);
    }

    /// Waits after [`shutdown`](Self::shutdown) until all threads have left the pool; says whether they
    /// have. They may still drop thread-local values of the user's.
    ///
    /// On a thread of this pool that cannot come true: the answer is `false` at once.
    pub(crate) fn wait(&self, timeout: Option<Duration>) -> bool {
        !self.runs_here() && self.inner.desk.wait(timeout)
    }

    /// The thread that left last. To join it is to join all, and sees their very ends.
    pub(crate) fn take_last_thread(&self) -> Option<JoinHandle<()>> {
        self.inner.threads.take_last()
    }

    /// Whether this thread is one of the pool's.
    pub(crate) fn runs_here(&self) -> bool {
        worker::belongs_to(self.inner.address())
    }

    /// [`wait`](Self::wait) without the question who asks: loom's threads
    /// share std's thread-locals.
    #[cfg(all(test, runtime_loom))]
    pub(super) fn await_end(&self) {
        assert!(self.inner.desk.wait(None));
        if let Some(thread) = self.take_last_thread() {
            thread.join().expect("a thread of the pool does not unwind");
        }
    }

    pub(crate) fn metrics(&self) -> Metrics {
        self.inner.desk.metrics()
    }
}

impl<J: Job> Clone for Pool<J> {
    fn clone(&self) -> Self {
        Pool {
            inner: self.inner.clone(),
        }
    }
}

impl<J: Job> fmt::Debug for Pool<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("config", &self.inner.config)
            .field("metrics", &self.metrics())
            .finish()
    }
}

fn accepted<J>(sleeper: Option<Thread>) -> Result<(), SubmitError<J>> {
    if let Some(thread) = sleeper {
        thread.unpark();
    }
    Ok(())
}

fn cancel_all<J: Job>(jobs: VecDeque<J>) {
    for job in jobs {
        contain(|| job.cancel());
    }
}
