//! What Linux tells about this process.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// The memory of this process that is resident, in bytes.
pub(super) fn resident_bytes() -> io::Result<u64> {
    // Not `statm`: that is a sum of counters which threads fold in late.
    let rollup = fs::read_to_string("/proc/self/smaps_rollup")?;
    Ok(1024 * number_after(&rollup, "Rss:")?)
}

/// The threads of this process at some moment.
#[derive(Debug)]
pub(super) struct Threads(HashSet<OsString>);

impl Threads {
    /// Lists those of now.
    pub(super) fn now() -> io::Result<Self> {
        let entries = fs::read_dir("/proc/self/task")?;
        let names: io::Result<_> = entries.map(|entry| Ok(entry?.file_name())).collect();
        names.map(Self)
    }

    /// How often the threads started since have gone to sleep so far.
    pub(super) fn sleeps_of_others(&self) -> io::Result<u64> {
        let mut sum = 0;
        for newer in Self::now()?.0.difference(&self.0) {
            let path = Path::new("/proc/self/task").join(newer).join("status");
            sum += number_after(&fs::read_to_string(path)?, "voluntary_ctxt_switches:")?;
        }
        Ok(sum)
    }
}

fn number_after(text: &str, label: &str) -> io::Result<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(label))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("no {label} in /proc")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_must_start_the_line() {
        let status = "nonvoluntary_ctxt_switches:\t7\nvoluntary_ctxt_switches:\t12\n";
        assert_eq!(
            number_after(status, "voluntary_ctxt_switches:").unwrap(),
            12
        );
        assert!(number_after(status, "Rss:").is_err());
    }
}
