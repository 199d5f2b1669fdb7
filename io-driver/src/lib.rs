#![doc = include_str!("../README.md")]
// On docs.rs each item says on which systems it is.
#![cfg_attr(docsrs, feature(doc_cfg), doc(auto_cfg(hide(runtime_loom))))]
// `alarm/timer_descriptor.rs` alone has some.
#![deny(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::print_stderr, clippy::print_stdout))]

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly",
)))]
compile_error!(
    "io-driver needs epoll or kqueue: it supports Linux, Android, macOS, iOS, FreeBSD, NetBSD, OpenBSD and DragonFly BSD"
);

mod closed;
mod interest;
mod metrics;
mod primitive;
mod process;
mod ready;
mod ready_event;
mod refused;
mod scheduled_io;
mod table;
mod wakers;

#[cfg_attr(target_os = "linux", path = "alarm/timerfd.rs")]
#[cfg_attr(not(target_os = "linux"), path = "alarm/poll_timeout.rs")]
mod alarm;
mod driver;
mod evented;
#[cfg(unix)]
mod fd_source;
mod handle;
mod registration;

pub use closed::Closed;
pub use driver::{Driver, Turn};
pub use evented::Evented;
#[cfg(unix)]
pub use fd_source::FdSource;
pub use handle::Handle;
pub use interest::Interest;
pub use metrics::Metrics;
pub use mio::event::Source;
#[cfg(unix)]
pub use mio::unix::SourceFd;
pub use ready::Ready;
pub use ready_event::{Direction, ReadyEvent};
pub use registration::Registration;
pub use scheduled_io::Readiness;
