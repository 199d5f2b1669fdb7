//! One line about where the figures come from.

use std::fs;
use std::thread;

/// Describes the machine and how busy it is with other things.
pub(super) fn describe() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let last_minute = load.split_whitespace().next().unwrap_or("unknown");
    format!(
        "{cores} cores, Linux {}, load average before the start {last_minute}\n",
        kernel.trim()
    )
}
