//! One hop: a call that blocks, on a thread made for such calls, and the way back.

use std::io;

use crate::raw_task::{JoinError, JoinHandle, Meta};
use crate::scheduler::{AtShutdown, context, shutting_down};

/// Makes the call and waits for its answer. If the future is dropped, a call that has begun
/// runs to its end, and what it answers with is dropped.
pub(super) async fn hop<R: Send + 'static>(
    call: impl FnOnce() -> io::Result<R> + Send + 'static,
) -> io::Result<R> {
    let started = start(call, AtShutdown::Cancel)?;
    landed(started.await)?
}

/// Sets off without waiting. Fails if the runtime is shutting down or has no thread for the call,
/// which is not made then.
pub(super) fn start<R: Send + 'static>(
    call: impl FnOnce() -> R + Send + 'static,
    at_shutdown: AtShutdown,
) -> io::Result<JoinHandle<R>> {
    context::current().try_spawn_blocking(call, Meta::here(None), at_shutdown)
}

/// The answer of a call, or why there is none.
pub(super) fn landed<R>(joined: Result<R, JoinError>) -> io::Result<R> {
    joined.map_err(|error| match error.try_into_panic() {
        Ok(payload) => std::panic::resume_unwind(payload),
        Err(_) => shutting_down(),
    })
}
