//! What `runtime` tells of a stuck task, with the user's own functions.

use std::fmt;
use std::sync::mpsc::Receiver;

use runtime::runtime::StallReport;

/// Where the user's code lies: what others have called below it tells less.
const OWN_CODE: &str = "examples/stuck";

/// A report and the innermost functions of the program itself.
pub(crate) struct Shown<'a>(pub(crate) &'a StallReport);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let Some(backtrace) = self.0.backtrace() else {
            return Ok(());
        };
        for (function, place) in own_frames(&backtrace.to_string()).iter().take(3) {
            write!(f, "\n    in {function}, {place}")?;
        }
        Ok(())
    }
}

/// The functions of the program with their lines, innermost first. Closures that were inlined are told
/// by the function around them.
fn own_frames(backtrace: &str) -> Vec<(&str, &str)> {
    let mut frames: Vec<(&str, &str)> = Vec::new();
    let mut function = "";
    for line in backtrace.lines().map(str::trim) {
        let Some(place) = line.strip_prefix("at ") else {
            function = line.split_once(": ").map_or(line, |(_, name)| name);
            continue;
        };
        let Some(begin) = place.find(OWN_CODE) else {
            continue;
        };
        let place = &place[begin..];
        match frames.last_mut() {
            Some(last) if last.1 == place => *last = (function, place),
            _ => frames.push((function, place)),
        }
    }
    frames
}

/// Prints each report; of those on one stall, the first one with functions.
///
/// On a thread of its own: looking names up takes longer than others should be left unwatched.
pub(crate) fn print_all(reports: Receiver<StallReport>) {
    let mut seen = Vec::new();
    for report in reports {
        if seen.contains(&report.task_id()) {
            println!("{report}");
        } else {
            seen.push(report.task_id());
            println!("{}", Shown(&report));
        }
    }
}
