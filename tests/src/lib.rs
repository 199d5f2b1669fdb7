//! Black-box tests of the workspace, and of its documents.
//!
//! The library holds what several of the test programs share.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod book;

pub mod alone;
pub mod cancel;
pub mod count;
pub mod event;
pub mod flavor;
pub mod hostile;
#[cfg(target_os = "linux")]
pub mod process;
pub mod reported;
#[cfg(target_os = "linux")]
pub mod sandbox;
pub mod wait;
pub mod watchdog;
