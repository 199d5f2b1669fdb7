//! The extension traits and helpers of `futures-lite`, which work on any reader and writer.

#[doc(no_inline)]
pub use futures_lite::StreamExt;
#[doc(no_inline)]
pub use futures_lite::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt, BoxedReader, BoxedWriter,
    BufReader, BufWriter, Bytes, Chain, Cursor, Empty, Lines, ReadHalf, Repeat, Sink, Split, Take,
    WriteHalf, copy, empty, repeat, sink, split,
};
