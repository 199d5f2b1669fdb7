//! How long another thread of this process has had something to compute, where the system tells it.

use crate::primitive::sync::Mutex;

/// Names the worker's thread to the system.
#[derive(Debug, Default)]
pub(super) struct ThreadClock(Mutex<Option<String>>);

impl ThreadClock {
    /// For the thread itself, when it becomes the worker.
    pub(super) fn is_mine(&self) {
        *self.0.lock() = path_of_this_thread();
    }

    /// Nanoseconds that the thread has been on a CPU or ready for one: with more threads than cores, one
    /// that computes gets its share only.
    pub(super) fn computing_time(&self) -> Option<u64> {
        let path = self.0.lock().clone()?;
        let text = std::fs::read_to_string(path).ok()?;
        let mut times = text.split_ascii_whitespace();
        let on_cpu: u64 = times.next()?.parse().ok()?;
        let ready: u64 = times.next()?.parse().ok()?;
        Some(on_cpu + ready)
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
