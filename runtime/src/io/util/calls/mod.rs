//! The futures that the methods of the extension traits return. They are public, as the traits are, and have
//! no public names.

mod buf_read;
mod number;
mod read;
mod seek;
mod write;

pub(super) use buf_read::poll_read_until;
pub(super) use buf_read::{FillBuf, ReadLine, ReadUntil};
pub(super) use number::{ReadNumber, WriteNumber};
pub(super) use read::{Read, ReadExact, ReadInto, ReadToEnd, ReadToString};
pub(super) use seek::Seek;
pub(super) use write::{Flush, Shutdown, Write, WriteAll, WriteAllFrom, WriteFrom, WriteVectored};
