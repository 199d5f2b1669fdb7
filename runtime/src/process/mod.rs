//! Child processes, and their standard streams as asynchronous ones.
//!
//! [`Command`] is [`std::process::Command`] with methods that do not block: [`spawn`](Command::spawn) gives a
//! [`Child`] to wait for, to kill and to talk to, [`output`](Command::output) and [`status`](Command::status)
//! wait for its end.
//!
//! # Examples
//!
//! ```
//! use runtime::process::Command;
//!
//! #[runtime::main]
//! async fn main() -> std::io::Result<()> {
//!     let output = Command::new("echo").arg("hello").output().await?;
//!     assert!(output.status.success());
//!     assert_eq!(output.stdout, b"hello\n");
//!     Ok(())
//! }
//! ```
//!
//! # Children that nobody waits for
//!
//! A child goes on when its [`Child`] is dropped, unless [`Command::kill_on_drop`] is set. In either case it leaves no
//! zombie behind: what has ended is reaped at once, and what has not is handed to a thread named
//! `child-reaper`, which sleeps until it ends. There is one such thread in a process, and only while it has
//! something to wait for. It belongs to no runtime, and so does its work when runtimes end. If the
//! system gives no thread, it is asked again when the next child has ended or is dropped.
//!
//! # What else the process may not do
//!
//! The end of a child can be asked for once. Code that asks for the end of *any* child (`waitpid` with -1) or sets the
//! action of `SIGCHLD` to "ignore" takes it away; [`Child::wait`] fails then. On systems other than Linux, and on a Linux before
//! 5.3 or with a filter that forbids `pidfd_open`, the end is told by `SIGCHLD`. A handler for it that does not call the
//! one it replaces, and a mask that blocks it in every thread, keep us from hearing of it.

// How it hangs together: a `Child` is the handle of a `Running`, a child that is not reaped.
//
//     running ──────── wait, try_wait ────────▶ ended (the `Running` is gone, its status kept)
//        │                                         ▲
//        └── dropped ──▶ orphan ── reaper thread ──┘ (the status is thrown away)
//
// Each arrow takes the child by `&mut` or by value, so one party at a time may reap it. That is what keeps a signal
// from hitting a stranger: the process id cannot be given out again before the child is reaped,
// and who kills it is who would reap it.

mod child;
mod command;
mod end;
mod orphans;
mod output;
mod pidfd;
mod running;
mod stdio;
#[cfg(all(test, not(runtime_loom)))]
mod tests;

pub use child::Child;
pub use command::Command;
pub use stdio::{ChildStderr, ChildStdin, ChildStdout};
