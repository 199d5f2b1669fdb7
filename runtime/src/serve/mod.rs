//! What a server needs around its connections: a limit to them, and an orderly end.
//!
//! - [`Acceptor`] accepts at most so many connections at a time, and goes on when descriptors run out.
//! - [`Shutdown`] ends a server in phases: accept no more, let what is under way finish, cancel the
//!   rest, say who remains.
//!
//! # Examples
//!
//! ```
//! use futures_lite::AsyncWriteExt;
//! use runtime::net::{TcpListener, TcpStream};
//! use runtime::serve::{Acceptor, Shutdown};
//! use runtime::time::Duration;
//!
//! #[runtime::main]
//! async fn main() -> std::io::Result<()> {
//!     let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1_000);
//!     let shutdown = Shutdown::new();
//! #   drop(TcpStream::connect(acceptor.listener().local_addr()?).await?);
//! #   let ending = shutdown.clone();
//! #   runtime::spawn(async move { runtime::time::sleep(Duration::from_millis(20)).await; ending.start() });
//!
//!     while let Some(accepted) = shutdown.unless_started(acceptor.accept()).await {
//!         let mut connection = accepted?;
//!         shutdown.spawn(format!("connection of {:?}", connection.peer), async move {
//!             let _ = connection.stream.write_all(b"hello\n").await;
//!         });
//!     }
//!
//!     let outcome = shutdown.finish(Duration::from_secs(30)).await;
//!     assert!(outcome.remaining.is_empty());
//!     Ok(())
//! }
//! ```

mod acceptor;
mod listener;
mod overload;
mod shutdown;
mod spare;

pub use acceptor::{Accepted, Acceptor, Slot};
pub use listener::Listener;
pub use overload::{Counts, Overload, Shortage};
pub use shutdown::{Guard, Outcome, Shutdown};
