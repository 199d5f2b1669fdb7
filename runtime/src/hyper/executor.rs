//! hyper's way to spawn a task here.

/// Spawns hyper's futures on the runtime that the caller is in.
///
/// HTTP/2 connections need one, and so does `hyper_util::server::conn::auto`.
///
/// # Panics
///
/// hyper's call panics where no runtime is running, as [`spawn`](crate::task::spawn) does.
///
/// # Examples
///
/// ```
/// use hyper::server::conn::http2;
///
/// let builder = http2::Builder::new(runtime::hyper::Executor::new());
/// # drop(builder);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Executor {}

impl Executor {
    /// Creates an executor; it holds nothing and can be copied at will.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::hyper::Executor;
    /// use ::hyper::rt::Executor as _;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// Executor::new().execute(async { println!("as a task of this runtime") });
    /// # runtime::task::yield_now().await;
    /// # }
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

impl<F> ::hyper::rt::Executor<F> for Executor
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    // The task's recorded location is then the line in hyper that asked for it, not this one.
    #[track_caller]
    fn execute(&self, future: F) {
        // Dropping the handle detaches the task: hyper has its own channels to what it spawns.
        drop(crate::task::spawn(future));
    }
}
