//! One facade over the threads, locks and atomics that everything above is built of.
//!
//! Two backends stand behind it: [`real`] (std and parking_lot) and, under `--cfg runtime_loom`,
//! [`model`] (loom). No other file names any of the three (but for two counters that must be
//! static, in `raw_task/id.rs` and `current/fork.rs`), so whatever synchronises in this crate can
//! be model-checked.
//!
//! [`StdArc`] is std's `Arc` in both: the one that public signatures name.

/// Makes a function `const`, but not in a model: loom's types are not made in constants.
macro_rules! const_unless_model {
    ($(#[$attribute:meta])* $visibility:vis const $($function:tt)*) => {
        #[cfg(not(runtime_loom))]
        $(#[$attribute])*
        $visibility const $($function)*

        #[cfg(runtime_loom)]
        $(#[$attribute])*
        $visibility $($function)*
    };
}
pub(crate) use const_unless_model;

pub(crate) use std::sync::Arc as StdArc;

#[cfg(not(runtime_loom))]
mod brief_lock;
#[cfg(not(runtime_loom))]
mod real;
#[cfg(not(runtime_loom))]
pub(crate) use real::{cell, sync, thread};

#[cfg(runtime_loom)]
mod model;
#[cfg(runtime_loom)]
pub(crate) use model::{cell, sync, thread};
