//! Tokens that ask tasks to stop.
//!
//! A cancellation is a mark and a call: [`node`] sets the one and then makes the other, and whoever waits has made its
//! [`Wait`](super::notify::Wait) before it looks at the mark.

mod children;
mod guard;
mod node;
mod run;
mod wait;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::panic::{RefUnwindSafe, UnwindSafe};

pub use guard::{DropGuard, DropGuardRef};
use node::Node;
use run::RunUntilCancelled;
pub use wait::{WaitForCancellationFuture, WaitForCancellationFutureOwned};

use crate::primitive::StdArc as Arc;

/// Asks tasks to stop, and tells them that they were asked.
///
/// Clones are one token: cancelling one cancels all. A [child](Self::child_token) is cancelled with its
/// parent, but not the other way round. A cancellation is for ever.
///
/// It stops nothing by itself: tasks look at [`is_cancelled`](Self::is_cancelled), await
/// [`cancelled`](Self::cancelled), or run what may be dropped in
/// [`run_until_cancelled`](Self::run_until_cancelled).
///
/// Tokens form trees of any depth and width. Making, cancelling and dropping one takes a time
/// that does not depend on its siblings, and no stack.
///
/// # Examples
///
/// ```
/// use runtime::sync::CancellationToken;
///
/// #[runtime::main]
/// async fn main() {
///     let stop = CancellationToken::new();
///     let task = runtime::spawn({
///         let stop = stop.child_token();
///         async move {
///             stop.cancelled().await;
///             "cleaned up"
///         }
///     });
///     stop.cancel();
///     assert_eq!(task.await.unwrap(), "cleaned up");
/// }
/// ```
pub struct CancellationToken {
    node: Arc<Node>,
}

impl CancellationToken {
    /// Makes a token that is not cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// assert!(!token.is_cancelled());
    /// ```
    pub fn new() -> Self {
        CancellationToken { node: Node::new() }
    }

    /// Makes a token that is cancelled when this one is, at the latest.
    ///
    /// If this one is cancelled already, the child is so from the start.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let (server, other) = (CancellationToken::new(), CancellationToken::new());
    /// let connection = server.child_token();
    /// connection.cancel();
    /// assert!(!server.is_cancelled());
    /// server.cancel();
    /// assert!(server.child_token().is_cancelled());
    /// assert!(!other.is_cancelled());
    /// ```
    pub fn child_token(&self) -> CancellationToken {
        CancellationToken {
            node: self.node.child(),
        }
    }

    /// Cancels this token, its clones and all tokens below, and wakes who waits for them.
    ///
    /// It goes through the tree token by token: somebody may see some of them cancelled and others not yet.
    /// When it returns, all are.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// let (clone, below) = (token.clone(), token.child_token());
    /// token.cancel();
    /// assert!(clone.is_cancelled());
    /// assert!(below.is_cancelled());
    /// ```
    pub fn cancel(&self) {
        self.node.cancel();
    }

    /// Returns whether the token is cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// let mut rounds = 0;
    /// while !token.is_cancelled() {
    ///     rounds += 1;
    ///     if rounds == 3 {
    ///         token.cancel();
    ///     }
    /// }
    /// assert_eq!(rounds, 3);
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.node.is_cancelled()
    }

    /// Waits until the token is cancelled, which may have been so before.
    ///
    /// It costs no poll budget: a task that has spent its own on other work still hears that it is to
    /// stop.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// let stopping = token.clone();
    /// let task = runtime::spawn(async move {
    ///     stopping.cancelled().await;
    ///     "stopped"
    /// });
    /// token.cancel();
    /// assert_eq!(task.await.unwrap(), "stopped");
    /// # }
    /// ```
    pub fn cancelled(&self) -> WaitForCancellationFuture<'_> {
        WaitForCancellationFuture::new(self)
    }

    /// Waits as [`cancelled`](Self::cancelled) does, with a future that owns the token.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// let waiting = runtime::spawn(token.clone().cancelled_owned());
    /// token.cancel();
    /// waiting.await.unwrap();
    /// # }
    /// ```
    pub fn cancelled_owned(self) -> WaitForCancellationFutureOwned {
        WaitForCancellationFutureOwned::new(self)
    }

    /// Makes a guard that cancels the token when it is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// {
    ///     let _guard = token.clone().drop_guard();
    ///     // whatever happens here, also a panic
    /// }
    /// assert!(token.is_cancelled());
    /// ```
    pub fn drop_guard(self) -> DropGuard {
        DropGuard::new(self)
    }

    /// Makes a guard that borrows the token and cancels it when dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// let token = CancellationToken::new();
    /// {
    ///     let _guard = token.drop_guard_ref();
    ///     // whatever happens here, also an early return
    /// }
    /// assert!(token.is_cancelled());
    /// ```
    pub fn drop_guard_ref(&self) -> DropGuardRef<'_> {
        DropGuardRef::new(self)
    }

    /// Runs a future until it is ready or the token is cancelled; `None` says that it was cancelled.
    ///
    /// If the token is cancelled before, the future is not polled at all. If both happen between two polls, the
    /// future's output is returned.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future, and the cancellation, drop `future`: what is lost is what that one loses.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// assert_eq!(token.run_until_cancelled(async { 1 }).await, Some(1));
    /// token.cancel();
    /// assert_eq!(token.run_until_cancelled(async { 1 }).await, None);
    /// # }
    /// ```
    pub fn run_until_cancelled<F>(&self, future: F) -> impl Future<Output = Option<F::Output>>
    where
        F: Future,
    {
        RunUntilCancelled::new(self, future)
    }

    /// Runs a future as [`run_until_cancelled`](Self::run_until_cancelled) does, and owns the token meanwhile.
    ///
    /// # Cancel safety
    ///
    /// As of [`run_until_cancelled`](Self::run_until_cancelled).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::CancellationToken;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// let endless = token.clone().run_until_cancelled_owned(std::future::pending::<()>());
    /// let task = runtime::spawn(endless);
    /// token.cancel();
    /// assert_eq!(task.await.unwrap(), None);
    /// # }
    /// ```
    pub fn run_until_cancelled_owned<F>(self, future: F) -> impl Future<Output = Option<F::Output>>
    where
        F: Future,
    {
        RunUntilCancelled::new(self, future)
    }
}

impl Clone for CancellationToken {
    /// Makes another handle of the same token.
    fn clone(&self) -> Self {
        self.node.add_handle();
        CancellationToken {
            node: self.node.clone(),
        }
    }
}

impl Drop for CancellationToken {
    fn drop(&mut self) {
        self.node.release();
    }
}

impl Default for CancellationToken {
    fn default() -> Self {
        CancellationToken::new()
    }
}

impl PartialEq for CancellationToken {
    /// Returns whether both are clones of one token.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node)
    }
}

impl Eq for CancellationToken {}

impl Hash for CancellationToken {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.node).hash(state);
    }
}

// No user code runs while the tree changes.
impl UnwindSafe for CancellationToken {}
impl RefUnwindSafe for CancellationToken {}

impl fmt::Debug for CancellationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancellationToken")
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}

#[cfg(test)]
impl CancellationToken {
    /// Whether it has a parent, and how many children.
    fn links(&self) -> (bool, usize) {
        self.node.links()
    }

    #[cfg(not(runtime_loom))]
    fn is_child_of(&self, other: &Self) -> bool {
        self.node.is_child_of(&other.node)
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
#[cfg(all(test, not(runtime_loom)))]
mod tests;
