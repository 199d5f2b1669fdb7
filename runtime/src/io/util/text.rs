//! A string that is appended to as bytes, and is one again only if they are UTF-8.

use std::io;

/// The string is empty meanwhile.
#[derive(Debug)]
pub(super) struct Text<'a> {
    string: &'a mut String,
    pub(super) bytes: Vec<u8>,
    /// How many bytes there were in the beginning.
    before: usize,
}

impl<'a> Text<'a> {
    pub(super) fn of(string: &'a mut String) -> Text<'a> {
        let bytes = std::mem::take(string).into_bytes();
        Text {
            before: bytes.len(),
            string,
            bytes,
        }
    }

    /// Gives the string what is there.
    ///
    /// # Errors
    ///
    /// That is no UTF-8, with the [`Utf8Error`](std::str::Utf8Error) in it. The string is as it was in the beginning then.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match String::from_utf8(std::mem::take(&mut self.bytes)) {
            Ok(string) => {
                *self.string = string;
                Ok(())
            }
            Err(error) => {
                let fault = error.utf8_error();
                self.bytes = error.into_bytes();
                self.undo();
                Err(io::Error::new(io::ErrorKind::InvalidData, fault))
            }
        }
    }

    /// Gives the string what it had in the beginning.
    pub(super) fn undo(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.truncate(self.before);
        *self.string = String::from_utf8(bytes).expect("it was a string");
    }
}
