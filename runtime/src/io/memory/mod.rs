//! Streams of bytes in memory, with a limit on what lies between writer and reader.

mod duplex;
mod pipe;
mod shared;
mod simplex;

pub use duplex::{DuplexStream, duplex};
pub use simplex::SimplexStream;
#[cfg(feature = "io-util")]
pub use simplex::simplex;
