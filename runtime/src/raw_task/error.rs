//! Why a task has no output.

use std::any::Any;
use std::fmt;

use super::Id;

/// Says why a task ended without an output: it was aborted, or it panicked.
///
/// # Examples
///
/// ```
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let broken = runtime::spawn(async { panic!("boom") }).await.unwrap_err();
/// assert!(broken.is_panic());
/// assert!(broken.to_string().ends_with("panicked with message \"boom\""));
///
/// let endless = runtime::spawn(std::future::pending::<()>());
/// endless.abort();
/// assert!(endless.await.unwrap_err().is_cancelled());
/// # }
/// ```
pub struct JoinError {
    id: Id,
    kind: Kind,
}

enum Kind {
    Cancelled,
    Panicked(Box<dyn Any + Send>),
}

impl JoinError {
    pub(crate) fn cancelled(id: Id) -> Self {
        JoinError {
            id,
            kind: Kind::Cancelled,
        }
    }

    pub(crate) fn panicked(id: Id, payload: Box<dyn Any + Send>) -> Self {
        JoinError {
            id,
            kind: Kind::Panicked(payload),
        }
    }

    /// Returns whether the task was aborted, or its runtime shut down.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.kind, Kind::Cancelled)
    }

    /// Returns whether the task panicked.
    pub fn is_panic(&self) -> bool {
        matches!(self.kind, Kind::Panicked(_))
    }

    /// Takes the panic's payload, to look at it or to pass it on.
    ///
    /// # Panics
    ///
    /// If the task did not panic.
    ///
    /// # Examples
    ///
    /// ```
    /// #[runtime::main]
    /// async fn main() {
    ///     let error = runtime::spawn(async { panic!("boom") }).await.unwrap_err();
    ///     let payload = error.into_panic();
    ///     assert_eq!(payload.downcast_ref::<&str>(), Some(&"boom"));
    /// }
    /// ```
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send + 'static> {
        self.try_into_panic()
            .expect("the task was cancelled and did not panic: ask `is_panic` first")
    }

    /// Takes the panic's payload, or gives the error back if the task did not panic.
    ///
    /// # Errors
    ///
    /// The error itself, if the task was cancelled.
    ///
    /// # Examples
    ///
    /// A panic goes on where the task is awaited:
    ///
    /// ```
    ///
    /// use std::panic::resume_unwind;
    /// use runtime::task::JoinHandle;
    ///
    /// /// The output, or `None` if the task was aborted.
    /// async fn output<T>(task: JoinHandle<T>) -> Option<T> {
    ///     match task.await.map_err(|error| error.try_into_panic()) {
    ///         Ok(output) => Some(output),
    ///         Err(Ok(payload)) => resume_unwind(payload),
    ///         Err(Err(_cancelled)) => None,
    ///     }
    /// }
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert_eq!(output(runtime::spawn(async { 7 })).await, Some(7));
    /// # }
    /// ```
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send + 'static>, JoinError> {
        match self.kind {
            Kind::Panicked(payload) => Ok(payload),
            Kind::Cancelled => Err(self),
        }
    }

    /// Returns the id of the task.
    pub fn id(&self) -> Id {
        self.id
    }

    /// What the panic said, if it was a text.
    fn message(&self) -> Option<&str> {
        let Kind::Panicked(payload) = &self.kind else {
            return None;
        };
        let text = payload.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| payload.downcast_ref::<&'static str>().copied())
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, self.message()) {
            (Kind::Cancelled, _) => write!(f, "task {} was cancelled", self.id),
            (Kind::Panicked(_), Some(text)) => {
                write!(f, "task {} panicked with message {text:?}", self.id)
            }
            (Kind::Panicked(_), None) => write!(f, "task {} panicked", self.id),
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.kind, self.message()) {
            (Kind::Cancelled, _) => write!(f, "JoinError::Cancelled({:?})", self.id),
            (Kind::Panicked(_), Some(text)) => {
                write!(f, "JoinError::Panic({:?}, {text:?}, ...)", self.id)
            }
            (Kind::Panicked(_), None) => write!(f, "JoinError::Panic({:?}, ...)", self.id),
        }
    }
}

// A payload is behind `&` only to be read as text, which a `str` allows from any thread.
// SAFETY: no `&JoinError` gives out the payload itself.
unsafe impl Sync for JoinError {}

impl std::error::Error for JoinError {}

impl From<JoinError> for std::io::Error {
    fn from(error: JoinError) -> Self {
        std::io::Error::other(error)
    }
}
