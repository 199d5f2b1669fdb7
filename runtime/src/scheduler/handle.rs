//! One handle over both schedulers.

use std::io;

use crate::clock::{AdvanceHold, Clock};
use crate::driver::Timers;
use crate::primitive::sync::{Arc, OnceLock, Weak};
use crate::raw_task::{JoinHandle, Meta};
use crate::scheduler::{
    AtShutdown, BlockingPool, Config, block_on_here, blocking_task, current_thread, multi_thread,
};

/// A counted reference to a scheduler.
#[derive(Clone, Debug)]
pub(crate) enum Handle {
    CurrentThread(Arc<current_thread::Shared>),
    MultiThread(Arc<multi_thread::Shared>),
}

/// A reference that does not keep the scheduler alive.
#[derive(Clone, Debug)]
pub(crate) enum WeakHandle {
    CurrentThread(Weak<current_thread::Shared>),
    MultiThread(Weak<multi_thread::Shared>),
}

/// The clock of every multi-threaded runtime.
static REAL_CLOCK: OnceLock<Arc<Clock>> = OnceLock::new();

impl Handle {
    /// # Panics
    ///
    /// If this process is a fork of the one that the runtime lives in; so do all that spawn.
    #[inline]
    #[track_caller]
    pub(crate) fn assert_not_forked(&self) {
        self.config().origin.assert_here();
    }

    #[inline]
    #[track_caller]
    pub(crate) fn spawn<F>(&self, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.assert_not_forked();
        match self {
            Handle::CurrentThread(shared) => shared.spawn(future, meta),
            Handle::MultiThread(shared) => shared.spawn(future, meta),
        }
    }

    /// Spawns a future that never leaves this thread.
    ///
    /// # Panics
    ///
    /// Unless the runtime is local and this is its thread.
    #[track_caller]
    pub(crate) fn spawn_local<F>(&self, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        self.assert_not_forked();
        match self {
            Handle::CurrentThread(shared) => shared.spawn_local(future, meta),
            Handle::MultiThread(_) => panic!("{}", current_thread::NO_LOCAL_RUNTIME),
        }
    }

    /// Whether [`spawn_local`](Self::spawn_local) works here.
    pub(crate) fn may_spawn_local(&self) -> bool {
        match self {
            Handle::CurrentThread(shared) => shared.is_home_here(),
            Handle::MultiThread(_) => false,
        }
    }

    #[track_caller]
    pub(crate) fn spawn_blocking<F, R>(&self, f: F, meta: Meta) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        self.assert_not_forked();
        blocking_task::spawn(self.blocking(), f, self.advance_hold(), meta)
    }

    /// As [`spawn_blocking`](Self::spawn_blocking), for those who answer with an error if there is
    /// no thread, or no pool any more.
    #[track_caller]
    pub(crate) fn try_spawn_blocking<F, R>(
        &self,
        f: F,
        meta: Meta,
        at_shutdown: AtShutdown,
    ) -> io::Result<JoinHandle<R>>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        self.assert_not_forked();
        blocking_task::try_spawn(self.blocking(), f, self.advance_hold(), meta, at_shutdown)
    }

    fn advance_hold(&self) -> Option<AdvanceHold> {
        match self {
            Handle::CurrentThread(shared) => Some(AdvanceHold::new(shared.clock().clone())),
            Handle::MultiThread(_) => None,
        }
    }

    /// Runs `future` to its end on this thread, and the tasks if there is no thread of theirs.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        match self {
            Handle::CurrentThread(shared) if shared.may_drive_here() => shared.block_on(future),
            _ => block_on_here(future),
        }
    }

    /// Runs `f`, which blocks, on a thread that runs tasks.
    ///
    /// # Panics
    ///
    /// If there is no other thread to run them.
    #[track_caller]
    pub(crate) fn block_in_place<R>(&self, f: impl FnOnce() -> R) -> R {
        match self {
            Handle::CurrentThread(_) => panic!(
                "this runtime has no other thread to go on with: use `spawn_blocking`, or a \
                 multi-threaded runtime"
            ),
            Handle::MultiThread(shared) => shared.block_in_place(f),
        }
    }

    pub(crate) fn io(&self) -> &io_driver::Handle {
        match self {
            Handle::CurrentThread(shared) => shared.io(),
            Handle::MultiThread(shared) => shared.io(),
        }
    }

    pub(crate) fn timers(&self) -> &Arc<Timers> {
        match self {
            Handle::CurrentThread(shared) => shared.timers(),
            Handle::MultiThread(shared) => shared.timers(),
        }
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        match self {
            Handle::CurrentThread(shared) => shared.clock(),
            Handle::MultiThread(_) => REAL_CLOCK.get_or_init(|| Arc::new(Clock::real())),
        }
    }

    pub(crate) fn blocking(&self) -> &BlockingPool {
        match self {
            Handle::CurrentThread(shared) => shared.blocking(),
            Handle::MultiThread(shared) => shared.blocking(),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        match self {
            Handle::CurrentThread(shared) => shared.config(),
            Handle::MultiThread(shared) => shared.config(),
        }
    }

    /// Which of the workers this thread is; the thread that drives a current-thread scheduler is the first.
    pub(crate) fn worker_index(&self) -> Option<usize> {
        match self {
            Handle::CurrentThread(shared) => shared.drives_here().then_some(0),
            Handle::MultiThread(shared) => shared.worker_index(),
        }
    }

    /// An address that tells one scheduler from another while both live.
    pub(crate) fn address(&self) -> usize {
        match self {
            Handle::CurrentThread(shared) => Arc::as_ptr(shared).addr(),
            Handle::MultiThread(shared) => Arc::as_ptr(shared).addr(),
        }
    }

    pub(crate) fn downgrade(&self) -> WeakHandle {
        match self {
            Handle::CurrentThread(shared) => WeakHandle::CurrentThread(Arc::downgrade(shared)),
            Handle::MultiThread(shared) => WeakHandle::MultiThread(Arc::downgrade(shared)),
        }
    }
}

impl WeakHandle {
    pub(crate) fn upgrade(&self) -> Option<Handle> {
        match self {
            WeakHandle::CurrentThread(shared) => shared.upgrade().map(Handle::CurrentThread),
            WeakHandle::MultiThread(shared) => shared.upgrade().map(Handle::MultiThread),
        }
    }
}
