//! Scopes: places that no task spawned in them outlives.
//!
//! There are two, on one list of members. The asynchronous [`scope`] aborts its tasks on leaving and
//! awaits their end; they are `'static`. [`Handle::scope`](crate::runtime::Handle::scope) blocks a
//! thread, and so its tasks may borrow; `borrowing.rs` argues why that is sound, and why it would
//! not be in a future.

mod borrowing;
mod handle;
mod member;
mod owning;
mod shared;

pub use borrowing::BlockingScope;
pub use handle::ScopedJoinHandle;
pub use owning::{Scope, scope};
