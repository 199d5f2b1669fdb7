//! Questions that need no handle.

use std::io;

use crate::scheduler::{ShuttingDown, context};

/// Returns which worker of its runtime this thread is, from 0 to
/// [`num_workers`](super::RuntimeMetrics::num_workers) less one.
///
/// `None` for all other threads: that in `block_on` of a multi-threaded runtime, those of the blocking pool,
/// spare workers that stand in for a stuck one, and a thread in [`block_in_place`](crate::task::block_in_place),
/// until the end of its poll if another has taken its place. On a current-thread runtime it is 0 for the thread
/// that drives it. After an `.await` or `block_in_place` the answer may be another.
///
/// # Examples
///
/// ```
/// #[runtime::main(flavor = "multi_thread", worker_threads = 2)]
/// async fn main() {
///     let worker = runtime::spawn(async { runtime::runtime::worker_index() });
///     println!("ran on worker {:?}", worker.await.unwrap());
/// }
/// ```
pub fn worker_index() -> Option<usize> {
    context::try_current()?.worker_index()
}

/// Returns whether an error says that a runtime has shut down: that in which a socket was registered, or that whose
/// threads would have served a file, a standard stream or the look-up of a name.
///
/// # Examples
///
/// ```
/// use runtime::net::TcpListener;
/// use runtime::runtime::{Runtime, is_rt_shutdown_err};
///
/// let rt = Runtime::new().unwrap();
/// let listener = rt.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
/// drop(rt);
///
/// let other = Runtime::new().unwrap();
/// let error = other.block_on(listener.accept()).unwrap_err();
/// assert!(is_rt_shutdown_err(&error));
/// ```
pub fn is_rt_shutdown_err(error: &io::Error) -> bool {
    io_driver::Closed::of(error).is_some_and(|closed| closed.is_shutdown())
        || error
            .get_ref()
            .is_some_and(|error| error.is::<ShuttingDown>())
}
