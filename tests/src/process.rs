//! What the process has open, as Linux tells it, and limits on that.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The number of threads.
#[must_use]
pub fn threads() -> usize {
    fs::read_dir("/proc/self/task").unwrap().count()
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
