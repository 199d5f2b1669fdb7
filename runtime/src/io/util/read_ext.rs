use bytes::BufMut;

use super::append::Memory;
use super::calls::{Read, ReadExact, ReadInto, ReadNumber, ReadToEnd, ReadToString};
use super::text::Text;
use super::{Chain, Take, chain, take};
use crate::io::{AsyncRead, ReadBuf};

/// The methods that read one number: name, type, decoder.
macro_rules! read_numbers {
    ($($name:ident -> $number:ty = $decode:ident, $order:literal;)*) => {$(
        #[doc = concat!("Reads a `", stringify!($number), "`", $order, ".")]
        ///
        /// # Errors
        ///
        /// As [`read_exact`](Self::read_exact).
        ///
        /// # Cancel safety
        ///
        /// What was read is lost when the future is dropped.
        fn $name(&mut self) -> ReadNumber<'_, Self, $number, { size_of::<$number>() }>
        where
            Self: Unpin,
        {
            ReadNumber::new(self, <$number>::$decode)
        }
    )*};
}

/// Methods of everything that reads.
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncReadExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut packet = &b"\x00\x05hello, and more"[..];
/// let len = packet.read_u16().await?;
/// let mut text = String::new();
/// packet.take(len.into()).read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # Ok(())
/// # }
/// ```
pub trait AsyncReadExt: AsyncRead {
    /// Makes a reader that goes on with `next` when this one has ended.
    fn chain<R>(self, next: R) -> Chain<Self, R>
    where
        Self: Sized,
        R: AsyncRead,
    {
        chain::chain(self, next)
    }

    /// Reads some bytes to the front of `buf`, and answers how many: 0 if the stream has ended, or if `buf` is empty.
    ///
    /// # Errors
    ///
    /// What the reader fails with; nothing is read then.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: it has read nothing then.
    fn read<'a>(&'a mut self, buf: &'a mut [u8]) -> Read<'a, Self>
    where
        Self: Unpin,
    {
        Read { reader: self, buf }
    }

    /// As [`read`](Self::read), appending to a buffer of crate `bytes`, which is advanced. Also to a vector, which grows.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    ///
    /// # Cancel safety
    ///
    /// As of [`read`](Self::read).
    fn read_buf<'a, B>(&'a mut self, buf: &'a mut B) -> ReadInto<'a, Self, B>
    where
        Self: Unpin,
        B: BufMut + ?Sized,
    {
        ReadInto { reader: self, buf }
    }

    /// Fills `buf`, and answers its length.
    ///
    /// # Errors
    ///
    /// [`UnexpectedEof`](std::io::ErrorKind::UnexpectedEof) if the stream ends before, and what the reader fails with. What was
    /// read before that is in `buf`.
    ///
    /// # Cancel safety
    ///
    /// How much was read is lost when the future is dropped.
    fn read_exact<'a>(&'a mut self, buf: &'a mut [u8]) -> ReadExact<'a, Self>
    where
        Self: Unpin,
    {
        ReadExact {
            reader: self,
            buf: ReadBuf::new(buf),
        }
    }

    read_numbers! {
        read_u8 -> u8 = from_be_bytes, "";
        read_i8 -> i8 = from_be_bytes, "";
        read_u16 -> u16 = from_be_bytes, ", the most significant byte first";
        read_i16 -> i16 = from_be_bytes, ", the most significant byte first";
        read_u32 -> u32 = from_be_bytes, ", the most significant byte first";
        read_i32 -> i32 = from_be_bytes, ", the most significant byte first";
        read_u64 -> u64 = from_be_bytes, ", the most significant byte first";
        read_i64 -> i64 = from_be_bytes, ", the most significant byte first";
        read_u128 -> u128 = from_be_bytes, ", the most significant byte first";
        read_i128 -> i128 = from_be_bytes, ", the most significant byte first";
        read_f32 -> f32 = from_be_bytes, ", the most significant byte first";
        read_f64 -> f64 = from_be_bytes, ", the most significant byte first";
        read_u16_le -> u16 = from_le_bytes, ", the least significant byte first";
        read_i16_le -> i16 = from_le_bytes, ", the least significant byte first";
        read_u32_le -> u32 = from_le_bytes, ", the least significant byte first";
        read_i32_le -> i32 = from_le_bytes, ", the least significant byte first";
        read_u64_le -> u64 = from_le_bytes, ", the least significant byte first";
        read_i64_le -> i64 = from_le_bytes, ", the least significant byte first";
        read_u128_le -> u128 = from_le_bytes, ", the least significant byte first";
        read_i128_le -> i128 = from_le_bytes, ", the least significant byte first";
        read_f32_le -> f32 = from_le_bytes, ", the least significant byte first";
        read_f64_le -> f64 = from_le_bytes, ", the least significant byte first";
    }

    /// Appends to `buf` all that comes until the stream ends, and answers how many bytes.
    ///
    /// # Errors
    ///
    /// What the reader fails with. What was read before that is in `buf`.
    ///
    /// # Cancel safety
    ///
    /// What was read is in `buf` when the future is dropped; how much that is, its length tells.
    fn read_to_end<'a>(&'a mut self, buf: &'a mut Vec<u8>) -> ReadToEnd<'a, Self>
    where
        Self: Unpin,
    {
        ReadToEnd {
            reader: self,
            memory: Memory::of(buf),
            bytes: buf,
            read: 0,
        }
    }

    /// Appends to `buf` all that comes until the stream ends, and answers how many bytes.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](std::io::ErrorKind::InvalidData) if that is no UTF-8, and what the reader fails with. `buf` is as it was then.
    ///
    /// # Cancel safety
    ///
    /// What was read is lost when the future is dropped, and `buf` is empty.
    fn read_to_string<'a>(&'a mut self, buf: &'a mut String) -> ReadToString<'a, Self>
    where
        Self: Unpin,
    {
        let text = Text::of(buf);
        ReadToString {
            reader: self,
            memory: Memory::of(&text.bytes),
            text,
            read: 0,
        }
    }

    /// Makes a reader that ends after `limit` bytes.
    fn take(self, limit: u64) -> Take<Self>
    where
        Self: Sized,
    {
        take::take(self, limit)
    }
}

impl<R: AsyncRead + ?Sized> AsyncReadExt for R {}
