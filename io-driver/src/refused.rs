//! Calls of the system that a sandbox may refuse, or an old kernel may not have.

use std::io;

/// Makes the error say which call it was, for those that nothing can stand in for.
///
/// "Operation not permitted" alone tells nobody what to permit. Other errors stay as they are.
pub(crate) fn name_call<T>(result: io::Result<T>, call: &str) -> io::Result<T> {
    result.map_err(|error| match is_refusal(&error) {
        true => refused(&error, call),
        false => error,
    })
}

#[cold]
fn refused(error: &io::Error, call: &str) -> io::Error {
    let message = format!(
        "the system call `{call}` is refused ({error}), and no reactor works without it: allow it in \
         the sandbox that this process runs in"
    );
    io::Error::new(error.kind(), message)
}

/// Whether the call itself is refused, rather than the means it takes.
pub(crate) fn is_refusal(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, Unsupported};
    matches!(error.kind(), PermissionDenied | Unsupported)
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_refused_call_is_named_and_another_error_passes() {
        let refused = name_call::<()>(Err(io::ErrorKind::PermissionDenied.into()), "epoll");
        let error = refused.expect_err("it was refused");
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert!(error.to_string().contains("`epoll`"), "{error}");

        let no_descriptor = || io::Error::from_raw_os_error(24);
        let error = name_call::<()>(Err(no_descriptor()), "epoll").expect_err("it is one");
        assert_eq!(error.raw_os_error(), Some(24));
    }
}
