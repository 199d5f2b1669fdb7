//! Why a cell was not filled.

use std::error::Error;
use std::fmt;

/// Why [`OnceCell::set`](super::OnceCell::set) did not fill the cell; it holds the value.
///
/// # Examples
///
/// ```
/// use runtime::sync::{OnceCell, SetError};
///
/// let cell = OnceCell::new_with(Some(1));
/// match cell.set(2) {
///     Err(SetError::AlreadyInitializedError(value)) => assert_eq!(value, 2),
///     other => unreachable!("it was full: {other:?}"),
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum SetError<T> {
    /// The cell is full.
    AlreadyInitializedError(T),
    /// Somebody is computing the value.
    InitializingError(T),
}

impl<T> SetError<T> {
    /// Returns whether the cell is full.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let cell = OnceCell::new_with(Some(1));
    /// assert!(cell.set(2).unwrap_err().is_already_init_err());
    /// ```
    pub fn is_already_init_err(&self) -> bool {
        matches!(self, SetError::AlreadyInitializedError(_))
    }

    /// Returns whether somebody is computing the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let cell = OnceCell::new();
    /// let initialize = cell.get_or_init(|| async {
    ///     assert!(cell.set(2).unwrap_err().is_initializing_err());
    ///     1
    /// });
    /// assert_eq!(*initialize.await, 1);
    /// # }
    /// ```
    pub fn is_initializing_err(&self) -> bool {
        matches!(self, SetError::InitializingError(_))
    }
}

impl<T> fmt::Display for SetError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SetError::AlreadyInitializedError(_) => "the cell is full",
            SetError::InitializingError(_) => "the cell is being filled: await its value",
        })
    }
}

impl<T: fmt::Debug> Error for SetError<T> {}
