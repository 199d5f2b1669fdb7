//! What can be done with any reader and writer.

mod append;
mod buf_read_ext;
mod buf_reader;
mod buf_stream;
mod buf_writer;
mod calls;
mod chain;
mod copy;
mod copy_buf;
mod empty;
mod forward;
mod join;
mod lines;
mod piece;
mod read_ext;
mod repeat;
#[cfg(test)]
mod script;
mod seek_ext;
mod sink;
mod split;
mod split_bytes;
mod take;
mod text;
mod turns;
mod write_ext;

pub use buf_read_ext::AsyncBufReadExt;
pub use buf_reader::BufReader;
pub use buf_stream::BufStream;
pub use buf_writer::BufWriter;
pub use chain::Chain;
pub use copy::copy;
pub use copy_buf::copy_buf;
pub use empty::{Empty, empty};
pub use join::{Join, join};
pub use lines::Lines;
pub use read_ext::AsyncReadExt;
pub use repeat::{Repeat, repeat};
pub use seek_ext::AsyncSeekExt;
pub use sink::{Sink, sink};
pub use split::{ReadHalf, WriteHalf, split};
pub use split_bytes::Split;
pub use take::Take;
pub use write_ext::AsyncWriteExt;
