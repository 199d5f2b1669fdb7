//! The CPU time of another process.

use std::fs;
use std::io;
use std::time::Duration;

/// The time that the threads of a process, living and ended, have spent on a core.
///
/// The kernel tells it in ticks, a hundredth of a second each as a rule.
pub(super) fn of_process(id: u32) -> io::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let invalid = || io::Error::new(io::ErrorKind::InvalidData, "unreadable /proc/<pid>/stat");
    let ticks = ticks_on_core(&stat).ok_or_else(invalid)?;
    let ticks_per_second = rustix::param::clock_ticks_per_second() as f64;
    Ok(Duration::from_secs_f64(ticks as f64 / ticks_per_second))
}

/// Adds up user and system time, the 14th and 15th field.
fn ticks_on_core(stat: &str) -> Option<u64> {
    // The second field is the program's name in parentheses, which may hold anything.
    let (_, from_third_field) = stat.rsplit_once(") ")?;
    let mut fields = from_third_field.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strange_program_name_does_not_shift_the_fields() {
        let stat = "7 (a) b) S 1 7 7 0 -1 0 1 2 3 4 250 40 0 0 20 0 2 0 99";
        assert_eq!(ticks_on_core(stat), Some(290));
        assert_eq!(ticks_on_core("7 (a"), None);
    }

    #[test]
    fn work_shows_in_the_cpu_time() {
        let id = std::process::id();
        let before = of_process(id).unwrap();
        crate::workload::compute_for(Duration::from_millis(50));
        assert!(of_process(id).unwrap() > before);
    }
}
