//! How many workers, and what the threads are called.

use std::env::{self, VarError};
use std::io;

use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::util::thread_builder::ThreadName;

/// What may say how many workers there are; the first that is set counts. The second is for programs that came from tokio, whose
/// settings say it so.
const VARIABLES: [&str; 2] = ["RUNTIME_WORKER_THREADS", "TOKIO_WORKER_THREADS"];

/// The number of workers when the program does not say: what the environment says, or one for each
/// core that this process may use (affinity and cgroup quota included).
pub(super) fn default_workers() -> io::Result<usize> {
    match VARIABLES
        .iter()
        .find_map(|name| said_by(name, env::var(name)))
    {
        Some(said) => said,
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}

fn said_by(name: &str, value: Result<String, VarError>) -> Option<io::Result<usize>> {
    match value {
        Ok(text) => Some(parse(name, &text)),
        Err(VarError::NotPresent) => None,
        Err(VarError::NotUnicode(text)) => Some(Err(refused(name, &text.to_string_lossy()))),
    }
}

fn parse(name: &str, text: &str) -> io::Result<usize> {
    match text.trim().parse() {
        Ok(0) | Err(_) => Err(refused(name, text)),
        Ok(workers) => Ok(workers),
    }
}

fn refused(name: &str, text: &str) -> io::Error {
    let message =
        format!("{name} is {text:?}: set it to a number of threads above zero, or unset it");
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

/// `rt-worker-0`, `rt-worker-1` and so on: Linux shows 15 bytes.
pub(super) fn numbered(prefix: &str, kind: &str) -> ThreadName {
    let prefix = format!("{prefix}-{kind}-");
    let next = AtomicUsize::new(0);
    Arc::new(move || format!("{prefix}{}", next.fetch_add(1, Ordering::Relaxed)))
}

#[cfg(test)]
mod tests {
    use super::{numbered, parse};

    #[test]
    fn a_number_of_workers_is_above_zero() {
        assert_eq!(parse("X", " 3 ").unwrap(), 3);
        for text in ["0", "", "four", "-1"] {
            let error = parse("WORKERS", text).unwrap_err().to_string();
            assert!(error.starts_with("WORKERS is"), "{error}");
        }
    }

    #[test]
    fn names_are_numbered_and_short() {
        let name = numbered("rt", "worker");
        assert_eq!(name(), "rt-worker-0");
        assert_eq!(name(), "rt-worker-1");
        assert!(name().len() <= 15);
    }
}
