//! Lets hyper run on this runtime: an executor and a timer for `hyper::rt`.
//!
//! [`TcpStream`](crate::net::TcpStream) implements hyper's `rt::Read` and `rt::Write`
//! itself, so a connection needs no adapter: hand the stream to hyper as it is. [`Executor`]
//! spawns what hyper wants to run beside the connection (each HTTP/2 stream, for one), and
//! [`Timer`] keeps hyper's timeouts.
//!
//! # Examples
//!
//! ```
//! use std::convert::Infallible;
//!
//! use hyper::server::conn::http1;
//! use hyper::service::service_fn;
//! use hyper::{Request, Response, body::Incoming};
//! use runtime::net::TcpListener;
//!
//! async fn hello(_: Request<Incoming>) -> Result<Response<String>, Infallible> {
//!     Ok(Response::new("hello\n".to_owned()))
//! }
//!
//! async fn serve(listener: TcpListener) -> std::io::Result<()> {
//!     loop {
//!         let (stream, _) = listener.accept().await?;
//!         let connection = http1::Builder::new()
//!             .timer(runtime::hyper::Timer::new())
//!             .serve_connection(stream, service_fn(hello));
//!         drop(runtime::spawn(connection));
//!     }
//! }
//! ```

mod executor;
#[cfg(test)]
mod tests;
mod timer;

pub use executor::Executor;
pub use timer::Timer;
