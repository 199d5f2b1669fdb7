//! The standard streams of the process.
//!
//! They are shared: with other parts of the program, and with the processes from which
//! they are inherited. So their mode is never changed; a descriptor in non-blocking mode would break
//! whoever else has it. [`stdin`](fn@stdin) waits in the reactor and reads when it would not block; what
//! cannot be watched, and all that is written, goes through the blocking pool.

mod output;
mod pooled_reads;
mod stderr;
mod stdin;
mod stdout;
mod target;

pub use stderr::{Stderr, stderr};
pub use stdin::{Stdin, stdin};
pub use stdout::{Stdout, stdout};
