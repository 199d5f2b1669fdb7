//! A multi-threaded, work-stealing async runtime for servers, in which a stuck task stops nobody else.
//!
//! Names, module paths and meaning follow tokio. A program moves over by replacing `tokio::` with
//! `runtime::`, or, with all its libraries and no change at all, by the package named `tokio` that the
//! repository has beside this one.
//!
//! # A server
//!
//! It sends back what it receives. On control and C or `SIGTERM` it accepts no more, and gives those who
//! are connected ten seconds:
//!
//! ```no_run
//! use runtime::net::TcpListener;
//! use runtime::serve::Shutdown;
//! use runtime::{io, signal, time::Duration};
//!
//! #[runtime::main]
//! async fn main() -> io::Result<()> {
//!     let listener = TcpListener::bind("127.0.0.1:8080").await?;
//!     let shutdown = Shutdown::new();
//!     let ending = shutdown.clone();
//!     runtime::spawn(async move {
//!         let _ = signal::shutdown_requested().await;
//!         ending.start();
//!     });
//!
//!     while let Some(accepted) = shutdown.unless_started(listener.accept()).await {
//!         let (stream, peer) = accepted?;
//!         shutdown.spawn(format!("echo to {peer}"), async move {
//!             let (mut reader, mut writer) = stream.into_split();
//!             io::copy(&mut reader, &mut writer).await
//!         });
//!     }
//!     shutdown.finish(Duration::from_secs(10)).await;
//!     Ok(())
//! }
//! ```
//!
//! # What you need, and where it is
//!
//! | to | take |
//! |---|---|
//! | start | [`main`](macro@main), [`test`](macro@test), or a [`Builder`] and [`Runtime::block_on`] |
//! | run something beside | [`spawn`]; [`task::spawn_local`] if it is not `Send` |
//! | call what blocks or computes long | [`task::spawn_blocking`], [`task::block_in_place`] |
//! | wait for several | [`join!`], [`try_join!`], [`select!`], [`task::JoinSet`], [`task::scope`] |
//! | wait for a time | [`time::sleep`], [`time::timeout`], [`time::interval`], [`time::DelayQueue`] |
//! | speak over a network | [`net::TcpListener`], [`net::TcpStream`], [`net::UdpSocket`] |
//! | speak on this machine | [`net::UnixStream`], [`net::unix::pipe`], [`process::Command`], [`io::stdin`](fn@io::stdin) |
//! | read and write | [`io::AsyncReadExt`], [`io::AsyncWriteExt`], [`io::BufReader`], [`io::copy`] |
//! | use files | [`fs`] |
//! | share a value | [`sync::Mutex`], [`sync::RwLock`], [`sync::OnceCell`] |
//! | send values | [`sync::mpsc`], [`sync::oneshot`], [`sync::broadcast`], [`sync::watch`] |
//! | limit, notify, cancel | [`sync::Semaphore`], [`sync::Notify`], [`sync::CancellationToken`], [`task::JoinHandle::abort`] |
//! | not take more clients than you can serve | [`serve::Acceptor`] |
//! | end a server | [`serve::Shutdown`], [`signal::shutdown_requested`] |
//! | see what goes on | [`Handle::metrics`], [`Handle::dump`], [`Builder::on_stall`] |
//! | test without waiting | [`time::pause`], [`time::advance`] |
//! | wait for any descriptor | [`io::unix::AsyncFd`] |
//!
//! # Beyond tokio
//!
//! - **Stuck tasks.** After 10 ms in one poll other threads take over what waits behind a task, even if every
//!   worker is stuck. [`Builder::on_stall`] tells which task it is while it lasts: a [`StallReport`](runtime::StallReport).
//! - **[`serve`]**: an acceptor with a limit, which goes on when descriptors run out; an end in phases.
//! - **[`task::scope`]** for tasks that borrow; [`task::JoinMap`], [`task::TaskTracker`],
//!   [`sync::CancellationToken`] and [`time::DelayQueue`], which tokio has in `tokio-util`.
//! - **Short sleeps are short**: on Linux not rounded to milliseconds.
//! - Receivers of [`sync::mpsc`] and signals are `Stream`s of crate `futures-core` themselves.
//!
//! # Features
//!
//! | feature | what you gain |
//! |---|---|
//! | `macros` (default) | `#[runtime::main]`, `#[runtime::test]`; `select!`, `join!`, `try_join!` |
//! | `net` (default) | [`net`], [`serve`] |
//! | `io-util` (default) | the extension traits, adapters and helpers of [`io`]: `read_exact`, `BufReader`, `lines`, `copy` |
//! | `fs` (default) | [`fs`] |
//! | `process` (default) | [`process`] |
//! | `signal` (default) | [`signal`] |
//! | `futures-io` (default) | the traits of crate `futures-io` on all that reads or writes: libraries of the smol family take our streams |
//! | `bytes` | reads into growing buffers: `read_buf`, `try_read_buf`, `recv_buf` |
//! | `tokio-io` | the traits of the real `tokio::io` on the same types: libraries that ask for these alone take our streams |
//! | `hyper` | hyper's I/O traits on the sockets, its executor and its timer |
//! | `tracing` | spans of tasks and events of wakers, in the words that tokio-console reads; an event for each report of a stuck task |
//! | `backtrace` | the functions that a stuck task is in, with `Builder::stall_backtrace` (Linux, x86-64) |
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
mod roster;
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
