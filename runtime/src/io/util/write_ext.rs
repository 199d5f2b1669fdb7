use std::io::IoSlice;

use bytes::Buf;

use super::calls::{
    Flush, Shutdown, Write, WriteAll, WriteAllFrom, WriteFrom, WriteNumber, WriteVectored,
};
use crate::io::AsyncWrite;

/// The methods that write one number: name, type, encoder.
macro_rules! write_numbers {
    ($($name:ident($number:ty) = $encode:ident, $order:literal;)*) => {$(
        #[doc = concat!("Writes a `", stringify!($number), "`", $order, ".")]
        ///
        /// # Errors
        ///
        /// As [`write_all`](Self::write_all).
        ///
        /// # Cancel safety
        ///
        /// Some of its bytes may have been written when the future is dropped.
        fn $name(&mut self, n: $number) -> WriteNumber<'_, Self, { size_of::<$number>() }>
        where
            Self: Unpin,
        {
            WriteNumber::new(self, n.$encode())
        }
    )*};
}

/// Methods of everything that writes.
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncWriteExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut packet = Vec::new();
/// packet.write_u16(5).await?;
/// packet.write_all(b"hello").await?;
/// assert_eq!(packet, b"\x00\x05hello");
/// # Ok(())
/// # }
/// ```
pub trait AsyncWriteExt: AsyncWrite {
    /// Writes some of the first bytes of `buf`, and answers how many.
    ///
    /// # Errors
    ///
    /// What the writer fails with; nothing is written then.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: it has written nothing then.
    fn write<'a>(&'a mut self, src: &'a [u8]) -> Write<'a, Self>
    where
        Self: Unpin,
    {
        Write { writer: self, src }
    }

    /// As [`write`](Self::write), from several buffers in order.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    ///
    /// # Cancel safety
    ///
    /// As of [`write`](Self::write).
    fn write_vectored<'a, 'b>(&'a mut self, bufs: &'a [IoSlice<'b>]) -> WriteVectored<'a, 'b, Self>
    where
        Self: Unpin,
    {
        WriteVectored { writer: self, bufs }
    }

    /// As [`write`](Self::write), from a buffer of crate `bytes`, which is advanced.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    ///
    /// # Cancel safety
    ///
    /// As of [`write`](Self::write).
    fn write_buf<'a, B>(&'a mut self, src: &'a mut B) -> WriteFrom<'a, Self, B>
    where
        Self: Unpin,
        B: Buf + ?Sized,
    {
        WriteFrom { writer: self, src }
    }

    /// As [`write_all`](Self::write_all), from a buffer of crate `bytes`, which is advanced.
    ///
    /// # Errors
    ///
    /// As [`write_all`](Self::write_all). The buffer tells how much was written before that.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the buffer tells how much was written.
    fn write_all_buf<'a, B>(&'a mut self, src: &'a mut B) -> WriteAllFrom<'a, Self, B>
    where
        Self: Unpin,
        B: Buf + ?Sized,
    {
        WriteAllFrom { writer: self, src }
    }

    /// Writes all of `src`.
    ///
    /// # Errors
    ///
    /// [`WriteZero`](std::io::ErrorKind::WriteZero) if the writer accepts no more, and what it fails with. Some bytes may have been
    /// written before that.
    ///
    /// # Cancel safety
    ///
    /// Some bytes may have been written when the future is dropped; nothing tells how many.
    fn write_all<'a>(&'a mut self, src: &'a [u8]) -> WriteAll<'a, Self>
    where
        Self: Unpin,
    {
        WriteAll { writer: self, src }
    }

    write_numbers! {
        write_u8(u8) = to_be_bytes, "";
        write_i8(i8) = to_be_bytes, "";
        write_u16(u16) = to_be_bytes, ", the most significant byte first";
        write_i16(i16) = to_be_bytes, ", the most significant byte first";
        write_u32(u32) = to_be_bytes, ", the most significant byte first";
        write_i32(i32) = to_be_bytes, ", the most significant byte first";
        write_u64(u64) = to_be_bytes, ", the most significant byte first";
        write_i64(i64) = to_be_bytes, ", the most significant byte first";
        write_u128(u128) = to_be_bytes, ", the most significant byte first";
        write_i128(i128) = to_be_bytes, ", the most significant byte first";
        write_f32(f32) = to_be_bytes, ", the most significant byte first";
        write_f64(f64) = to_be_bytes, ", the most significant byte first";
        write_u16_le(u16) = to_le_bytes, ", the least significant byte first";
        write_i16_le(i16) = to_le_bytes, ", the least significant byte first";
        write_u32_le(u32) = to_le_bytes, ", the least significant byte first";
        write_i32_le(i32) = to_le_bytes, ", the least significant byte first";
        write_u64_le(u64) = to_le_bytes, ", the least significant byte first";
        write_i64_le(i64) = to_le_bytes, ", the least significant byte first";
        write_u128_le(u128) = to_le_bytes, ", the least significant byte first";
        write_i128_le(i128) = to_le_bytes, ", the least significant byte first";
        write_f32_le(f32) = to_le_bytes, ", the least significant byte first";
        write_f64_le(f64) = to_le_bytes, ", the least significant byte first";
    }

    /// Sees to it that all that was written has reached its destination.
    ///
    /// # Errors
    ///
    /// What the writer fails with.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves what was written where it is; another call goes on.
    fn flush(&mut self) -> Flush<'_, Self>
    where
        Self: Unpin,
    {
        Flush { writer: self }
    }

    /// Flushes, and ends the stream for who reads it. Nothing can be written afterwards.
    ///
    /// # Errors
    ///
    /// What the writer fails with.
    ///
    /// # Cancel safety
    ///
    /// Another call goes on.
    fn shutdown(&mut self) -> Shutdown<'_, Self>
    where
        Self: Unpin,
    {
        Shutdown { writer: self }
    }
}

impl<W: AsyncWrite + ?Sized> AsyncWriteExt for W {}
