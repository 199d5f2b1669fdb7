//! What a server needs around its connections: a limit to them, and an orderly end.
//!
//! - [`Acceptor`] accepts at most so many connections at a time, and goes on when descriptors run out.
//! - [`Shutdown`] ends a server in phases.
//!
//! # Places
//!
//! An acceptor has as many *places* as it may serve connections at a time. Each [`Connection`] owns one: it is
//! the stream and its place in one value. A place is
//!
//! - *reserved* by a call of [`accept`](Acceptor::accept) that waits for a connection, and free again if that is
//!   dropped;
//! - *held* by the connection that has come, until the `Connection` is dropped, or the last
//!   of the halves into which it was [split](Connection::into_split). The stream is closed first;
//! - *free* else. Those who wait for a free place get them in the order in which they came.
//!
//! [`active`](Acceptor::active) counts the places that are held: the connections being served, not who waits.
//!
//! # The end
//!
//! 1. *Start.* Nobody begins anything new: [`unless_started`](Shutdown::unless_started) ends the accept loop
//!    and the wait for the next request.
//! 2. *Finish.* What is under way goes on, up to a deadline. Under way is what has a [`Guard`] or
//!    was spawned by [`Shutdown::spawn`].
//! 3. *Cancel.* What is left is dropped at its next suspension point, and frees its place by that.
//! 4. *Outcome.* A second later who remains is named.
//!
//! # Examples
//!
//! ```
//! use runtime::io::AsyncWriteExt;
//! use runtime::net::{TcpListener, TcpStream};
//! use runtime::serve::{Acceptor, Shutdown};
//! use runtime::time::Duration;
//!
//! #[runtime::main]
//! async fn main() -> std::io::Result<()> {
//!     let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1_000);
//!     let shutdown = Shutdown::new();
//! #   drop(TcpStream::connect(acceptor.local_addr()?).await?);
//! #   let ending = shutdown.clone();
//! #   runtime::spawn(async move { runtime::time::sleep(Duration::from_millis(20)).await; ending.start() });
//!
//!     while let Some(accepted) = shutdown.unless_started(acceptor.accept()).await {
//!         let (mut connection, peer) = accepted?;
//!         shutdown.spawn(format!("connection of {peer}"), async move {
//!             let _ = connection.write_all(b"hello\n").await;
//!         });
//!     }
//!
//!     let outcome = shutdown.finish(Duration::from_secs(30)).await;
//!     assert!(outcome.remaining.is_empty());
//!     Ok(())
//! }
//! ```

mod acceptor;
mod bad_times;
mod connection;
mod guarded;
mod listener;
mod overload;
mod places;
mod remedy;
mod shutdown;
mod spare;

pub use acceptor::Acceptor;
pub use connection::Connection;
pub use listener::Listener;
pub use overload::{Counts, Overload, Shortage};
pub use places::Place;
pub use shutdown::{Guard, Outcome, Shutdown};
