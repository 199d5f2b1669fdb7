//! What the process has open, as Linux tells it, and limits on that.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The number of threads.
#[must_use]
pub fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
}

/// Asserts that so many threads are left.
///
/// The system counts a thread for a moment after it could be joined.
///
/// # Panics
///
/// If they are not in ten seconds.
#[track_caller]
pub fn assert_threads(expected: usize) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while threads() != expected && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(threads(), expected, "{:?}", voluntary_switches());
}

/// The number of open descriptors.
#[must_use]
pub fn descriptors() -> usize {
    // The directory that is read is one itself.
    fs::read_dir("/proc/self/fd").unwrap().count() - 1
}

/// The address space in use, in bytes.
#[must_use]
pub fn address_space() -> u64 {
    let kilobytes = field(&fs::read_to_string("/proc/self/status").unwrap(), "VmSize:");
    kilobytes * 1024
}

/// How often each thread has gone to sleep of its own accord, with the name of the thread.
#[must_use]
pub fn voluntary_switches() -> Vec<(String, u64)> {
    let mut switches = Vec::new();
    for task in fs::read_dir("/proc/self/task").unwrap() {
        // A thread may end meanwhile.
        if let Ok(status) = fs::read_to_string(task.unwrap().path().join("status")) {
            let name = status.lines().next().unwrap().replace("Name:\t", "");
            switches.push((name, field(&status, "voluntary_ctxt_switches:")));
        }
    }
    switches.sort();
    switches
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Lowers a limit of this process. Only for a test that is [`alone`](crate::alone).
///
/// # Panics
///
/// If the system refuses.
pub fn limit(resource: Resource, to: u64) {
    let now = getrlimit(resource);
    let lowered = Rlimit {
        current: Some(to),
        ..now
    };
    setrlimit(resource, lowered).unwrap();
}

/// Takes the limit away again, as far as the system lets us.
///
/// # Panics
///
/// If the system refuses.
pub fn lift(resource: Resource) {
    let now = getrlimit(resource);
    let lifted = Rlimit {
        current: now.maximum,
        ..now
    };
    setrlimit(resource, lifted).unwrap();
}
