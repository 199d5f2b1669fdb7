//! The CPU time of another thread of this process, where the system tells it.

use crate::primitive::sync::Mutex;

/// Names the worker's thread to the system.
#[derive(Debug, Default)]
pub(super) struct ThreadClock(Mutex<Option<String>>);

impl ThreadClock {
    /// For the thread itself, when it becomes the worker.
    pub(super) fn is_mine(&self) {
        *self.0.lock() = path_of_this_thread();
    }

    /// Nanoseconds that the thread has been on a CPU.
    pub(super) fn cpu_time(&self) -> Option<u64> {
        let path = self.0.lock().clone()?;
        let text = std::fs::read_to_string(path).ok()?;
        text.split_ascii_whitespace().next()?.parse().ok()
    }
}

#[cfg(target_os = "linux")]
fn path_of_this_thread() -> Option<String> {
    let link = std::fs::read_link("/proc/thread-self").ok()?;
    Some(format!("/proc/{}/schedstat", link.to_str()?))
}

#[cfg(not(target_os = "linux"))]
fn path_of_this_thread() -> Option<String> {
    None
}
