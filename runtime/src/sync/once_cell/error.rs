//! Why a cell was not filled.

use std::error::Error;
use std::fmt;

/// Why [`OnceCell::set`](super::OnceCell::set) did not fill the cell; it holds the value.
#[derive(Debug, PartialEq, Eq)]
pub enum SetError<T> {
    /// The cell is full.
    AlreadyInitializedError(T),
    /// Somebody is computing the value.
    InitializingError(T),
}

impl<T> SetError<T> {
    /// Returns whether the cell is full.
    pub fn is_already_init_err(&self) -> bool {
        matches!(self, SetError::AlreadyInitializedError(_))
    }

    /// Returns whether somebody is computing the value.
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
