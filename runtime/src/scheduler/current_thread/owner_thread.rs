//! The owner thread of a local runtime: the one thread that polls and drops its tasks, so that
//! they need not be `Send`.
//!
//! Its owner, [`LocalRuntime`](crate::runtime::LocalRuntime), is neither `Send` nor `Sync`, while
//! handles, wakers and abort handles go anywhere. What happens to a future, and where:
//!
//! - *It is spawned* by the owner: `spawn_local` compares threads. Elsewhere only
//!   `spawn` is left, whose futures are `Send`.
//! - *It is polled* by the thread that drives, in `Shared::block_on`. Only the owner calls that;
//!   `Handle::block_on` does not drive.
//! - *It is dropped* when its last poll ends, by the thread that drives, or when it is cancelled:
//!   by that thread, too, or by `Shared::shut_down`, which only the owner calls. A spawn that comes
//!   later drops its future on the spot, on the owner thread.
//! - *A wake or an abort* from elsewhere pushes a reference to the injector and touches no future.
//!
//! So what other threads do is to drop references, and with the last one the task. No future is
//! left in it, and no output that is not `Send`:
//!
//! - The count reaches zero only after completion, which has dropped the future on the owner thread.
//! - The output belongs to the join handle, which takes or drops it before it gives up its
//!   reference; a handle is `Send` only if the output is. If the handle went first, the completing
//!   thread drops the output, before it gives up its own reference.
//! - The injector is closed when all tasks have left the live list, each complete by then. What a
//!   late pusher drains from it are references to complete tasks, its own included.
//! - A task keeps `Shared` alive, with the queues in it. The owner does, too, and empties them
//!   before it goes: whoever drops `Shared` finds no task there.
//!
//! A runtime that is leaked is never shut down: its live list keeps its tasks for ever. No other
//! thread inherits them when the owner ends, as a [`ThreadId`] is never used again. A runtime in a
//! thread-local is dropped among the last acts of its owner. If that is amid a poll, by way of
//! `std::process::exit`, the polled task stays as it is: it is in no queue, and the poll's
//! reference is never given up.

use std::thread::{self, ThreadId};

/// What `spawn_local` says where the runtime is not local, or where there is none.
pub(crate) const NO_LOCAL_RUNTIME: &str = "`spawn_local` called from outside of a `task::LocalSet` or \
     `runtime::LocalRuntime`: call it inside `LocalSet::run_until`, `LocalRuntime::block_on` or \
     `#[runtime::main(flavor = \"local\")]`";

/// Which threads may drive a current-thread runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerThread {
    /// All, one after the other: tasks are `Send`.
    Any,
    /// This one.
    Only(ThreadId),
}

impl OwnerThread {
    pub(crate) fn here() -> OwnerThread {
        OwnerThread::Only(thread::current().id())
    }

    pub(super) fn may_drive_here(self) -> bool {
        self == OwnerThread::Any || self == OwnerThread::here()
    }

    /// Returns if this thread is the owner thread of a local runtime.
    ///
    /// # Panics
    ///
    /// If the runtime is not local, or if this is another thread.
    #[track_caller]
    pub(super) fn expect_here(self) {
        match self {
            OwnerThread::Any => panic!("{NO_LOCAL_RUNTIME}"),
            OwnerThread::Only(_) if self == OwnerThread::here() => {}
            OwnerThread::Only(_) => panic!(
                "this is not the thread of the local runtime that it has entered: use `spawn` with \
                 a future that is `Send`, or call `spawn_local` on the thread that built the runtime"
            ),
        }
    }
}
