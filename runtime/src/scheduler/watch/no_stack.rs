//! In the place of `stack`, where it is switched off or not to be had.

use super::Backtrace;

#[derive(Debug)]
pub(super) struct Stack;

impl Stack {
    pub(super) fn new() -> Self {
        Stack
    }

    pub(super) fn bind(&self) {}

    pub(super) fn unbind(&self) {}

    pub(super) fn ask(&self, _poll: u64) {}

    pub(super) fn take(&self, _poll: u64) -> Option<Backtrace> {
        None
    }
}
