//! What is to be done about an error of `accept`.

use std::io;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// It concerned one connection, which is gone.
    Next,
    /// There is no room for a connection now.
    Pause,
    /// There is none: the listener itself is broken, or the fault unknown.
    GiveUp,
}

/// Follows Linux's accept(2).
///
/// | errors | the page says |
/// |---|---|
/// | `ENETDOWN`, `EPROTO`, `ENOPROTOOPT`, `EHOSTDOWN`, `ENONET`, `EHOSTUNREACH`, `EOPNOTSUPP`, `ENETUNREACH` | faults of the new connection, passed on by accept: "treat them like `EAGAIN` by retrying" |
/// | `ECONNABORTED`, `EINTR`, `EPERM` | the connection was aborted; a signal came; a firewall forbids the connection |
/// | `ESOCKTNOSUPPORT`, `EPROTONOSUPPORT`, `ETIMEDOUT` | what "various kernels" say besides of the protocol |
/// | `EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`, `ENOSR` | no descriptor or no memory is left |
///
/// `ENOSPC` is of epoll_ctl(2): the user watches as many descriptors as the system allows. `ECONNRESET` is what
/// the BSDs say for `ECONNABORTED`. The rest, such as `EBADF`, `EINVAL` and `ENOTSOCK`, is the listener's own.
pub(super) fn remedy_for(error: &io::Error) -> Remedy {
    match error.raw_os_error() {
        Some(number) => remedy_for_number(number),
        None => remedy_for_kind(error.kind()),
    }
}

fn remedy_for_number(number: i32) -> Remedy {
    match number {
        libc::EMFILE | libc::ENFILE | libc::ENOBUFS | libc::ENOMEM | libc::ENOSPC => Remedy::Pause,
        libc::ECONNABORTED
        | libc::ECONNRESET
        | libc::EHOSTDOWN
        | libc::EHOSTUNREACH
        | libc::EINTR
        | libc::ENETDOWN
        | libc::ENETUNREACH
        | libc::ENOPROTOOPT
        | libc::EOPNOTSUPP
        | libc::EPERM
        | libc::EPROTO
        | libc::EPROTONOSUPPORT
        | libc::ESOCKTNOSUPPORT
        | libc::ETIMEDOUT => Remedy::Next,
        #[cfg(any(target_os = "linux", target_os = "android"))]
        libc::ENONET => Remedy::Next,
        #[cfg(any(target_os = "linux", target_os = "android"))]
        libc::ENOSR => Remedy::Pause,
        _ => Remedy::GiveUp,
    }
}

/// For listeners that make up their errors, as one on top of another may do.
fn remedy_for_kind(kind: io::ErrorKind) -> Remedy {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, OutOfMemory, TimedOut};
    match kind {
        ConnectionAborted | ConnectionReset | Interrupted | TimedOut => Remedy::Next,
        OutOfMemory => Remedy::Pause,
        _ => Remedy::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::{Remedy, remedy_for};
    use std::io::{Error, ErrorKind};

    #[track_caller]
    fn assert_all(numbers: &[i32], remedy: Remedy) {
        for &number in numbers {
            let error = Error::from_raw_os_error(number);
            assert_eq!(remedy_for(&error), remedy, "{error}");
        }
    }

    #[test]
    fn faults_of_one_connection_are_passed_over() {
        let of_the_new_connection = [
            libc::ENETDOWN,
            libc::EPROTO,
            libc::ENOPROTOOPT,
            libc::EHOSTDOWN,
            libc::EHOSTUNREACH,
            libc::EOPNOTSUPP,
            libc::ENETUNREACH,
        ];
        assert_all(&of_the_new_connection, Remedy::Next);
        let aborted = [libc::ECONNABORTED, libc::ECONNRESET, libc::EINTR];
        assert_all(&aborted, Remedy::Next);
        let of_the_protocol = [
            libc::EPERM,
            libc::ESOCKTNOSUPPORT,
            libc::EPROTONOSUPPORT,
            libc::ETIMEDOUT,
        ];
        assert_all(&of_the_protocol, Remedy::Next);
        #[cfg(target_os = "linux")]
        assert_all(&[libc::ENONET], Remedy::Next);
    }

    #[test]
    fn a_want_of_descriptors_or_memory_makes_a_pause() {
        let exhausted = [
            libc::EMFILE,
            libc::ENFILE,
            libc::ENOBUFS,
            libc::ENOMEM,
            libc::ENOSPC,
        ];
        assert_all(&exhausted, Remedy::Pause);
        #[cfg(target_os = "linux")]
        assert_all(&[libc::ENOSR], Remedy::Pause);
    }

    #[test]
    fn a_broken_listener_is_given_up() {
        let broken = [libc::EBADF, libc::EINVAL, libc::ENOTSOCK, libc::EFAULT];
        assert_all(&broken, Remedy::GiveUp);
    }

    #[test]
    fn errors_without_a_number_count_by_their_kind() {
        let remedy = |kind: ErrorKind| remedy_for(&Error::new(kind, "made up"));
        assert_eq!(remedy(ErrorKind::ConnectionAborted), Remedy::Next);
        assert_eq!(remedy(ErrorKind::OutOfMemory), Remedy::Pause);
        assert_eq!(remedy(ErrorKind::Other), Remedy::GiveUp);
    }
}
