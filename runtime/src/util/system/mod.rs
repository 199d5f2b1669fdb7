//! The few calls of the system that neither the standard library nor mio offers without buffers or ownership.
//!
//! Errors are the system's, `EINTR` among them where a function does not say that it tries again.

pub(crate) mod bytes;
#[cfg(feature = "net")]
pub(crate) mod pipes;
pub(crate) mod readiness;

use std::io;

/// What a call returned, or the error that it has left: such calls answer with -1 then.
fn outcome<N: TryInto<usize>>(returned: N) -> io::Result<usize> {
    returned.try_into().map_err(|_| io::Error::last_os_error())
}

/// Tries again as long as a signal interrupts the call.
pub(crate) fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests;
