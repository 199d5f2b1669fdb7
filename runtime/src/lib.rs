//! A multi-threaded, work-stealing async runtime for servers.
//!
//! Names, module paths and meaning follow tokio: a program moves over by replacing `tokio::` with
//! `runtime::`.
// On docs.rs each item says which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg), doc(auto_cfg(hide(runtime_loom))))]
#![cfg_attr(runtime_loom, allow(dead_code, unused_imports, unreachable_pub))]
// What is said goes by `util::say`, which does not wait.
#![cfg_attr(not(test), warn(clippy::print_stderr, clippy::print_stdout))]

mod blocking;
mod clock;
mod coop;
mod current;
mod driver;
mod park;
mod primitive;
mod raw_task;
mod scheduler;
mod timer;
mod util;

#[cfg(all(feature = "fs", not(runtime_loom)))]
pub mod fs;
#[cfg(all(feature = "hyper", not(runtime_loom)))]
pub mod hyper;
#[cfg(not(runtime_loom))]
pub mod io;
#[cfg(not(runtime_loom))]
#[doc(hidden)]
pub mod macros;
#[cfg(all(feature = "net", not(runtime_loom)))]
pub mod net;
#[cfg(all(feature = "process", not(runtime_loom)))]
pub mod process;
#[cfg(not(runtime_loom))]
pub mod runtime;
#[cfg(all(feature = "net", not(runtime_loom)))]
pub mod serve;
#[cfg(all(feature = "signal", not(runtime_loom)))]
pub mod signal;
pub mod sync;
pub mod task;
#[cfg(not(runtime_loom))]
pub mod time;

#[cfg(not(runtime_loom))]
pub use runtime::{Builder, Handle, LocalRuntime, Runtime};
#[cfg(not(runtime_loom))]
pub use task::spawn;

#[cfg(feature = "macros")]
pub use runtime_macros::{main, test};
