//! In the place of `backtrace`, where it is switched off.

use std::fmt;

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum Backtrace {}

impl fmt::Display for Backtrace {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
